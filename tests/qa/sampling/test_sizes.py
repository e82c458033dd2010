"""Sizes for a wanted precision, against the design's table and against statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from qa.sampling.sizes import cases_for_half_width, cases_to_show_under, wilson_half_width

#: Cases for a half-width of 10, 5, 3 and 2 points at a share of right decisions.
TABLE = {0.95: (25, 83, 215, 469), 0.90: (37, 141, 388, 868), 0.98: (19, 52, 113, 223)}


@pytest.mark.parametrize("expected", TABLE)
def test_the_planning_table_holds(expected):
    found = tuple(cases_for_half_width(points / 100, expected=expected) for points in (10, 5, 3, 2))

    assert found == TABLE[expected]


@given(st.integers(1, 500), st.floats(0, 1))
def test_half_widths_are_those_of_statsmodels(n, share):
    low, high = proportion_confint(share * n, n, method="wilson")

    assert wilson_half_width(n, expected=share) == pytest.approx((high - low) / 2, abs=1e-9)


@given(st.floats(0.005, 0.3), st.floats(0, 1))
def test_one_case_fewer_is_too_few(half_width, expected):
    n = cases_for_half_width(half_width, expected=expected)

    assert wilson_half_width(n, expected=expected) <= half_width
    assert n == 1 or wilson_half_width(n - 1, expected=expected) > half_width


def test_a_design_effect_multiplies_the_size():
    assert cases_for_half_width(0.05, design_effect=1.5) == 125


def test_a_small_frame_needs_fewer_cases_and_never_more_than_it_holds():
    found = [cases_for_half_width(0.02, frame=frame) for frame in (1, 100, 469, 10**9)]

    assert found == [1, 83, 235, 469]


@pytest.mark.parametrize(("actual", "n"), [(0.85, 270), (0.80, 78), (0.70, 25), (0.60, 13)])
def test_showing_an_agent_under_90_percent_takes_the_size_of_the_table(actual, n):
    assert cases_to_show_under(0.90, actual) == n


def test_the_size_keeps_its_risk_and_its_power():
    n = cases_to_show_under(0.95, 0.88, risk=0.1, power=0.9)
    most = max(c for c in range(n) if binom.cdf(c, n, 0.95) <= 0.1)

    assert binom.cdf(most, n, 0.88) >= 0.9


@pytest.mark.parametrize("half_width", [0, -0.1, 0.6])
def test_a_half_width_that_cannot_be_is_refused(half_width):
    with pytest.raises(ValueError, match="half_width"):
        cases_for_half_width(half_width)


def test_an_absurd_precision_is_refused():
    with pytest.raises(ValueError, match="more than 10000000 cases"):
        cases_for_half_width(1e-6)


@pytest.mark.parametrize("how", [{"expected": 1.2}, {"level": 1.0}, {"design_effect": 0}, {"frame": 0}, {"level": 0}])
def test_an_argument_out_of_its_range_is_refused(how):
    with pytest.raises(ValueError, match="no (size|interval) for"):
        cases_for_half_width(0.05, **how)


@pytest.mark.parametrize(("target", "actual"), [(0.9, 0.9), (0.9, 0.95), (1.0, 0.9), (0.9, 0)])
def test_nobody_is_shown_to_be_under_a_target_that_they_meet(target, actual):
    with pytest.raises(ValueError, match="no size for"):
        cases_to_show_under(target, actual)


def test_two_rates_that_hardly_differ_are_refused():
    with pytest.raises(ValueError, match="more than 100,000 cases"):
        cases_to_show_under(0.5, 0.4999, power=0.99)
