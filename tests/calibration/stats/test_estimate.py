"""When a figure may be said, and what it says about a target."""

import math
from dataclasses import replace

import pytest

from calibration.stats.estimate import (
    PERIOD,
    UNDERLYING,
    Estimate,
    Sampled,
    against_target,
    at_size,
    cases_needed,
    design_size,
    not_enough,
    weeks_until_enough,
)

FIGURE = Estimate(0.96, 0.90, 0.99, 60, 55.0, 0, 500, 0.96, UNDERLYING, "Korn-Graubard", None)


def test_a_solid_figure_is_enough():
    assert not_enough(FIGURE) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n": 29}, "not enough data: 29 of 30 cases"),
        ({"n_effective": 12.4}, "not enough data: the design leaves 12 of 30 effective cases"),
        ({"low": 0.60}, "not enough data: the interval is 39 points wide"),
    ],
)
def test_thin_figures_are_held_back_with_the_reason(change, said):
    assert not_enough(replace(FIGURE, **change)) == said


def test_a_figure_says_from_when_it_can_be_expected():
    assert weeks_until_enough(12, 4) == 5
    assert weeks_until_enough(30, 4) == 0
    assert weeks_until_enough(12, 0) is None


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.95, 0.99, "meets"), (0.90, 0.949, "under"), (0.90, 0.95, "unclear")]
)
def test_a_target_is_met_or_missed_by_the_whole_interval(low, high, said):
    assert against_target(low, high, 0.95) == said


def test_a_census_has_no_width_for_its_period_and_one_for_the_rate_behind_it():
    census = Sampled(0.9, 0.0, 50, 49, 1, 50.0)

    assert at_size(0.9, design_size(census, PERIOD, 0.95), level=0.95) == (0.9, 0.9)
    assert design_size(census, UNDERLYING, 0.95) == 50


def test_a_small_part_of_the_frame_gets_no_credit_for_being_finite():
    found = Sampled(0.9, 0.002, 40, 39, 1, 4000.0)

    assert design_size(found, PERIOD, 0.95) == 40


def test_half_of_the_frame_counts_for_about_twice_its_cases():
    found = Sampled(0.9, 0.0, 40, 39, 1, 80.0)

    assert design_size(found, PERIOD, 0.95) == pytest.approx(40 * 79 / 40)
    assert math.isinf(design_size(replace(found, frame=40.0), PERIOD, 0.95))


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        ({}, 33),
        ({"n": 12, "n_effective": 12.0, "low": 0.80}, 30),
        ({"n": 40, "n_effective": 25.0, "low": 0.80}, 48),
        ({"n": 40, "n_effective": 40.0, "low": 0.59}, 72),
        ({"n": 0, "n_effective": math.nan, "low": math.nan}, 30),
    ],
)
def test_as_many_cases_are_needed_as_bring_number_design_and_width_to_their_limits(change, needed):
    assert cases_needed(replace(FIGURE, **change)) == needed
