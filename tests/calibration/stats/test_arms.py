"""A start drawn by chance: nothing is found where nothing is, and five points are found as often as is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from calibration.stats.arms import FEWEST_PEOPLE, Person, compare
from calibration.stats.shrink import Prior, shrunken

#: Agents of statistics.md 7: 94.5 +- 2.2 %, noticed by an alert below 90 % in 60 cases, 60 cases before and after.
MEAN, SPREAD, NOTICED, CASES = 0.945, 0.022, 0.90, 60
PRIOR = Prior(MEAN, MEAN * (1 - MEAN) / SPREAD**2 - 1)


def noticed(rng: np.random.Generator, number: int) -> np.ndarray:
    """True accuracies of agents whom an alert noticed."""
    true = rng.beta(PRIOR.mean * PRIOR.strength, (1 - PRIOR.mean) * PRIOR.strength, size=60 * number)
    triggered = rng.binomial(CASES, true) < NOTICED * CASES
    return true[triggered][:number]


def arm(rng: np.random.Generator, people: int, effect: float, drift: float = 0.0) -> list[Person]:
    true = noticed(rng, people)
    before = shrunken(PRIOR, rng.binomial(CASES, true).astype(float), np.full(people, float(CASES)))
    later = np.clip(true + effect + drift * rng.standard_normal(people), 0.0, 1.0)
    after = rng.binomial(CASES, later) / CASES
    return [Person(float(one), float(two), CASES) for one, two in zip(before, after, strict=True)]


def shares(times: int, *, people: int, effect: float, drift: float = 0.0, seed: int = 7) -> tuple[float, float, float]:
    """(how often an effect was found, how often the interval held the true one, the mean estimate)."""
    rng = np.random.default_rng(seed)
    found = [compare(arm(rng, people, effect, drift), arm(rng, people, 0.0, drift)) for _ in range(times)]
    rejected = np.mean([one.low > 0 or one.high < 0 for one in found])
    held = np.mean([one.low <= effect <= one.high for one in found])
    return float(rejected), float(held), float(np.mean([one.effect for one in found]))


def test_the_interval_is_welchs_where_all_have_as_many_cases() -> None:
    rng = np.random.default_rng(3)
    now, later = arm(rng, 9, 0.03), arm(rng, 14, 0.0)

    found = compare(now, later)

    changes = [[one.after - one.before for one in some] for some in (now, later)]
    welch = stats.ttest_ind(*changes, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((welch.low, welch.high))
    assert found.effect == pytest.approx(np.mean(changes[0]) - np.mean(changes[1]))


def test_people_weigh_by_their_cases() -> None:
    now = [Person(0.9, 1.0, 90)] * 6 + [Person(0.9, 0.9, 10)] * 6
    later = [Person(0.9, 0.9, 10)] * 6

    found = compare(now, later)

    assert found.effect == pytest.approx(0.09)


def test_too_few_people_or_cases_are_said() -> None:
    few = compare([Person(0.9, 0.9, 60)] * (FEWEST_PEOPLE - 1), [Person(0.9, 0.9, 60)] * 20)
    thin = compare([Person(0.9, 0.9, 4)] * FEWEST_PEOPLE, [Person(0.9, 0.9, 60)] * 20)
    nobody = compare([Person(0.9, math.nan, 0)] * 20, [])

    assert few.reason == "not enough data: 5 of 6 people in the smaller arm"
    assert thin.reason == "not enough data: 24 of 30 cases"
    assert nobody.reason and math.isnan(nobody.effect)


def test_no_level_outside_nought_and_one_is_taken() -> None:
    with pytest.raises(ValueError):
        compare([], [], level=1.0)


def test_no_effect_is_found_where_there_is_none_but_at_the_nominal_rate() -> None:
    rejected, held, mean = shares(600, people=12, effect=0.0)

    assert rejected <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 600)
    assert held >= 0.92
    assert abs(mean) < 0.004


def test_whoever_changes_by_chance_from_week_to_week_makes_no_effect_either() -> None:
    rejected, _, _ = shares(400, people=12, effect=0.0, drift=0.03)

    assert rejected <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)


def test_five_points_are_found_nine_times_in_ten_with_twelve_people_an_arm() -> None:
    found, held, mean = shares(400, people=12, effect=0.05)

    assert mean == pytest.approx(0.05, abs=0.006)
    assert found > 0.85
    assert held >= 0.92
