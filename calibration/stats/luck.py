"""How often small samples fall under a target by luck alone."""

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray, IntArray


def chances_under(n: IntArray, share: float, target: float) -> FloatArray:
    """The chance of each sample that its share right lies under the target, were every case right with one chance.

    P(X / n < target) for X binomial(n, share).

    Parameters
    ----------
    n : int array [k], cases of each sample, above 0
    share : chance p that a case is right, in [0, 1]
    target : float in (0, 1]

    Returns
    -------
    float array [k] in [0, 1].

    Raises
    ------
    ValueError : a number out of range.

    >>> chances_under(np.array([10, 20]), 0.95, 0.95).round(3).tolist()
    [0.401, 0.264]
    """
    if not (bool((n > 0).all()) and 0 <= share <= 1 and 0 < target <= 1):
        raise ValueError(f"n above 0, a share in [0, 1] and a target in (0, 1], not {n}, {share}, {target}")
    # The fewest right that reach the target; what rounding adds to 0.95 * 20 must not ask for one more.
    fewest = np.ceil(n * target - 1e-9)
    return np.asarray(scipy.special.bdtr(fewest - 1, n, share), dtype=np.float64)


def luck_range(chances: FloatArray, *, level: float = 0.95) -> tuple[float, int, int]:
    """How many of independent events with these chances happen: the mean, and a range that holds with *level*.

    The Poisson binomial distribution, by adding one event after the other (exact, O(k^2)).

    Parameters
    ----------
    chances : float array [k] in [0, 1]; k = 0 gives (0, 0, 0)
    level : float in (0, 1), half of the rest on each side

    Returns
    -------
    (mean, low, high): low and high are the quantiles (1 - level) / 2 and 1 - (1 - level) / 2.

    Raises
    ------
    ValueError : a chance or *level* out of range.

    References
    ----------
    Hong 2013, doi:10.1016/j.csda.2012.10.006.

    >>> luck_range(np.full(4, 0.5))
    (2.0, 0, 4)
    """
    if not (bool(((chances >= 0) & (chances <= 1)).all()) and 0 < level < 1):
        raise ValueError(f"chances in [0, 1] and a level within 0..1, not {chances}, {level}")
    spread = np.zeros(chances.size + 1)
    spread[0] = 1.0
    for place, chance in enumerate(chances, start=1):
        spread[1 : place + 1] = spread[1 : place + 1] * (1 - chance) + spread[:place] * chance
        spread[0] *= 1 - chance
    below, tail = np.cumsum(spread), (1 - level) / 2
    low, high = (int(np.searchsorted(below, at - 1e-12)) for at in (tail, 1 - tail))
    return float(chances.sum()), low, min(high, chances.size)
