"""Sums of figures: as normal theory has them, lopsided limits on their own side, undefined where a part is."""

from math import isnan

import numpy as np
import pytest

from calibration.stats.harm import Share, weighted_sum
from calibration.stats.sums import summed


def test_equal_limits_on_both_sides_add_like_standard_errors():
    rng = np.random.default_rng(7)
    draws = rng.normal(2, 1, 200_000) + rng.normal(5, 2, 200_000)

    value, low, high = summed([(2, 2 - 1.96, 2 + 1.96), (5, 5 - 3.92, 5 + 3.92)])

    assert value == 7
    assert (low, high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.05)


def test_lopsided_limits_stay_on_their_side_and_agree_with_the_sum_of_harms():
    parts = [Share(0.02, 0.01, 0.05), Share(0.04, 0.02, 0.07)]

    found = summed([(one.value, one.low, one.high) for one in parts])

    same = weighted_sum(parts, [1.0, 1.0])
    assert found == pytest.approx((same.value, same.low, same.high))


def test_nothing_sums_to_nothing_and_the_undefined_to_the_undefined():
    assert summed([]) == (0.0, 0.0, 0.0)
    assert all(map(isnan, summed([(1.0, 0.0, 2.0), (float("nan"), 0.0, 1.0)])))
