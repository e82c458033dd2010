"""Funnel limits against the binomial distribution itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.limits import LEVEL, funnel_limits


@given(st.floats(0.5, 0.995), st.integers(5, 2000))
def test_the_limits_lie_within_one_case_of_the_binomial_s_quantiles(centre: float, n: int) -> None:
    low, high = (limit[0] for limit in funnel_limits(centre, np.array([float(n)])))

    tail = (1 - LEVEL) / 2
    assert abs(low * n - stats.binom.ppf(tail, n, centre)) <= 1 + 1e-9
    assert abs(high * n - stats.binom.ppf(1 - tail, n, centre)) <= 1 + 1e-9


def test_of_shares_at_the_centre_as_many_lie_outside_as_said() -> None:
    chance = np.random.default_rng(11)
    right = chance.binomial(120, 0.93, size=200_000)

    low, high = (limit[0] for limit in funnel_limits(0.93, np.array([120.0]), level=0.95))

    outside = ((right / 120 < low) | (right / 120 > high)).mean()
    assert 0.02 < outside < 0.07


def test_the_funnel_narrows_with_n_around_its_centre() -> None:
    low, high = funnel_limits(0.95, np.array([30.0, 100.0, 300.0, 3000.0]))

    assert low.tolist() == sorted(low.tolist())
    assert (low < 0.95).all() and (high > 0.95).all()
    assert high[0] == 1.0


@pytest.mark.parametrize(("centre", "n", "level"), [(1.0, 10.0, 0.9), (0.5, 0.0, 0.9), (0.5, 10.0, 1.0)])
def test_what_lies_outside_is_refused(centre: float, n: float, level: float) -> None:
    with pytest.raises(ValueError, match="not"):
        funnel_limits(centre, np.array([n]), level=level)
