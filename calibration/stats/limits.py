"""Limits of a funnel plot: where shares lie by chance alone while everybody is at the centre."""

import numpy as np
import scipy  # its parts load at their first use, not with the web

#: Of a hundred agents at the centre one lies outside once in five funnels.
LEVEL = 0.998


def funnel_limits(centre: float, n: float, *, level: float = LEVEL) -> tuple[float, float]:
    """The limits within which a share of *n* cases lies with chance *level*, were its rate the *centre*.

    Parameters
    ----------
    centre : float in (0, 1), the rate of all together
    n : cases, above 0; a fraction where a design gives an effective number
    level : float in (0, 1), chance to lie within, half of the rest on each side

    Returns
    -------
    (low, high), shares in [0, 1]: binomial quantiles at real numbers of cases, so that the curve has no steps. A side
    on which even the last whole number is likelier than its tail reaches to the edge.

    Raises
    ------
    ValueError : *centre*, *n* or *level* out of range.

    References
    ----------
    Spiegelhalter 2005, doi:10.1002/sim.1970.

    >>> [round(x, 3) for x in funnel_limits(0.95, 100)]
    [0.867, 1.0]
    """
    if not (0 < centre < 1 and n > 0 and 0 < level < 1):
        raise ValueError(f"a centre and a level within 0..1 and n above 0, not {centre}, {level}, {n}")
    tail = (1 - level) / 2
    return _lower(centre, n, tail), 1 - _lower(1 - centre, n, tail)


def _lower(centre: float, n: float, tail: float) -> float:
    """The share under which *tail* of the chance lies; the binomial's cdf at real k is a beta integral."""
    least = (1 - centre) ** n
    if least >= tail:
        return 0.0
    low, high = 0.0, float(n)
    for _ in range(60):
        middle = (low + high) / 2
        chance = scipy.special.betainc(n - middle, middle + 1, 1 - centre) if middle < n else 1.0
        low, high = (middle, high) if chance < tail else (low, middle)
    return float(np.clip(low / n, 0.0, 1.0))
