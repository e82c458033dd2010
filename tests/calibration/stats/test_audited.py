"""Second looks at undisputed results: shares by chance, and the net bias against worlds whose bias is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.audited import net_bias, weighted_share
from calibration.stats.intervals import clopper_pearson

looks = st.lists(st.tuples(st.floats(0.01, 1), st.booleans()), min_size=1, max_size=60)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.01, 1))
def test_at_one_chance_it_is_the_plain_share_with_the_exact_interval(count, chance):
    changed, n = count

    share = weighted_share([(chance, number < changed) for number in range(n)])

    assert share.estimate == pytest.approx(changed / n)
    assert (share.low, share.high) == pytest.approx(clopper_pearson(changed, n), abs=1e-6)
    assert (share.n, share.changed) == (n, changed)


@given(looks)
def test_an_interval_holds_its_share(some):
    share = weighted_share(some)

    assert 0 <= share.low <= share.estimate + 1e-9
    assert share.estimate - 1e-9 <= share.high <= 1


def test_a_look_of_a_small_chance_weighs_more():
    assert weighted_share([(0.1, True), (1.0, False)]).estimate == pytest.approx(10 / 11)


def test_without_a_look_nothing_is_said():
    none, some = weighted_share([]), weighted_share([(0.5, False)])

    assert math.isnan(none.estimate)
    assert math.isnan(net_bias(none, 5, some, 5).estimate)
    assert math.isnan(net_bias(none, 0, none, 0).estimate)
    assert net_bias(none, 0, some, 5).estimate == 0


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.5, math.nan])
def test_a_chance_that_is_none_is_refused(chance):
    with pytest.raises(ValueError, match="chance"):
        weighted_share([(chance, True)])


def test_a_number_below_nought_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        net_bias(weighted_share([]), -1, weighted_share([]), 1)


def test_wrong_charges_alone_read_as_too_hard_and_wrong_clearings_as_too_kind():
    all_wrong, all_right = weighted_share([(1.0, True)] * 20), weighted_share([(1.0, False)] * 20)

    assert net_bias(all_wrong, 10, all_right, 90).estimate == pytest.approx(-0.1)
    assert net_bias(all_right, 10, all_wrong, 90).estimate == pytest.approx(0.9)


def test_the_interval_holds_the_true_bias_in_95_of_100_worlds():
    draws, held = np.random.default_rng(5), 0
    charged, cleared, wrong, missed = 100, 1900, 0.10, 0.02
    truth = (cleared * missed - charged * wrong) / (charged + cleared)

    for _ in range(400):
        errors = weighted_share([(0.5, bool(one)) for one in draws.random(50) < wrong])
        correct = weighted_share([(0.1, bool(one)) for one in draws.random(190) < missed])
        net = net_bias(errors, charged, correct, cleared)
        held += net.low <= truth <= net.high

    assert held / 400 >= 0.95
