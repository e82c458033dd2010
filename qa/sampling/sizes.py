"""How many cases a wanted precision takes."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, sqrt

import numpy as np
import scipy  # its parts load at their first use, not with the web

#: More cases than any plan can grade; asking for them is a mistake in the question.
MOST = 10_000_000


def wilson_half_width(n: float, *, expected: float = 0.95, level: float = 0.95) -> float:
    """Half the width of Wilson's interval when *n* cases show the share *expected*.

    Formula: z sqrt(p (1 - p) / n + z**2 / (4 n**2)) / (1 + z**2 / n), with z the normal quantile of *level*.

    Parameters
    ----------
    n : cases (or effective cases), > 0
    expected : share of right decisions in [0, 1]; level : coverage in (0, 1)

    Returns
    -------
    share in (0, 0.5).

    Raises
    ------
    ValueError : an argument out of its range.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> round(wilson_half_width(83), 5), round(wilson_half_width(82), 5)
    (0.04997, 0.05031)
    """
    if n <= 0 or not 0 <= expected <= 1 or not 0 < level < 1:
        raise ValueError(f"no interval for n={n!r}, expected={expected!r}, level={level!r}")
    z = float(scipy.special.ndtri((1 + level) / 2))
    return z * sqrt(expected * (1 - expected) / n + z * z / (4 * n * n)) / (1 + z * z / n)


def cases_for_half_width(
    half_width: float,
    *,
    expected: float = 0.95,
    level: float = 0.95,
    design_effect: float = 1.0,
    frame: int | None = None,
) -> int:
    """The fewest cases with which the interval is at most plus or minus *half_width* wide.

    Wilson's half-width at the share *expected*, times the design effect, then n / (1 + (n - 1) / N) where the
    figure is about the *frame* itself (its N cases) and not about the agent's future.

    Parameters
    ----------
    half_width : share in (0, 0.5]; expected, level : as in `wilson_half_width`
    design_effect : variance relative to simple random sampling, >= 1 as a rule
    frame : N, cases, or None for the underlying rate

    Returns
    -------
    int >= 1.

    Raises
    ------
    ValueError : an argument out of its range, or more than MOST cases.

    References
    ----------
    Cochran 1977, *Sampling Techniques*, 4.2 (finite population correction).

    >>> [cases_for_half_width(points / 100) for points in (10, 5, 3, 2)]
    [25, 83, 215, 469]
    """
    if not 0 < half_width <= 0.5 or design_effect <= 0 or (frame is not None and frame < 1):
        asked = f"half_width={half_width!r}, design_effect={design_effect!r}, frame={frame!r}"
        raise ValueError(f"no size for {asked}")
    simple = _first(lambda n: wilson_half_width(n, expected=expected, level=level) <= half_width)
    needed = simple * design_effect
    if frame is not None:
        needed = needed / (1 + (needed - 1) / frame)
    # A hair below a whole number is rounding, not a further case.
    return max(1, ceil(needed - 1e-9))


def cases_to_show_under(target: float, actual: float, *, risk: float = 0.05, power: float = 0.8) -> int:
    """The fewest cases with which an agent at *actual* is shown to be under *target*, at the given power.

    The exact one-sided binomial test: the largest c with P(X <= c | target) <= risk, then the first n with
    P(X <= c | actual) >= power.

    Parameters
    ----------
    target, actual : shares with 0 < actual < target < 1
    risk : chance of saying so about an agent at the target, in (0, 0.5]; power : in (0, 1)

    Returns
    -------
    int >= 1.

    Raises
    ------
    ValueError : an argument out of its range, or more than 100,000 cases.

    References
    ----------
    Chernick & Liu 2002, doi:10.1198/000313002317572835 (the saw-tooth power of exact binomial tests).

    >>> [cases_to_show_under(0.90, actual) for actual in (0.85, 0.8, 0.7, 0.6)]
    [270, 78, 25, 13]
    """
    if not 0 < actual < target < 1 or not 0 < risk <= 0.5 or not 0 < power < 1:
        raise ValueError(f"no size for target={target!r}, actual={actual!r}, risk={risk!r}, power={power!r}")
    for begin in range(1, 100_001, 1000):
        n = np.arange(begin, begin + 1000)
        most = np.ceil(np.nan_to_num(scipy.special.bdtrik(risk, n, target)))
        most -= scipy.special.bdtr(most, n, target) > risk
        found = n[(most >= 0) & (scipy.special.bdtr(np.maximum(most, 0), n, actual) >= power)]
        if found.size:
            return int(found[0])
    raise ValueError(f"more than 100,000 cases would be needed to tell {actual} from {target}")


def _first(enough: Callable[[int], bool]) -> int:
    """The least n with enough(n), for a condition that stays true once it is; by doubling, then halving."""
    high = 1
    while not enough(high):
        high *= 2
        if high > MOST:
            raise ValueError(f"more than {MOST} cases would be needed")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
