"""Limits of a funnel plot: where shares lie by chance alone while everybody is at the centre."""

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray

#: Of a hundred agents at the centre one lies outside once in five funnels.
LEVEL = 0.998


def funnel_limits(centre: float, n: FloatArray, *, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """The limits within which a share of *n* cases lies with chance *level*, were its rate the *centre*.

    Parameters
    ----------
    centre : float in (0, 1), the rate of all together
    n : float array [k], cases, above 0; fractions where a design gives effective numbers
    level : float in (0, 1), chance to lie within, half of the rest on each side

    Returns
    -------
    (low, high), shares in [0, 1], [k] each: binomial quantiles at real numbers of cases, so that the curve has no
    steps. Where even the last whole number is likelier than its tail, that side reaches to the edge.

    Raises
    ------
    ValueError : *centre*, *n* or *level* out of range.

    References
    ----------
    Spiegelhalter 2005, doi:10.1002/sim.1970.

    >>> [limit.round(3).tolist() for limit in funnel_limits(0.95, np.array([100.0, 1000.0]))]
    [[0.867, 0.927], [1.0, 0.97]]
    """
    if not (0 < centre < 1 and bool((n > 0).all()) and 0 < level < 1):
        raise ValueError(f"a centre and a level within 0..1 and n above 0, not {centre}, {level}, {n}")
    tail = (1 - level) / 2
    return _lower(centre, n, tail), 1 - _lower(1 - centre, n, tail)


def funnel_curve(centre: float, fewest: int, most: int, *, points: int = 40) -> list[tuple[int, float, float]]:
    """(n, low, high) at about *points* whole numbers from *fewest* to *most* + 1, as `funnel_limits` has them.

    >>> [(n, round(low, 3)) for n, low, _ in funnel_curve(0.95, 30, 99, points=2)]
    [(30, 0.777), (100, 0.867)]
    """
    steps = np.unique(np.linspace(fewest, most + 1, points).round())
    curves = zip(steps.tolist(), *(limit.tolist() for limit in funnel_limits(centre, steps)), strict=True)
    return [(int(n), low, high) for n, low, high in curves]


def _lower(centre: float, n: FloatArray, tail: float) -> FloatArray:
    """The shares under which *tail* of the chance lies; the binomial's cdf at real k is a beta integral."""
    low, high = np.zeros(n.size), np.array(n, dtype=np.float64)
    for _ in range(50):
        middle = (low + high) / 2
        is_under = scipy.special.betainc(n - middle, middle + 1, 1 - centre) < tail
        low, high = np.where(is_under, middle, low), np.where(is_under, high, middle)
    return np.where((1 - centre) ** n >= tail, 0.0, low / n)
