"""Empirical Bayes: what it gains, and what it must not hide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.shrink import Prior, credible, expected_by_chance, fit, ratio_upper, shrunken


def team(agents: int, cases: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True accuracies around 95 %, right and total of simulated agents."""
    rng = np.random.default_rng(seed)
    truth = rng.beta(0.95 * 75, 0.05 * 75, agents)
    total = np.full(agents, float(cases))
    return truth, rng.binomial(cases, truth).astype(float), total


def test_fitting_finds_the_team_it_was_drawn_from():
    _, right, total = team(2000, 60)

    prior = fit(right, total)

    assert prior.mean == pytest.approx(0.95, abs=0.003)
    assert 50 < prior.strength < 110


def test_few_grades_are_read_far_better_with_the_team_in_mind():
    truth, right, total = team(200, 15)
    prior = fit(right, total)

    raw = np.sqrt(np.mean((right / total - truth) ** 2))
    better = np.sqrt(np.mean((shrunken(prior, right, total) - truth) ** 2))

    assert raw > 0.05
    assert better < 0.028


@pytest.mark.long
def test_credible_limits_hold_nearly_what_they_say():
    """Over several large teams on average; in one team the fitted strength may be off."""
    held = []

    for seed in range(6):
        truth, right, total = team(400, 30, seed)
        low, high = credible(fit(right, total), right, total)
        held.append(((low <= truth) & (truth <= high)).mean())

    assert np.mean(held) >= 0.92


@given(st.floats(0.5, 0.99), st.floats(1, 300), st.integers(0, 40), st.integers(0, 40))
def test_a_shrunken_figure_lies_between_the_agents_own_and_the_teams(mean, strength, right, wrong):
    total = right + wrong
    found = float(shrunken(Prior(mean, strength), np.array([right]), np.array([total]))[0])
    own = right / total if total else mean

    assert min(own, mean) - 1e-12 <= found <= max(own, mean) + 1e-12


def test_what_chance_brings_back_is_the_shrunken_figure_less_the_own():
    prior = Prior(0.945, 60.0)

    found = expected_by_chance(prior, 52, 60)

    assert found == pytest.approx(float(shrunken(prior, np.array([52.0]), np.array([60.0]))[0]) - 52 / 60)
    assert np.isnan(expected_by_chance(prior, 0, 0))


def test_the_upper_ratio_is_the_gamma_quantile_and_nears_the_truth_with_data():
    assert ratio_upper(3, 5) == pytest.approx(stats.gamma.ppf(0.8, 13, scale=1 / 15))
    assert ratio_upper(20000, 10000) == pytest.approx(2, abs=0.03)
    assert ratio_upper(0, 0) > 1


def test_no_case_and_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="needs cases"):
        fit(np.zeros(3), np.zeros(3))
    with pytest.raises(ValueError, match="needs cases"):
        fit(np.array([5.0]), np.array([3.0]))
    with pytest.raises(ValueError, match="not negative"):
        ratio_upper(-1, 1)
