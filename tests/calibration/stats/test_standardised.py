"""Agents on one mix of cases, and errors over what the team would make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.stats.estimate import UNDERLYING
from calibration.stats.intervals import clopper_pearson
from calibration.stats.standardised import direct, observed_over_expected
from calibration.stats.weighted import stratified

cells = st.lists(
    st.integers(2, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(1, 900))),
    min_size=2,
    max_size=6,
)


def test_moving_to_harder_cases_lowers_the_raw_share_and_not_the_standardised_one():
    easy_queue = direct(np.array([98.0, 16.0]), np.array([100.0, 20.0]), np.array([60.0, 40.0]))
    hard_queue = direct(np.array([49.0, 80.0]), np.array([50.0, 100.0]), np.array([60.0, 40.0]))

    assert easy_queue.share == pytest.approx(hard_queue.share) == pytest.approx(0.6 * 0.98 + 0.4 * 0.8)
    assert 114 / 120 > 129 / 150


@given(cells)
def test_it_is_the_stratified_share_of_the_mix(rows):
    right, settled, mix = (np.array(column, dtype=float) for column in zip(*rows, strict=True))

    found, known = direct(right, settled, mix), stratified(mix, settled, right, UNDERLYING)

    assert found.share == pytest.approx(known.share)
    assert found.covered == 1.0
    assert found.n_effective <= found.n == known.n
    assert found.low <= found.share <= found.high


def test_one_cell_is_clopper_pearson_and_a_cell_that_was_not_met_is_said():
    found = direct(np.array([45.0, 0.0]), np.array([50.0, 0.0]), np.array([300.0, 100.0]))

    assert (found.low, found.high) == pytest.approx(clopper_pearson(45, 50))
    assert found.covered == 0.75


DESIGNS = [
    ([0.98, 0.92, 0.8], [30, 20, 10], [0.7, 0.2, 0.1], 0.97),
    ([0.99, 0.95], [60, 10], [0.4, 0.6], 0.96),
    ([0.97, 0.9, 0.8, 0.95], [25, 25, 25, 25], [0.1, 0.2, 0.3, 0.4], 0.95),
    # a third of the mix on eight cases: too little to know it by
    ([0.98, 0.9, 0.75], [40, 15, 8], [0.5, 0.2, 0.3], 0.90),
]


@pytest.mark.parametrize(("rates", "cases", "mix", "least"), DESIGNS)
def test_the_interval_holds_the_share_of_the_mix(rates, cases, mix, least):
    rng = np.random.default_rng(4)
    truth, held = float(np.dot(mix, rates)), 0
    for _ in range(800):
        found = direct(rng.binomial(cases, rates).astype(float), np.array(cases, dtype=float), np.array(mix))
        held += found.low <= truth <= found.high

    assert held / 800 >= least - 0.02


def test_nothing_met_is_no_figure_and_contradictions_are_refused():
    assert np.isnan(direct(np.array([0.0]), np.array([0.0]), np.array([5.0])).share)
    for wrong in (([3.0], [2.0], [1.0]), ([-1.0], [2.0], [1.0]), ([1.0], [2.0], [0.0])):
        with pytest.raises(ValueError, match="right lies within"):
            direct(*(np.array(column) for column in wrong))


def test_ten_errors_have_garwoods_limits():
    """Garwood 1936: ten events, 4.795 to 18.390."""
    ratio, (low, high) = observed_over_expected(10, 1)

    assert ratio == 10
    assert (low, high) == pytest.approx((4.795, 18.390), abs=5e-4)


@given(st.integers(0, 200), st.floats(0.5, 80))
def test_the_limits_are_those_of_the_chi_square(observed, expected):
    _, (low, high) = observed_over_expected(observed, expected)

    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * observed) / 2 / expected if observed else 0.0, abs=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * observed + 2) / 2 / expected, abs=1e-9)


def test_without_an_expected_error_there_is_no_ratio():
    with pytest.raises(ValueError, match="expected ones above 0"):
        observed_over_expected(1, 0)
