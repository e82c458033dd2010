"""Every pair of raters has the kappa of its own table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.agreement_interval import log_t
from calibration.stats.coefficients import coefficient
from calibration.stats.metrics import agreement_weights
from calibration.stats.pairs import pairs
from calibration.stats.patterns import Patterns
from calibration.stats.ratings import from_long
from calibration.stats.resample import most_hidden, with_hidden
from calibration.stats.two_raters import cohen, two_rater_table

cells = st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 3)), st.integers(0, 2), min_size=2, max_size=40)


@given(cells, st.sampled_from(["identity", "linear"]))
def test_each_pair_is_the_table_of_the_two(labels, kind):
    rows = [(unit, rater, label) for (unit, rater), label in labels.items()]
    ratings = from_long(*zip(*rows, strict=True), categories=["0", "1", "2"])
    weights = agreement_weights(kind, np.arange(3.0))

    found = pairs(ratings, weights)

    seen = list(zip(found.a.tolist(), found.b.tolist(), strict=True))
    for place, (a, b) in enumerate(seen):
        table = two_rater_table(ratings, a, b)
        one = cohen(table, weights)
        assert found.units[place] == table.sum()
        assert found.percent[place] == pytest.approx((table * weights).sum() / table.sum())
        assert found.cohen_kappa[place] == pytest.approx(one.value, nan_ok=True, abs=1e-9)
        assert found.se[place] == pytest.approx(one.se, nan_ok=True, abs=1e-9)
    everyone = range(len(ratings.raters))
    sharing = [(a, b) for a in everyone for b in everyone[a + 1 :] if two_rater_table(ratings, a, b).sum()]
    assert seen == sharing


@given(cells)
def test_the_interval_is_t_on_the_log_scale(labels):
    rows = [(unit, rater, label) for (unit, rater), label in labels.items()]
    found = pairs(from_long(*zip(*rows, strict=True), categories=["0", "1", "2"]), np.eye(3))
    usable = np.flatnonzero((found.units >= 2) & (found.cohen_kappa < 1 - 1e-9))

    for place in usable:
        interval = log_t(found.cohen_kappa[place], found.se[place], found.units[place], 0.95)
        assert (found.low[place], found.high[place]) == pytest.approx(interval)


def test_two_who_never_disagreed_have_a_lower_limit_below_one():
    rows = [(unit, rater, unit % 2) for unit in range(40) for rater in (0, 1)]

    found = pairs(from_long(*zip(*rows, strict=True)), np.eye(2))

    unanimous = Patterns(np.array([[2, 0], [0, 2]]), np.array([20.0, 20.0]))
    hidden = with_hidden(unanimous, most_hidden(40, 0.95))

    assert found.cohen_kappa.tolist() == [1.0]
    assert found.low[0] == pytest.approx(coefficient("fleiss_kappa", hidden, np.eye(2)).value)
    assert found.high[0] == 1.0


def test_one_common_unit_or_one_category_gives_no_limits():
    alone = pairs(from_long([1, 1], ["a", "b"], ["x", "y"]), np.eye(2))
    flat = pairs(from_long([1, 1, 2, 2], ["a", "b", "a", "b"], ["x"] * 4), np.eye(1))

    assert np.isnan([alone.low[0], alone.high[0]]).all()
    assert np.isnan([flat.cohen_kappa[0], flat.low[0]]).all()


def test_raters_without_a_common_unit_are_no_pair():
    found = pairs(from_long([1, 2], ["a", "b"], ["x", "y"]), np.eye(2))

    assert found.units.size == 0
