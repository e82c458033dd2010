"""Where a rater errs more: exact limits, and how often an even rater is named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.standing_out import error_lower, stands_out

counts = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.9, 0.95, 0.998]))
def test_the_limit_is_the_exact_binomial_one(pair, level):
    errors, total = pair
    exact = stats.binomtest(errors, total, alternative="greater").proportion_ci(level, method="exact").low

    assert error_lower(np.array([errors]), np.array([total]), level=level)[0] == pytest.approx(exact, abs=1e-9)


def test_without_a_case_there_is_no_limit_and_nothing_stands_out():
    assert np.isnan(error_lower(np.array([0.0]), np.array([0.0]), level=0.95)).all()
    assert stands_out(np.array([0.0, 9.0]), np.array([0.0, 10.0])).tolist() == [False, False]


def test_one_error_in_a_small_cell_does_not_stand_out():
    assert not stands_out(np.array([1.0, 10.0]), np.array([6.0, 400.0])).any()


def test_a_rater_who_errs_alike_everywhere_is_seldom_named():
    rng = np.random.default_rng(5)
    total = np.array([14, 33, 40, 60, 90, 120] * 4, dtype=float)
    named = sum(stands_out(rng.binomial(total.astype(int), 0.04).astype(float), total).any() for _ in range(600))

    assert named / 600 <= 0.07


def test_a_cell_that_is_much_worse_is_named():
    rng = np.random.default_rng(6)
    total = np.full(20, 50)
    named = 0
    for _ in range(100):
        errors = rng.binomial(total, [0.25, *[0.03] * 19])
        named += bool(stands_out(errors.astype(float), total.astype(float))[0])

    assert named >= 95
