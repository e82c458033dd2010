"""Sample sizes: the table of the specification, power counted out, and other implementations."""

import numpy as np
import pytest
from scipy import stats

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.intervals import cases_for_half_width
from calibration.stats.planning import (
    cases_to_show_below,
    cases_to_tell_apart,
    shown_below,
    units_for_agreement,
    with_design_effect,
)
from tests.calibration.stats.simulated import noisy_raters


@pytest.mark.parametrize(("actual", "cases"), [(0.85, 270), (0.80, 78), (0.70, 25), (0.60, 13)])
def test_cases_to_show_that_90_percent_are_missed(actual, cases):
    assert cases_to_show_below(0.90, actual) == cases


@pytest.mark.parametrize(
    ("share", "cases"), [(0.95, [25, 83, 215, 469]), (0.90, [37, 141, 388, 868]), (0.98, [19, 52, 113, 223])]
)
def test_cases_for_a_half_width_of_ten_five_three_and_two_points(share, cases):
    assert [cases_for_half_width(width, share) for width in (0.10, 0.05, 0.03, 0.02)] == cases


@pytest.mark.parametrize("total", [1, 9, 25, 60, 131])
def test_the_power_is_that_of_the_exact_test_counted_out(total):
    rejected = [x for x in range(total + 1) if stats.binomtest(x, total, 0.9, alternative="less").pvalue <= 0.05]

    power = sum(stats.binom.pmf(x, total, 0.75) for x in rejected)

    assert shown_below(total, 0.9, 0.75) == pytest.approx(power, abs=1e-12)


def test_two_agents_at_95_and_90_percent_need_432_cases_each():
    cases = cases_to_tell_apart(0.95, 0.90)
    rng = np.random.default_rng(3)
    one, other = rng.binomial(cases, [[0.95], [0.90]], size=(2, 20000)) / cases
    z = (one - other) / np.sqrt((one * (1 - one) + other * (1 - other)) / cases)

    assert cases == 432
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.80, abs=0.015)


def test_units_for_an_agreement_give_the_width_that_was_asked_for():
    design = dict(raters=3, shares=[1 / 3] * 3, alpha=0.72)
    pilot = krippendorff_alpha(
        noisy_raters(np.random.default_rng(1), units=50_000, **design), "nominal", np.arange(3.0)
    )

    units = units_for_agreement(pilot.se, 50_000, 0.05)
    again = krippendorff_alpha(noisy_raters(np.random.default_rng(2), units=units, **design), "nominal", np.arange(3.0))

    assert units == pytest.approx(324, abs=8)
    assert 1.97 * again.se == pytest.approx(0.05, abs=0.006)


def test_a_design_effect_multiplies():
    assert with_design_effect(100, 1.0) == 100
    assert with_design_effect(215, 1.5) == 323


@pytest.mark.parametrize(
    "asked",
    [
        lambda: cases_to_show_below(0.9, 0.95),
        lambda: cases_to_tell_apart(0.9, 0.9),
        lambda: cases_to_tell_apart(1.0, 0.9),
        lambda: units_for_agreement(0.0, 100, 0.05),
        lambda: units_for_agreement(0.1, 100, 1.5),
        lambda: with_design_effect(10, 0.0),
    ],
)
def test_questions_without_an_answer_are_refused(asked):
    with pytest.raises(ValueError):
        asked()
