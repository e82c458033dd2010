"""Baselines, questions of policy, and release after training."""

import numpy as np
import pytest

from calibration.stats.baseline import RELEASE, baseline, policy_question, recovery, team_rates
from calibration.stats.drift import HIGHEST_BASELINE


def test_thin_cells_take_the_teams_rate_and_full_ones_their_own():
    errors, cases = np.array([0.0, 60.0, 10.0, 12.0, 14.0]), np.array([0.0, 300.0, 300.0, 300.0, 300.0])

    rates = team_rates(errors, cases)

    assert 0.05 < rates[0] < 0.12
    assert rates[1] == pytest.approx(0.2, abs=0.03)


def test_a_better_team_than_the_target_is_watched_at_the_target():
    found = baseline(np.array([0.01, 0.02]), target=0.95, observed=1, expected=2)

    assert found.tolist() == pytest.approx([0.05, 0.05])


def test_an_agent_known_to_err_more_is_watched_for_a_drop_from_there():
    usual = baseline(np.array([0.08]), target=0.95, observed=0, expected=20)
    weaker = baseline(np.array([0.08]), target=0.95, observed=40, expected=20)

    assert usual == pytest.approx([0.08])
    assert 0.13 < weaker[0] < 0.17


def test_no_baseline_reaches_certainty():
    found = baseline(np.array([0.8]), target=0.95, observed=90, expected=10)

    assert found.tolist() == [HIGHEST_BASELINE]
    with pytest.raises(ValueError, match="target"):
        baseline(np.array([0.1]), target=1.0, observed=0, expected=0)


@pytest.mark.parametrize(
    ("others", "cases", "errors", "agreement_high", "said"),
    [
        (5, 40, 12, None, "others misread it"),
        (2, 40, 12, None, None),
        (5, 19, 12, None, None),
        (5, 40, 2, None, None),
        (5, 40, 2, 0.79, "graders disagree on it"),
        (5, 40, 2, 0.80, None),
        (0, 0, 0, None, None),
    ],
)
def test_a_clause_goes_to_its_owner_by_the_rate_of_others_or_by_graders(others, cases, errors, agreement_high, said):
    found = policy_question(others=others, cases=cases, errors=errors, target=0.95, agreement_high=agreement_high)

    assert found == said


def test_the_rate_of_others_is_judged_by_its_one_sided_90_percent_limit():
    """The exact limit of 5 in 40 is 6.2 %, two-sided 90 % would give 5.1 %."""
    asked = [policy_question(others=4, cases=40, errors=5, target=target) for target in (0.937, 0.940)]

    assert asked == [None, "others misread it"]


def test_healthy_others_seldom_make_a_clause_a_question():
    rng = np.random.default_rng(1)

    asked = [
        policy_question(others=6, cases=40, errors=int(wrong), target=0.95) is not None
        for wrong in rng.binomial(40, 0.05, 2000)
    ]

    assert np.mean(asked) <= 0.10


def test_release_comes_after_about_sixty_good_cases_and_seldom_in_error():
    rng = np.random.default_rng(2)

    good = [np.argmax(recovery(rng.random(400) < 0.05, bad=0.15, good=0.05) >= RELEASE) for _ in range(400)]
    bad = [(recovery(rng.random(400) < 0.15, bad=0.15, good=0.05) >= RELEASE).any() for _ in range(1000)]

    assert 40 <= np.mean(good) <= 75
    assert np.mean(bad) <= 0.05
    with pytest.raises(ValueError, match="good < bad"):
        recovery(np.zeros(3), bad=0.05, good=0.15)
