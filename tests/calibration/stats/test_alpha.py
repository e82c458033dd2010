"""Krippendorff's alpha: its pull by unit is its derivative, and its resample is itself."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.stats.alpha import category_alpha, krippendorff_alpha, specific_agreement
from calibration.stats.metrics import LEVELS
from calibration.stats.patterns import Patterns

VALUES = np.array([1.0, 2.0, 4.0])
tables = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)),
    min_size=2,
    max_size=6,
    unique_by=lambda row: row[:3],
)


def patterns_of(rows: list[tuple[int, int, int, int]]) -> Patterns:
    """Patterns from (count, count, count, units)."""
    table = np.array(rows)
    table = table[table[:, :3].sum(axis=1) > 0]
    return Patterns(table[:, :3], table[:, 3].astype(float))


@given(tables, st.sampled_from(LEVELS))
def test_a_units_pull_is_the_derivative_of_alpha(rows, level):
    patterns = patterns_of(rows).pairable
    found = krippendorff_alpha(patterns, level, VALUES)
    assume(found.reason is None)
    step = 1e-5
    slope = []
    for place in range(patterns.units.size):
        up, down = patterns.units.copy(), patterns.units.copy()
        up[place] += step
        down[place] -= step
        more = krippendorff_alpha(Patterns(patterns.counts, up), level, VALUES).value
        less = krippendorff_alpha(Patterns(patterns.counts, down), level, VALUES).value
        slope.append((more - less) / (2 * step))

    n = patterns.unit_count
    expected = n * np.array(slope) - patterns.units @ np.array(slope)

    assert found.influence == pytest.approx(expected, rel=1e-4, abs=1e-4)
    assert found.units @ found.influence == pytest.approx(0, abs=1e-7)


@given(tables, st.sampled_from(LEVELS))
def test_totals_of_all_units_give_alpha_again(rows, level):
    found = krippendorff_alpha(patterns_of(rows), level, VALUES)
    assume(found.reason is None)

    assert float(found.of_totals(found.units @ found.columns)) == pytest.approx(found.value, abs=1e-9)


@given(tables)
def test_two_categories_have_one_alpha_whatever_the_level(rows):
    patterns = patterns_of([(a, b, 0, n) for a, b, _, n in rows])
    nominal = krippendorff_alpha(patterns, "nominal", VALUES)
    assume(nominal.reason is None)

    others = [krippendorff_alpha(patterns, level, VALUES).value for level in ("ordinal", "interval", "ratio")]

    assert others == pytest.approx([nominal.value] * 3, abs=1e-9)


def test_nothing_varies_and_nothing_is_paired_are_two_reasons():
    same = krippendorff_alpha(Patterns(np.array([[3, 0]]), np.array([5.0])), "nominal", np.arange(2.0))
    single = krippendorff_alpha(Patterns(np.array([[1, 0]]), np.array([5.0])), "nominal", np.arange(2.0))

    assert same.reason == "no variation: every rating is the same category"
    assert single.reason == "no unit has two ratings"
    assert np.isnan([same.value, single.value, same.se]).all()


def test_a_category_nobody_used_has_no_specific_agreement():
    patterns = Patterns(np.array([[2, 0], [1, 1]]), np.array([3.0, 2.0]))
    unused = Patterns(np.array([[2, 0]]), np.array([3.0]))

    assert specific_agreement(patterns, 1).value == 0
    assert specific_agreement(unused, 1).reason == "the category does not occur in a unit with two ratings"


@given(tables)
def test_the_alpha_of_a_category_is_that_of_recoded_labels(rows):
    patterns = patterns_of(rows)
    own = patterns.counts[:, 1]
    recoded = Patterns(np.stack([patterns.sizes - own, own], axis=1), patterns.units)

    mine, theirs = category_alpha(patterns, 1), krippendorff_alpha(recoded, "nominal", np.arange(2.0))

    assert (mine.value, mine.se) == pytest.approx((theirs.value, theirs.se), nan_ok=True)


def test_a_very_wide_ordinal_scale_keeps_its_value_but_offers_no_resample():
    counts = np.eye(80, dtype=np.int64) + np.eye(80, k=1, dtype=np.int64)
    found = krippendorff_alpha(Patterns(counts[:-1], np.ones(79)), "ordinal", np.arange(80.0))

    assert found.value > 0.9
    assert found.se > 0
    assert found.columns.shape[1] == 0
