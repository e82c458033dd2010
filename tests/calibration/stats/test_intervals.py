"""Intervals for shares against scipy, the planning table, and their edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.intervals import (
    cases_for_half_width,
    clopper_pearson,
    half_width,
    korn_graubard,
    least,
    newcombe,
    smoothed_effective_size,
    smoothed_wilson,
    wilson,
    with_finite_frame,
)

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@given(counts, levels)
def test_wilson_and_clopper_pearson_are_scipys(count, level):
    right, total = count
    result = stats.binomtest(right, total)

    assert wilson(right, total, level=level) == pytest.approx(tuple(result.proportion_ci(level, "wilson")), abs=1e-9)
    assert clopper_pearson(right, total, level=level) == pytest.approx(
        tuple(result.proportion_ci(level, "exact")), abs=1e-9
    )


@given(counts, levels)
def test_an_interval_holds_its_share_and_mirrors_with_it(count, level):
    right, total = count
    for interval in (wilson, clopper_pearson):
        low, high = interval(right, total, level=level)

        assert 0 <= low <= right / total <= high <= 1
        assert interval(total - right, total, level=level) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_no_case_has_no_interval_and_more_right_than_cases_is_refused(interval):
    assert all(math.isnan(limit) for limit in interval(0, 0))
    with pytest.raises(ValueError, match="right lies within"):
        interval(3, 2)
    with pytest.raises(ValueError, match="level lies between"):
        interval(1, 2, level=95)


def test_korn_graubard_without_an_error_is_clopper_pearson():
    assert korn_graubard(1.0, 0.0, 40, 38) == clopper_pearson(40, 40)
    assert math.isnan(korn_graubard(0.5, 0.1, 0, 0)[0])


@given(st.floats(0.5, 0.99), st.floats(1e-6, 0.01), st.integers(10, 300))
def test_the_cap_only_ever_widens(share, variance, n):
    capped = korn_graubard(share, variance, n, n - 3)
    free = korn_graubard(share, variance, n, n - 3, cap=math.inf)

    assert capped[0] <= free[0] + 1e-12
    assert capped[1] >= free[1] - 1e-12


def test_smoothing_one_stratum_is_plain_wilson():
    settled, right, whole = np.array([50.0]), np.array([47.0]), np.array([1.0])

    assert smoothed_effective_size(settled, right, whole) == pytest.approx(50)
    assert smoothed_wilson(settled, right, whole) == pytest.approx(wilson(47, 50))


def test_smoothing_sees_the_risk_of_a_stratum_without_an_error():
    settled, right, of_frame = np.array([30.0, 30.0]), np.array([30.0, 28.0]), np.array([0.95, 0.05])
    share = float(of_frame @ (right / settled))
    unsmoothed = share * (1 - share) / float(of_frame**2 @ (right * (settled - right) / settled**3))

    size = smoothed_effective_size(settled, right, of_frame)

    assert size < unsmoothed / 4


@pytest.mark.parametrize(
    ("share", "cases"),
    [(0.95, [25, 83, 215, 469]), (0.90, [37, 141, 388, 868]), (0.98, [19, 52, 113, 223])],
)
def test_the_planning_table_for_half_widths_of_ten_five_three_and_two_points(share, cases):
    found = [cases_for_half_width(width, share) for width in (0.10, 0.05, 0.03, 0.02)]

    assert found == cases
    assert half_width(cases[1], share) <= 0.05 < half_width(cases[1] - 1, share)


def test_planning_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="half-width"):
        cases_for_half_width(0.0, 0.95)
    with pytest.raises(ValueError, match="not reached"):
        least(lambda n: False, limit=100)


def test_a_finite_frame_needs_no_more_than_itself():
    assert with_finite_frame(1000, 50) < 50
    assert with_finite_frame(1, 50) == 1


@given(counts, counts)
def test_the_difference_turns_with_its_order(first, second):
    a, b = first[0] / first[1], second[0] / second[1]
    forth = newcombe(a, wilson(*first), b, wilson(*second))
    back = newcombe(b, wilson(*second), a, wilson(*first))

    assert forth[0] <= b - a <= forth[1]
    assert forth == pytest.approx((-back[1], -back[0]), abs=1e-12)
    assert forth[0] >= -1 - 1e-9
    assert forth[1] <= 1 + 1e-9
