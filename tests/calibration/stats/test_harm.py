"""Harm per case, and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.stats.harm import Share, weighted_sum
from calibration.stats.intervals import clopper_pearson


def test_one_kind_of_error_is_its_share_times_its_weight():
    found = weighted_sum([Share(0.02, 0.01, 0.05)], [3.0])

    assert (found.value, found.low, found.high) == pytest.approx((0.06, 0.03, 0.15))


def test_the_limits_of_two_kinds_lie_within_the_sums_of_their_limits():
    found = weighted_sum([Share(0.02, 0.01, 0.05), Share(0.04, 0.02, 0.07)], [1.0, 2.0])

    assert found.value == pytest.approx(0.10)
    assert 0.01 + 0.04 < found.low < found.value < found.high < 0.05 + 0.14


def test_an_undefined_share_leaves_the_sum_undefined():
    assert math.isnan(weighted_sum([Share(math.nan, 0, 1), Share(0.1, 0, 0.2)], [1.0, 2.0]).value)


def test_weights_of_other_number_or_sign_are_refused():
    for weights in ([1.0], [1.0, -1.0], []):
        with pytest.raises(ValueError, match="one weight"):
            weighted_sum([Share(0.1, 0, 0.2), Share(0.1, 0, 0.2)], weights)


def test_ninety_five_percent_limits_hold_the_true_harm_at_least_as_often():
    """Two kinds that exclude each other, 3 % and 5 % of 200 cases, weights 1 and 4; seed 5."""
    chance, held = np.random.default_rng(5), 0
    for over, missed, _ in chance.multinomial(200, [0.03, 0.05, 0.92], size=1000):
        shares = [Share(x / 200, *clopper_pearson(float(x), 200)) for x in (over, missed)]
        found = weighted_sum(shares, [1.0, 4.0])
        held += found.low <= 0.03 + 0.20 <= found.high

    assert held >= 950
