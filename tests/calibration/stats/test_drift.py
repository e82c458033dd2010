"""The detector's evidence, crossings, resets and shares, and the bound on false alarms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.drift import (
    act_threshold,
    detect,
    expected_false_alarms,
    high_confidence,
    leading,
)
from calibration.stats.mixture import advance, blend, log_ratios, mixed


def drop(cases: int, *, at: int, policy: int, rate: float, seed: int = 2):
    """Four policies at 3 % errors, one of them at *rate* from case *at*."""
    rng = np.random.default_rng(seed)
    which = rng.integers(0, 4, cases)
    chance = np.where((which == policy) & (np.arange(cases) >= at), rate, 0.03)
    return which, rng.random(cases) < chance, np.full(cases, 0.05)


def test_a_drop_in_one_policy_is_found_and_named():
    which, error, baseline = drop(400, at=150, policy=2, rate=0.6)

    found = detect(which, error, baseline, policies=4, act=act_threshold(15), stop_at_act=True)

    watch, act = found.crossings
    assert (watch.level, act.level) == ("watch", "act")
    assert 150 < watch.at < act.at < 240
    assert leading(act.shares) == 2
    assert act.shares.sum() == pytest.approx(1)
    assert (act.cases, act.errors) == (act.at + 1, int(error[: act.at + 1].sum()))
    assert found.log_evidence.size == act.at + 1


def test_after_an_act_the_state_starts_anew():
    which, error, baseline = drop(400, at=0, policy=1, rate=0.7)

    found = detect(which, error, baseline, policies=4, act=1e4)
    acts = [crossing for crossing in found.crossings if crossing.level == "act"]
    after = detect(which[acts[0].at + 1 :], error[acts[0].at + 1 :], baseline[acts[0].at + 1 :], policies=4, act=1e4)

    assert len(acts) > 2
    assert acts[1].start == acts[0].at + 1
    assert found.log_evidence[acts[0].at + 1 :] == pytest.approx(after.log_evidence)


def test_watch_is_said_once_between_two_starts():
    which, error, baseline = drop(300, at=0, policy=1, rate=0.3)

    found = detect(which, error, baseline, policies=4, act=1e300)

    assert [crossing.level for crossing in found.crossings] == ["watch"]


def test_running_it_twice_gives_the_same():
    which, error, baseline = drop(200, at=50, policy=0, rate=0.5)

    first, again = (detect(which, error, baseline, policies=4, act=1e4) for _ in range(2))

    assert np.array_equal(first.log_evidence, again.log_evidence)
    assert [c.at for c in first.crossings] == [c.at for c in again.crossings]


def test_evidence_beyond_the_largest_number_stays_a_number_as_a_logarithm():
    n = 600
    found = detect(np.zeros(n, dtype=int), np.ones(n), np.full(n, 0.05), policies=1, act=math.inf)

    assert np.isfinite(found.log_evidence).all()
    assert found.log_evidence[-1] > 800
    assert np.isinf(found.evidence[-1])


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.floats(0.01, 0.3)), min_size=1, max_size=40))
def test_one_more_error_never_lowers_the_evidence(rows):
    which, error, baseline = (np.array(column) for column in zip(*rows, strict=True))
    before = detect(which, error, baseline, policies=3, act=math.inf).log_evidence
    worse = error.copy()
    worse[0] = True

    after = detect(which, worse, baseline, policies=3, act=math.inf).log_evidence

    assert (after >= before - 1e-12).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=40), st.permutations(range(4)))
def test_the_names_of_policies_change_nothing(rows, names):
    which, error = (np.array(column) for column in zip(*rows, strict=True))
    baseline = np.full(len(rows), 0.05)

    plain = detect(which, error, baseline, policies=4, act=math.inf)
    renamed = detect(np.array(names)[which], error, baseline, policies=4, act=math.inf)

    assert renamed.log_evidence == pytest.approx(plain.log_evidence)


def test_the_mean_growth_of_evidence_at_the_baseline_is_one_a_case():
    """R grows by exactly one in expectation, for each alternative: the reason for the bound."""
    ratios = np.exp(log_ratios(np.array([1, 0]), np.full(2, 0.07)))

    assert 0.07 * ratios[0] + 0.93 * ratios[1] == pytest.approx(np.ones(6))


@pytest.mark.parametrize("baseline", [0.0, 1.0, -0.1])
def test_a_baseline_that_is_no_rate_is_refused(baseline):
    with pytest.raises(ValueError, match="between 0 and 1"):
        detect(np.zeros(1, dtype=int), np.zeros(1), np.array([baseline]), policies=1, act=10)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        detect(np.zeros(2, dtype=int), np.zeros(1), np.full(2, 0.05), policies=1, act=10)
    with pytest.raises(ValueError, match="numbered"):
        detect(np.array([3]), np.zeros(1), np.full(1, 0.05), policies=2, act=10)


def test_no_case_is_no_evidence():
    found = detect(np.zeros(0, dtype=int), np.zeros(0), np.zeros(0), policies=2, act=10)

    assert (found.log_evidence.size, found.crossings) == (0, ())
    assert leading(np.zeros(0)) is None


def test_high_confidence_takes_the_largest_number_that_carries_itself():
    log_evidence = np.log([1.0, 2000.0, 1500.0, 1e6, 700.0])

    assert high_confidence(log_evidence, 780).tolist() == [False, True, True, True, False]
    assert not high_confidence(np.log([700.0]), 780).any()
    assert high_confidence(np.zeros(0), 780).size == 0


def test_expected_false_alarms_are_agents_over_years():
    assert expected_false_alarms(200, 52) == pytest.approx(10)


def alarms(agents: int, cases: int, threshold: float, seed: int) -> int:
    """Acts among *agents* at exactly the baseline, twelve policies of Zipf's sizes; states start anew."""
    rng = np.random.default_rng(seed)
    sizes = 1 / np.arange(1, 13)
    which = rng.choice(12, size=(cases, agents), p=sizes / sizes.sum())
    error = rng.random((cases, agents)) < 0.05
    pooled, streams = np.full((agents, 6), -np.inf), np.full((agents, 12, 6), -np.inf)
    by_policy, rows, count = np.full((agents, 12), -np.inf), np.arange(agents), 0
    for case in range(cases):
        ratio = log_ratios(error[case], np.full(agents, 0.05))
        pooled = advance(pooled, ratio)
        touched = advance(streams[rows, which[case]], ratio)
        streams[rows, which[case]] = touched
        by_policy[rows, which[case]] = mixed(touched)
        hit = blend(mixed(pooled), by_policy) >= math.log(threshold)
        count += int(hit.sum())
        pooled[hit], streams[hit], by_policy[hit] = -np.inf, -np.inf, -np.inf
    return count


def test_false_alarms_of_two_hundred_agent_years_stay_below_the_bound():
    found = alarms(agents=200, cases=780, threshold=3900, seed=6)

    assert 10 <= found <= 40


@pytest.mark.long
@pytest.mark.parametrize(("threshold", "bound"), [(3900, 400), (15600, 100)])
def test_false_alarms_of_two_thousand_agent_years_stay_below_the_bound(threshold, bound):
    """Two hundred agents for ten years of fifteen cases a week; measured is about 0.7 of the bound."""
    found = alarms(agents=200, cases=7800, threshold=threshold, seed=9)

    assert bound * 0.4 <= found <= bound
