"""The intervals keep what they promise, and which one is used follows the policy."""

import numpy as np
import pytest

from calibration.stats.agreement_interval import BCA, LOG_T, ZERO, Figure, Policy, figure, is_small
from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import Patterns
from tests.calibration.stats.simulated import noisy_raters


def alpha_figure(patterns: Patterns, *, replicates: int = 1000, seed: int = 3) -> Figure:
    """Alpha with the interval of the policy."""
    values = np.arange(float(patterns.counts.shape[1]))
    policy = Policy(0.95, is_small(patterns), replicates, seed)
    found = krippendorff_alpha(patterns, "nominal", values)
    return figure(found, policy, patterns, lambda p: krippendorff_alpha(p, "nominal", values).value)


def coverage(replicates: int, **design: object) -> float:
    """Share of simulated samples whose interval holds the true alpha, of those with any variation."""
    rng = np.random.default_rng(7)
    held, defined = 0, 0
    for _ in range(replicates):
        made = alpha_figure(noisy_raters(rng, **design))
        if made.reason is None:
            defined += 1
            held += made.low <= design["alpha"] <= made.high
    return held / defined


def test_large_and_even_data_get_the_t_interval():
    patterns = Patterns(np.array([[2, 0], [1, 1], [0, 2]]), np.array([120.0, 30.0, 120.0]))

    assert alpha_figure(patterns).method == LOG_T


@pytest.mark.parametrize("units", [[60.0, 10.0, 60.0], [3000.0, 6.0, 1.0]])
def test_few_units_or_few_minority_ratings_get_the_bca_bootstrap_with_its_seed(units):
    patterns = Patterns(np.array([[2, 0], [1, 1], [0, 2]]), np.array(units))

    made = alpha_figure(patterns, seed=11)

    assert (made.method, made.seed, made.replicates) == (BCA, 11, 1000)
    assert made.low < made.value < made.high
    assert made.as_json() == alpha_figure(patterns, seed=11).as_json()


def test_no_disagreement_moves_the_hidden_units_one_by_one_category():
    patterns = Patterns(np.array([[2, 0], [0, 2]]), np.array([70.0, 30.0]))
    hidden = 100 * (1 - 0.025 ** (1 / 100))
    totals = np.array([140 - hidden, 60 + hidden])

    made = alpha_figure(patterns)

    assert made.method == ZERO
    assert (made.value, made.high) == (1.0, 1.0)
    assert made.low == pytest.approx(1 - 199 * 2 * hidden / (2 * totals[0] * totals[1]))


def test_no_disagreement_never_gives_an_interval_without_width():
    patterns = Patterns(np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3]]), np.array([2.0, 2.0, 1.0]))

    made = alpha_figure(patterns)

    assert -1 < made.low < 0.9


def test_a_single_declared_category_has_no_interval_and_says_why():
    patterns = Patterns(np.array([[2]]), np.array([30.0]))
    percent = coefficient("percent", patterns, np.eye(1))

    made = figure(percent, Policy(0.95, False), patterns, lambda p: coefficient("percent", p, np.eye(1)).value)

    assert made.value == 1.0
    assert made.as_json()["low"] is None
    assert made.reason == "one category leaves nothing to disagree on"


def test_one_unit_gives_a_value_and_no_interval():
    patterns = Patterns(np.array([[1, 1]]), np.array([1.0]))

    made = alpha_figure(patterns).as_json()

    assert made["value"] == pytest.approx(0.0)
    assert (made["se"], made["low"], made["high"]) == (None, None, None)
    assert made["reason"] == "one unit gives no interval"


def test_undefined_is_null_with_a_reason():
    made = alpha_figure(Patterns(np.array([[2, 0]]), np.array([50.0]))).as_json()

    assert made["value"] is None
    assert made["reason"] == "no variation: every rating is the same category"


def test_intervals_of_thirty_balanced_units_hold_the_truth():
    assert coverage(300, units=30, raters=3, shares=[1 / 3] * 3, alpha=0.72) >= 0.92


def test_intervals_of_a_rare_category_hold_the_truth_where_t_fails():
    assert coverage(300, units=30, raters=2, shares=[0.9, 0.1], alpha=0.77) >= 0.93


DESIGNS = [
    (dict(units=30, raters=3, shares=[1 / 3] * 3, alpha=0.72), 0.945),
    (dict(units=100, raters=3, shares=[1 / 3] * 3, alpha=0.72), 0.936),
    (dict(units=30, raters=3, shares=[0.95, 0.05], alpha=0.64), 0.902),
    (dict(units=100, raters=3, shares=[0.95, 0.05], alpha=0.64), 0.950),
    (dict(units=300, raters=3, shares=[0.95, 0.05], alpha=0.64), 0.946),
    (dict(units=30, raters=2, shares=[0.9, 0.1], alpha=0.77), 0.970),
    (dict(units=100, raters=2, shares=[0.9, 0.1], alpha=0.77), 0.950),
    (dict(units=100, raters=3, shares=[1 / 3] * 3, alpha=0.24), 0.935),
]


@pytest.mark.long
@pytest.mark.parametrize(("design", "measured"), DESIGNS)
def test_coverage_of_the_policy_stays_where_it_was_measured(design, measured):
    assert coverage(1500, **design) >= min(measured, 0.95) - 0.02
