"""The correction for fallible graders: the worked numbers, its limits, and what it covers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.rogan_gladen import Observed, lang_reiczigel, rogan_gladen

rates = st.floats(0.0, 1.0)


@given(rates, st.floats(0.6, 1.0), st.floats(0.6, 1.0))
def test_what_fallible_graders_would_see_is_turned_back(error, sensitivity, specificity):
    seen = error * sensitivity + (1 - error) * (1 - specificity)

    assert rogan_gladen(seen, sensitivity, specificity) == pytest.approx(error, abs=1e-9)


def test_the_prevalence_of_three_herds_comes_out():
    """210 animals, 8 positive, sensitivity 0.60 and specificity 0.90: less than chance, so nought."""
    assert rogan_gladen(8 / 210, 0.60, 0.90) == 0.0
    assert rogan_gladen(23 / 150, 0.96, 0.89) == pytest.approx(0.051, abs=5e-4)


def test_graders_who_guess_tell_nothing():
    assert np.isnan(rogan_gladen(0.3, 0.5, 0.5))
    assert np.isnan(lang_reiczigel(Observed(3, 10), Observed(3, 10), Observed(7, 10))).all()
    assert np.isnan(lang_reiczigel(Observed(0, 0), Observed(9, 10), Observed(9, 10))).all()


def test_perfect_graders_leave_the_interval_of_agresti_and_coull():
    endless = Observed(10**12, 10**12)
    z = 1.959963984540054
    n, p = 200 + z**2, (12 + z**2 / 2) / (200 + z**2)

    low, high = lang_reiczigel(Observed(12, 200), endless, endless)

    half = z * np.sqrt(p * (1 - p) / n)
    assert (low, high) == pytest.approx((p - half, p + half), abs=1e-9)


def test_the_interval_holds_the_rate_as_often_as_it_says():
    rng = np.random.default_rng(12)
    error, sensitivity, specificity, held = 0.06, 0.97, 0.96, 0
    for _ in range(1500):
        seen = rng.binomial(300, error * sensitivity + (1 - error) * (1 - specificity))
        low, high = lang_reiczigel(
            Observed(seen, 300),
            Observed(rng.binomial(60, sensitivity), 60),
            Observed(rng.binomial(400, specificity), 400),
        )
        held += low <= error <= high

    assert 0.935 <= held / 1500 <= 0.985


@pytest.mark.parametrize("hits", [-1, 11])
def test_counts_that_contradict_each_other_are_refused(hits):
    with pytest.raises(ValueError, match="hits lie within"):
        Observed(hits, 10)


def test_a_level_out_of_range_is_refused():
    with pytest.raises(ValueError, match="level lies between"):
        lang_reiczigel(Observed(1, 10), Observed(9, 10), Observed(9, 10), level=95)
