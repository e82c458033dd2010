"""Sizes and limits of many shares at once are those of each share alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.at_once import design_sizes, limits
from calibration.stats.estimate import PERIOD, UNDERLYING, Sampled, at_size, design_size

shares = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.01, 0.99))
rows = st.tuples(
    shares, st.sampled_from([0.0, 1e-5, 0.002, 0.1]), st.integers(1, 500), st.integers(0, 20), st.integers(1, 3),
    st.integers(0, 3000),
)  # fmt: skip


@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from([UNDERLYING, PERIOD]), st.sampled_from([0.9, 0.95]))
def test_each_size_and_each_limit_is_that_of_the_share_alone(
    some: list[tuple[float, float, int, int, int, int]], estimand: str, level: float
) -> None:
    alone = [
        Sampled(share, variance, n, max(n - strata - less, 0), strata, float(n + more))
        for share, variance, n, less, strata, more in some
    ]
    columns = [np.array([getattr(one, name) for one in alone], dtype=np.float64)
               for name in ("share", "variance", "n", "freedom", "strata", "frame")]  # fmt: skip

    sizes = design_sizes(*columns, estimand=estimand, level=level)
    low, high = limits(columns[0], sizes, level=level)

    assert sizes == pytest.approx([design_size(one, estimand, level) for one in alone], rel=1e-12)
    expected = [at_size(one.share, size, level=level) for one, size in zip(alone, sizes.tolist(), strict=True)]
    assert low == pytest.approx([pair[0] for pair in expected], abs=1e-12)
    assert high == pytest.approx([pair[1] for pair in expected], abs=1e-12)


def test_a_share_that_is_not_known_has_no_limits() -> None:
    low, high = limits(np.array([np.nan]), np.array([20.0]), level=0.95)

    assert np.isnan(low).all() and np.isnan(high).all()
