"""Streams that are carried on are those of one run, to the last bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.stats.mixture import State, log_ratios, traces


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(0, 60), min_size=1, max_size=5), st.integers(1, 12))
def test_evidence_that_is_carried_on_is_that_of_one_run_to_the_last_bit(seed, sizes, policies):
    chance = np.random.default_rng(seed)
    cases = sum(sizes)
    policy = chance.integers(0, policies, cases)
    ratios = log_ratios((chance.random(cases) < 0.2).astype(float), chance.uniform(0.01, 0.5, cases))

    whole, by_policy, end = traces(policy, ratios, policies)
    state, parts = State.empty(policies), []
    for part, some in zip(
        np.split(policy, np.cumsum(sizes)[:-1]), np.split(ratios, np.cumsum(sizes)[:-1]), strict=True
    ):
        evidence, shares, state = traces(part, some, policies, state)
        parts.append((evidence, shares))

    assert np.array_equal(np.concatenate([evidence for evidence, _ in parts]), whole)
    assert np.array_equal(np.concatenate([shares for _, shares in parts]), by_policy)
    assert np.array_equal(state.pooled, end.pooled)
    assert np.array_equal(state.by_policy, end.by_policy)
