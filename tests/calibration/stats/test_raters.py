"""Each rater beside the others, against leaving them out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import collapse
from calibration.stats.raters import beside_the_others, jackknife_spread, leaning_limits, leave_one_rater_out
from calibration.stats.ratings import Ratings, from_long

Q = 3
VALUES = np.arange(float(Q))
rows = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 4), st.integers(0, Q - 1)),
    min_size=4,
    max_size=30,
    unique_by=lambda row: row[:2],
)


def ratings_of(table: list[tuple[int, int, int]]) -> Ratings:
    return from_long(*zip(*table, strict=True), categories=[str(code) for code in range(Q)])


@given(rows, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_without_a_rater_is_what_the_others_alone_give(table, level):
    ratings = ratings_of(table)
    found = leave_one_rater_out(ratings, level, VALUES, np.eye(Q))

    for row, code in enumerate(found.rater):
        rest = ratings.keep(ratings.rater != code)
        patterns = collapse(rest.unit, rest.label, Q, rest.unit_count)
        alpha = krippendorff_alpha(patterns, level, VALUES).value
        ac = coefficient("gwet_ac", patterns, np.eye(Q)).value
        assert found.alpha[row] == pytest.approx(alpha, abs=1e-9, nan_ok=True)
        assert found.gwet_ac[row] == pytest.approx(ac, abs=1e-9, nan_ok=True)


@given(rows)
def test_the_share_of_the_others_is_what_counting_gives(table):
    found = beside_the_others(ratings_of(table))
    names = sorted({rater for _, rater, _ in table})

    for row, name in enumerate(names):
        mine = {unit: label for unit, rater, label in table if rater == name}
        gaps, same = [], []
        for unit, label in mine.items():
            others = [k for u, r, k in table if u == unit and r != name]
            if others:
                share = np.bincount(others, minlength=Q) / len(others)
                gaps.append(np.eye(Q)[label] - share)
                same.append(share[label])
        assert found.units[row] == len(gaps)
        assert found.share[row].sum() == pytest.approx(1)
        if gaps:
            assert found.same[row] == pytest.approx(np.mean(same))
            assert found.leaning[row] == pytest.approx(np.mean(gaps, axis=0))
            assert found.leaning[row].sum() == pytest.approx(0, abs=1e-9)
        else:
            assert np.isnan(found.same[row]) and np.isnan(found.leaning[row]).all()
        if len(gaps) > 1:
            assert found.se[row] == pytest.approx(np.std(gaps, axis=0, ddof=1) / np.sqrt(len(gaps)), abs=1e-7)
        else:
            assert np.isnan(found.se[row]).all()


def test_a_strict_rater_leans_and_the_limits_say_so():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 400)
    table = [(unit, rater, int(truth[unit])) for unit in range(400) for rater in (0, 1)]
    strict = [(unit, 2, int(truth[unit] or rng.random() < 0.2)) for unit in range(400)]

    found = beside_the_others(ratings_of(table + strict))
    low, high = leaning_limits(found, 0.95)

    assert found.leaning[2, 1] == pytest.approx(0.1, abs=0.03)
    assert low[2, 1] > 0 > high[2, 0]
    assert low[0, 1] < 0 and found.leaning[0, 1] == pytest.approx(-found.leaning[2, 1] / 2, abs=1e-9)


def test_the_spread_over_raters_is_the_jackknifes():
    values = np.array([0.61, 0.70, 0.66, 0.69])
    pseudo = 4 * 0.665 - 3 * values

    assert jackknife_spread(values) == pytest.approx(pseudo.std(ddof=1) / np.sqrt(4))
    assert np.isnan(jackknife_spread(np.array([0.5])))
    assert np.isnan(jackknife_spread(np.array([0.5, np.nan])))
