"""Intraclass correlations: the table of Shrout and Fleiss, an analysis of variance, and edges."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.stats.intraclass import NAMES, intraclass

#: Shrout & Fleiss 1979, Table 2: six targets by four judges
TABLE = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
PRINTED = {"ICC1": 0.17, "ICC2": 0.29, "ICC3": 0.71, "ICC1k": 0.44, "ICC2k": 0.62, "ICC3k": 0.91}
EXACT = {
    "ICC1": (0.165741768405476, -0.132932324874751, 0.722560062328121, 1.79467849223947),
    "ICC2": (0.289763779527559, 0.018786513374712, 0.761084369648953, 11.0272479564033),
    "ICC3": (0.714840714840715, 0.342464765033925, 0.94585825995536, 11.0272479564033),
    "ICC1k": (0.442797133679269, -0.884442155238119, 0.912415420340776, 1.79467849223947),
    "ICC2k": (0.620050547598989, 0.0711368153025035, 0.927232040167722, 11.0272479564033),
    "ICC3k": (0.909315542377069, 0.675674713816305, 0.985891678169062, 11.0272479564033),
}

tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 5), min_size=k, max_size=k), min_size=2, max_size=6)
)


@pytest.mark.parametrize("name", NAMES)
def test_the_six_coefficients_of_shrout_and_fleiss_come_out(name):
    mine = intraclass(TABLE)[name]

    assert mine.value == pytest.approx(PRINTED[name], abs=5.1e-3)
    assert (mine.value, mine.low, mine.high, mine.f) == pytest.approx(EXACT[name], abs=1e-9)


def test_the_f_test_is_that_of_an_analysis_of_variance():
    n, k = TABLE.shape
    unit, rater = np.repeat(np.eye(n), k, axis=0), np.tile(np.eye(k), (n, 1))
    both = sm.OLS(TABLE.reshape(-1), np.hstack([unit, rater[:, 1:]])).fit()
    raters_alone = sm.OLS(TABLE.reshape(-1), rater).fit()

    found = intraclass(TABLE)

    assert found["ICC3"].f == pytest.approx(both.compare_f_test(raters_alone)[0])
    assert found["ICC3"].freedom == (both.compare_f_test(raters_alone)[2], both.df_resid)


@given(tables, st.floats(0.1, 5), st.integers(-9, 9))
def test_another_scale_changes_nothing_and_a_shifted_rater_only_what_asks_for_it(rows, scale, shift):
    scores = np.array(rows, dtype=float)
    assume(np.isfinite([intraclass(scores)[name].value for name in NAMES]).all())
    moved = scores.copy()
    moved[:, 0] += shift

    plain, scaled, shifted = intraclass(scores), intraclass(scores * scale), intraclass(moved)

    assert [scaled[name].value for name in NAMES] == pytest.approx([plain[name].value for name in NAMES], abs=1e-7)
    assert shifted["ICC3"].value == pytest.approx(plain["ICC3"].value, abs=1e-7)


def test_two_raters_who_contradict_each_other_on_two_units_leave_nothing_to_be_a_share_of():
    assert np.isnan(intraclass(np.array([[0.0, 1.0], [1.0, 0.0]]))["ICC2"].value)


def test_raters_who_never_differ_agree_and_have_no_interval():
    found = intraclass(np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]))

    assert [found[name].value for name in NAMES] == pytest.approx([1.0] * 6)
    assert all(np.isnan(found[name].low) for name in NAMES)


def test_nothing_that_varies_has_no_coefficient():
    found = intraclass(np.full((3, 2), 4.0))

    assert all(np.isnan(found[name].value) for name in NAMES)


@pytest.mark.parametrize("scores", [np.ones((1, 3)), np.ones((3, 1)), np.array([[1.0, np.nan], [2.0, 3.0]])])
def test_too_little_or_a_missing_score_is_refused(scores):
    with pytest.raises(ValueError, match="needs at least two"):
        intraclass(scores)
