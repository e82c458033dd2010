"""Sessions: the spread of a case by hand, and McNemar's test as others compute it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from calibration.stats.ratings import from_long
from calibration.stats.sessions import leave_one_out, paired_change, spread_of

labels = st.lists(st.lists(st.sampled_from("xyz"), min_size=1, max_size=6), min_size=1, max_size=6)


@given(labels)
def test_the_entropy_is_scipys_and_the_top_share_is_counted(cases):
    rows = [(unit, rater, label) for unit, said in enumerate(cases) for rater, label in enumerate(said)]

    found = spread_of(from_long(*zip(*rows, strict=True)))

    for unit, said in enumerate(cases):
        shares = np.array([said.count(label) for label in sorted(set(said))]) / len(said)
        assert found.entropy[unit] == pytest.approx(stats.entropy(shares, base=2), abs=1e-12)
        assert found.top[unit] == pytest.approx(shares.max())
        assert found.counts[unit].sum() == len(said)


def test_a_case_that_nobody_labelled_has_no_spread():
    ratings = from_long(["c", "d"], ["a", "a"], ["x", "y"])

    found = spread_of(ratings.keep(np.array([True, False])))

    assert found.entropy[0] == 0 and np.isnan(found.entropy[1]) and np.isnan(found.top[1])


@given(labels)
def test_saying_what_the_others_say_is_counted_pair_by_pair(cases):
    rows = [(unit, rater, label) for unit, said in enumerate(cases) for rater, label in enumerate(said)]
    ratings = from_long(*zip(*rows, strict=True))

    found = dict(zip(map(int, ratings.raters), leave_one_out(ratings), strict=True))

    for rater, value in found.items():
        own = [(said, said[rater]) for said in cases if len(said) > max(rater, 1)]
        shares = [(said.count(label) - 1) / (len(said) - 1) for said, label in own]
        assert value == pytest.approx(np.mean(shares)) if shares else np.isnan(value)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_paired_test_is_statsmodels(better, worse, same):
    found = paired_change(better, worse, same)

    theirs = mcnemar([[same, worse], [better, 0]], exact=True).pvalue if better + worse else 1.0

    assert found.p_value == pytest.approx(min(theirs, 1.0))
    assert np.isnan(found.change) if better + worse + same == 0 else -1 <= found.change <= 1


def test_a_coin_thrown_ten_times_with_one_head_is_the_textbooks_chance():
    assert paired_change(9, 1, 0).p_value == pytest.approx(22 / 1024)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        paired_change(1, -1, 0)
