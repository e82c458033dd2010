"""Resampling over patterns is resampling of units, and BCa is scipy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import Patterns, collapse
from calibration.stats.resample import bca, most_hidden, resampled, with_hidden
from calibration.stats.statistic import Statistic

PATTERNS = Patterns(np.array([[3, 0], [2, 1], [1, 2], [0, 3]]), np.array([30.0, 6.0, 4.0, 20.0]))


def test_the_same_seed_gives_the_same_samples_and_another_seed_others():
    alpha = krippendorff_alpha(PATTERNS, "nominal", np.arange(2.0))

    first, again, other = (resampled(alpha, 50, seed) for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_spread_of_resamples_is_the_standard_error():
    alpha = krippendorff_alpha(PATTERNS, "nominal", np.arange(2.0))

    values = resampled(alpha, 4000, 5)

    assert values.std() == pytest.approx(alpha.se, rel=0.1)


def test_the_interval_is_scipys_bca_of_units():
    """Percent agreement is a mean over units, which scipy can resample itself."""
    percent = coefficient("percent", PATTERNS, np.eye(2))
    by_unit = np.repeat([1.0, 1 / 3, 1 / 3, 1.0], PATTERNS.units.astype(int))

    low, high = bca(percent, resampled(percent, 20000, 5), 0.95)
    theirs = stats.bootstrap((by_unit,), np.mean, n_resamples=20000, method="BCa", rng=np.random.default_rng(5))

    assert (low, high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.012)


def test_skewed_influences_move_the_limits_as_efron_says():
    """Resamples in the shape of a normal around the value: no bias, so the acceleration alone is seen."""
    units, influence = np.array([30.0, 10.0]), np.array([-1.0, 3.0])
    skewed = Statistic(0.0, 1.0, np.zeros((2, 0)), units, np.asarray, influence)
    values = stats.norm.ppf((np.arange(20000) + 0.5) / 20000)
    acceleration = (units @ influence**3) / (6 * (units @ influence**2) ** 1.5)

    low, high = bca(skewed, values, 0.95)

    assert acceleration > 0.02
    assert (low, high) == pytest.approx([z / (1 - acceleration * z) for z in (-1.95996, 1.95996)], abs=2e-3)


def test_an_undefined_resample_counts_as_perfect():
    patterns = Patterns(np.array([[2, 0], [1, 1]]), np.array([9.0, 1.0]))
    alpha = krippendorff_alpha(patterns, "nominal", np.arange(2.0))

    values = resampled(alpha, 400, 5)

    assert not np.isnan(values).any()
    assert (values == 1.0).mean() == pytest.approx(0.9**10, abs=0.08)


def test_hidden_units_are_the_clopper_pearson_limit():
    assert most_hidden(20, 0.95) / 20 == pytest.approx(stats.binomtest(0, 20).proportion_ci().high)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=4), st.floats(0.1, 20))
def test_moving_hidden_units_keeps_all_units_and_ratings(units, moved):
    q = len(units)
    patterns = Patterns(3 * np.eye(q, dtype=np.int64), np.array(units, dtype=float))

    found = with_hidden(patterns, moved)

    assert found.unit_count == pytest.approx(patterns.unit_count)
    assert found.totals.sum() == pytest.approx(patterns.totals.sum())
    discordant = found.units[(found.counts > 0).sum(axis=1) > 1].sum()
    assert discordant == pytest.approx(min(moved, sum(units)))
    assert found.units.min() >= -1e-9


def test_totals_drawn_as_gaussian_give_the_limits_of_exact_samples():
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 6, 4000)
    label = np.where(rng.random((4000, 15)) < 0.5, truth[:, None], rng.integers(0, 6, (4000, 15)))
    patterns = collapse(np.repeat(np.arange(4000), 15), label.reshape(-1), 6, 4000)
    alpha = krippendorff_alpha(patterns, "nominal", np.arange(6.0))

    drawn = resampled(alpha, 4000, seed=1)
    exact = alpha.again(rng.multinomial(4000, alpha.units / 4000, size=1500).astype(float))

    assert patterns.units.size > 2000
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx(np.quantile(exact, [0.025, 0.5, 0.975]), abs=0.0015)
    assert drawn.std() == pytest.approx(exact.std(), rel=0.05)
    assert drawn.std() == pytest.approx(alpha.se, rel=0.05)
