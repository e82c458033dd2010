"""How many cases a question needs: to show a rate below its target, to tell two rates apart, to know an agreement."""

import math

import scipy  # its parts load at their first use, not with the web

from calibration.stats.intervals import least


def _at_most(most: int, total: int, share: float) -> float:
    """Chance of at most *most* right of *total*."""
    return float(scipy.special.bdtr(most, total, share)) if most >= 0 else 0.0


def shown_below(total: int, target: float, actual: float, *, error: float = 0.05) -> float:
    """The power of the exact one-sided test that the share right is below *target* with *total* cases.

    The test says "below" at x or fewer right, the largest x with P(X <= x | target) <= error; its power is
    P(X <= x | actual).

    >>> round(shown_below(78, 0.90, 0.80), 2)
    0.81
    """
    critical = int(scipy.special.bdtrik(error, total, target))
    while _at_most(critical, total, target) > error:
        critical -= 1
    return _at_most(critical, total, actual)


def cases_to_show_below(target: float, actual: float, *, error: float = 0.05, power: float = 0.80) -> int:
    """Cases with which a share right of *actual* is shown to be below *target*, with *power*.

    Parameters
    ----------
    target, actual : shares right, 0 < actual < target < 1
    error : chance of saying so at the target itself, one-sided
    power : chance of saying so

    Returns
    -------
    The smallest n from which the exact binomial test reaches the power; the test is discrete, so a few n above it
    can lie a little under.

    Raises
    ------
    ValueError : shares out of order.

    References
    ----------
    Chernick & Liu 2002, The American Statistician 56(2), 149-155, on the saw-tooth of exact tests.

    >>> cases_to_show_below(0.90, 0.60)
    13
    """
    if not 0 < actual < target < 1:
        raise ValueError(f"0 < actual < target < 1, not {actual} and {target}")
    n = 1
    while shown_below(n, target, actual, error=error) < power:
        n += 1
    return n


def cases_to_tell_apart(one: float, other: float, *, error: float = 0.05, power: float = 0.80) -> int:
    """Cases of each of two agents with which a difference of their shares right is found, two-sided.

    n = (z_{1 - error / 2} + z_power)^2 (p1 (1 - p1) + p2 (1 - p2)) / (p1 - p2)^2, rounded up.

    Parameters
    ----------
    one, other : shares right p1, p2, in (0, 1)
    error, power : chance of a difference where there is none, and of finding this one

    Returns
    -------
    Cases of each.

    Raises
    ------
    ValueError : equal shares, or shares out of (0, 1).

    References
    ----------
    Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., chapter 4.

    >>> cases_to_tell_apart(0.95, 0.90)
    432
    """
    if not (0 < one < 1 and 0 < other < 1) or one == other:
        raise ValueError(f"two different shares within (0, 1), not {one} and {other}")
    z = float(scipy.special.ndtri(1 - error / 2) + scipy.special.ndtri(power))
    return math.ceil(z**2 * (one * (1 - one) + other * (1 - other)) / (one - other) ** 2)


def units_for_agreement(se: float, units: float, half_width: float, *, level: float = 0.95) -> int:
    """Units with which an agreement coefficient is known to +/- *half_width*, from a pilot.

    The least n with t(n - 1) se sqrt(units / n) <= half_width: the standard error shrinks as 1 / sqrt(n).

    Parameters
    ----------
    se, units : standard error over units of any coefficient, and the units of the pilot; both above nought
    half_width : wanted, in (0, 1)
    level : coverage

    Returns
    -------
    Units in all, those of the pilot included. The interval on log(1 - x) lies lopsided around the value and is at
    most a few units in a hundred wider.

    Raises
    ------
    ValueError : a pilot without a standard error (nobody disagreed: any number could be needed), or a half-width out
        of range.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 6.

    >>> units_for_agreement(0.046, 100, 0.05)
    328
    """
    if not 0 < half_width < 1 or not se > 0 or not units >= 2:
        raise ValueError(f"a pilot with disagreement, and a half-width within 0..1, not {se} and {half_width}")
    spread = se * math.sqrt(units)

    def narrow(n: int) -> bool:
        return n > 1 and float(scipy.special.stdtrit(n - 1, (1 + level) / 2)) * spread / math.sqrt(n) <= half_width

    return least(narrow)


def with_design_effect(n: float, effect: float) -> int:
    """Cases of a design that tells as much as *n* cases of a simple sample: n times the design effect, rounded up.

    >>> with_design_effect(83, 1.4)
    117
    """
    if not effect > 0:
        raise ValueError(f"a design effect is above nought, not {effect}")
    return math.ceil(n * effect)
