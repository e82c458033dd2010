"""Weights and metrics between categories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.metrics import WEIGHTS, agreement_weights, disagreement, midranks


@given(st.sampled_from(WEIGHTS), st.lists(st.integers(-20, 20), min_size=1, max_size=8, unique=True))
def test_weights_are_symmetric_shares_with_ones_on_the_diagonal(kind, values):
    weights = agreement_weights(kind, np.array(sorted(values), dtype=float))

    assert np.allclose(weights, weights.T)
    assert np.allclose(np.diag(weights), 1)
    assert weights.min() >= 0
    assert weights.max() <= 1


def test_ordinal_weights_are_gwets_for_four_categories():
    weights = agreement_weights("ordinal", np.arange(4.0))

    assert weights[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])


def test_the_ratio_metric_of_two_noughts_is_nought():
    metric = disagreement("ratio", np.array([0.0, 0.0, 2.0]))

    assert metric[0].tolist() == [0.0, 0.0, 1.0]


def test_the_ratio_level_refuses_negative_numbers():
    with pytest.raises(ValueError, match="not negative"):
        disagreement("ratio", np.array([-1.0, 2.0]))


def test_unknown_weights_and_levels_are_refused():
    with pytest.raises(ValueError, match="weights are one of"):
        agreement_weights("cubic", np.arange(3.0))
    with pytest.raises(ValueError, match="no fixed metric"):
        disagreement("ordinal", np.arange(3.0))


def test_the_gap_of_midranks_is_krippendorffs_sum_of_ranks_between():
    totals = np.array([9.0, 13.0, 10.0, 5.0, 3.0])
    places = midranks(totals)

    for k in range(5):
        for m in range(k, 5):
            between = totals[k : m + 1].sum() - (totals[k] + totals[m]) / 2
            assert abs(places[m] - places[k]) == pytest.approx(between)
