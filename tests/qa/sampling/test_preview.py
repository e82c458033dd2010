"""The preview of a plan: intervals as the accuracy page will give them, and the hours of grading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from qa.sampling.allocation import allocate
from qa.sampling.preview import preview

COUNTS = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(1, 500), min_size=1, max_size=6)


def test_one_stratum_has_the_interval_of_clopper_and_pearson():
    found = preview({"all": 1000}, {"all": 100}, expected=0.95).whole

    assert (found.low, found.high) == pytest.approx(proportion_confint(95, 100, method="beta"))
    assert found.effective == 100


def test_hours_are_counted_at_15_to_30_cases_an_hour_and_look():
    found = preview({"a": 200, "b": 200}, {"a": 30, "b": 30}, looks=1.5)

    assert (found.hours_low, found.hours_high) == (3.0, 6.0)


def test_unequal_probabilities_cost_precision():
    frame = {"low": 900, "high": 100}

    fair = preview(frame, allocate(frame, 100)).whole
    skewed = preview(frame, {"low": 20, "high": 80}).whole

    assert fair.effective == pytest.approx(100, rel=1e-3)
    assert skewed.effective < 30
    assert skewed.high - skewed.low > 1.5 * (fair.high - fair.low)


def test_the_effective_size_is_that_of_the_formula():
    """W = (.5, .5), n = (10, 40): 1 / (.025 + .00625) = 32, times (t_49 / t_48)**2."""
    found = preview({"a": 500, "b": 500}, {"a": 10, "b": 40}).whole

    assert found.effective == pytest.approx(32 * (2.0095752 / 2.0106348) ** 2, rel=1e-6)


@settings(max_examples=40)
@given(COUNTS, st.integers(1, 300), st.sampled_from([0.0, 0.5, 0.95, 0.999, 1.0]))
def test_an_interval_holds_its_estimate_and_never_claims_more_than_its_cases(frame, size, expected):
    found = preview(frame, allocate(frame, size), expected=expected)

    for one in (*found.strata, found.whole):
        if one.reason is None:
            assert 0 <= one.low <= expected <= one.high <= 1
            assert 0 < one.effective <= one.drawn
        else:
            assert (one.low, one.high, one.effective) == (None, None, None)


@pytest.mark.parametrize(
    ("frame", "sizes", "said"),
    [
        ({"a": 5}, {}, "no case is drawn"),
        ({}, {}, "no case is drawn"),
        ({"a": 5, "b": 5}, {"a": 5}, "1 strata give no case"),
        ({"a": 5, "b": 5}, {"a": 1, "b": 1}, "no more cases than strata"),
    ],
)
def test_an_interval_that_cannot_be_given_says_why(frame, sizes, said):
    assert said in preview(frame, sizes).whole.reason


def test_strata_come_in_the_order_of_their_bytes():
    found = preview({"b": 9, "Z": 9, "ä": 9, "a": 0}, {"b": 1, "Z": 1, "ä": 1})

    assert [one.key for one in found.strata] == ["Z", "b", "ä"]


@pytest.mark.parametrize("how", [{"expected": 1.1}, {"level": 0}, {"looks": -1}])
def test_an_argument_out_of_its_range_is_refused(how):
    with pytest.raises(ValueError, match="no preview for"):
        preview({"a": 5}, {"a": 1}, **how)


@pytest.mark.parametrize("sizes", [{"a": 6}, {"a": -1}, {"b": 1}])
def test_sizes_that_the_frame_cannot_give_are_refused(sizes):
    with pytest.raises(ValueError, match="are asked of it"):
        preview({"a": 5}, sizes)
