"""What a randomised start did: the change of those who began at once less the change of those who waited."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray

#: fewest people of an arm, and settled cases of an arm in its later window, for any figure at all
FEWEST_PEOPLE, FEWEST_LATER = 6, 30


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an arm: the shrunken share before, the share after, and the settled cases behind the latter."""

    before: float
    after: float
    cases: int


@dataclass(frozen=True, slots=True)
class Arms:
    """The difference of the two changes, in shares; nan with a *reason* where none can be given."""

    people_now: int
    people_later: int
    change_now: float
    change_later: float
    effect: float
    low: float
    high: float
    reason: str | None


def compare(now: Sequence[Person], later: Sequence[Person], *, level: float = 0.95) -> Arms:
    """The effect of training: mean change of those who began at once, less that of those who waited.

    d_i = after_i - before_i of each person; each arm's mean weighs people by their cases after,
    m = sum w_i d_i / sum w_i, with the variance k / (k - 1) sum w_i^2 (d_i - m)^2 / (sum w_i)^2, in which people, not
    cases, are what was drawn; the interval is Welch's, with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    now, later : people of the two arms; *before* is the share shrunken toward what is common to all, so that a low
        figure that would have recovered by itself makes no difference between arms noisier than it is
    level : float in (0, 1), coverage

    Returns
    -------
    Arms, changes and effect in [-1, 1]; nan with the reason "not enough data" when an arm has fewer than 6 people
    with a settled case after, or fewer than 30 such cases.

    Raises
    ------
    ValueError : *level* is not within (0, 1).

    References
    ----------
    Welch 1947, doi:10.1093/biomet/34.1-2.28; Satterthwaite 1946, doi:10.2307/3002019; Vickers & Altman 2001,
    doi:10.1136/bmj.323.7321.1123 (baselines in randomised trials).

    >>> now = [Person(0.90, 0.95, 20), Person(0.88, 0.95, 20), Person(0.91, 0.95, 20)] * 3
    >>> later = [Person(0.90, 0.90, 20), Person(0.88, 0.90, 20), Person(0.92, 0.90, 20)] * 3
    >>> found = compare(now, later)
    >>> round(found.effect, 3), found.low < found.effect < found.high
    (0.053, True)
    """
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    seen_now, seen_later = [one for one in now if one.cases], [one for one in later if one.cases]
    reason = _too_little(seen_now, seen_later)
    if reason is not None:
        nan = math.nan
        return Arms(len(seen_now), len(seen_later), nan, nan, nan, nan, nan, reason)
    (first, first_var), (second, second_var) = _mean(seen_now), _mean(seen_later)
    spread = math.sqrt(first_var + second_var)
    freedom = _freedom((first_var, len(seen_now)), (second_var, len(seen_later)))
    half = float(scipy.special.stdtrit(freedom, (1 + level) / 2)) * spread
    effect = first - second
    return Arms(
        len(seen_now), len(seen_later), first, second, effect, max(effect - half, -1.0), min(effect + half, 1.0), None
    )


def _too_little(now: Sequence[Person], later: Sequence[Person]) -> str | None:
    people = min(len(now), len(later))
    if people < FEWEST_PEOPLE:
        return f"not enough data: {people} of {FEWEST_PEOPLE} people in the smaller arm"
    cases = min(sum(one.cases for one in now), sum(one.cases for one in later))
    return f"not enough data: {cases} of {FEWEST_LATER} cases" if cases < FEWEST_LATER else None


def _mean(people: Sequence[Person]) -> tuple[float, float]:
    """(weighted mean change, its variance) of an arm."""
    changes: FloatArray = np.array([one.after - one.before for one in people], dtype=np.float64)
    weights: FloatArray = np.array([one.cases for one in people], dtype=np.float64)
    weights = weights / weights.sum()
    mean = float(weights @ changes)
    number = len(people)
    return mean, number / (number - 1) * float((weights**2) @ (changes - mean) ** 2)


def _freedom(first: tuple[float, int], second: tuple[float, int]) -> float:
    """Satterthwaite's degrees of freedom of the difference; those of the arms together where nothing varies."""
    total = first[0] + second[0]
    if total == 0:
        return float(first[1] + second[1] - 2)
    return float(total**2 / sum(variance**2 / (number - 1) for variance, number in (first, second)))
