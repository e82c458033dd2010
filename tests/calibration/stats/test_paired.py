"""Two answers to the same cases: the interval as printed in books, the power as counted out, and what n cases find."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar

from calibration.stats.paired import gap_found, paired_interval, paired_power


def test_the_interval_is_the_one_that_fagerland_lydersen_and_laake_print():
    """Statistical Analysis of Contingency Tables, chapter 8: airway hyper-responsiveness (1, 1, 7, 12)."""
    assert paired_interval(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)


def test_the_interval_is_the_one_of_propcis():
    """`scoreci.mp(25, 28, 618, 0.90)` of the R package."""
    assert paired_interval(28, 25, 618, level=0.90) == pytest.approx((-0.0148, 0.0247), abs=5e-5)


@settings(max_examples=30)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 30))
def test_the_limits_are_where_the_likeliest_table_is_z_standard_errors_off(up, down, same):
    n = up + down + same
    if n == 0:
        assert all(map(isnan, paired_interval(up, down, n)))
        return

    low, high = paired_interval(up, down, n)

    assert -1 <= low <= (up - down) / n <= high <= 1
    for limit, z in ((low, stats.norm.ppf(0.975)), (high, stats.norm.ppf(0.025))):
        if abs(limit) < 0.999:
            q = likeliest(up, down, same, limit)
            assert (up - down - n * limit) == pytest.approx(z * np.sqrt(n * (2 * q + limit * (1 - limit))), abs=0.02)


def likeliest(up: int, down: int, same: int, apart: float) -> float:
    """The chance of a pair that goes down with the largest likelihood, by search and not by the formula."""

    def against(q: float) -> float:
        chances = (q + apart, q, 1 - 2 * q - apart)
        return -sum(stats.binom.logpmf(0, 0, 0) if not k else k * np.log(max(c, 1e-300))
                    for k, c in zip((up, down, same), chances, strict=True))  # fmt: skip

    low, high = max(0.0, -apart), (1 - apart) / 2
    return float(optimize.minimize_scalar(against, bounds=(low, high), method="bounded", options={"xatol": 1e-10}).x)


def test_the_power_is_the_published_one():
    """144 pairs with chances 0.45 and 0.25 and 2.5 % on one side: 0.80 (a validated value of the R package MESS)."""
    assert paired_power(144, 0.45, 0.25) == pytest.approx(0.80, abs=5e-3)


@pytest.mark.parametrize(("n", "up", "down"), [(12, 0.5, 0.1), (20, 0.3, 0.3), (9, 0.8, 0.1), (5, 0.9, 0.05)])
def test_the_power_is_the_sum_over_all_tables_that_statsmodels_finds(n, up, down):
    found = 0.0
    for above in range(n + 1):
        for below in range(n + 1 - above):
            if above > below and mcnemar([[0, below], [above, 0]], exact=True).pvalue <= 0.05:
                found += stats.multinomial.pmf([above, below, n - above - below], n, [up, down, 1 - up - down])

    assert paired_power(n, up, down) == pytest.approx(found, abs=1e-9)


def test_the_smallest_gap_that_is_found_is_just_found():
    gap = gap_found(100, 0.20)

    assert paired_power(100, (0.20 + gap) / 2, (0.20 - gap) / 2) == pytest.approx(0.80, abs=1e-6)
    assert isnan(gap_found(100, 0.02))


def test_counts_and_chances_out_of_range_are_refused():
    with pytest.raises(ValueError, match="counts of pairs"):
        paired_interval(3, 3, 5)
    with pytest.raises(ValueError, match="together are at most 1"):
        paired_power(10, 0.6, 0.5)
    assert paired_power(10, 0.0, 0.0) == 0.0
