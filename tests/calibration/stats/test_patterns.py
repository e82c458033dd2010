"""Count patterns are exact, whatever the number of categories, and slices add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.patterns import Patterns, collapse, merge, of_units


def as_rows(patterns: Patterns) -> dict[tuple[int, ...], float]:
    """Units by counts."""
    return dict(zip(map(tuple, patterns.counts.tolist()), patterns.units.tolist(), strict=True))


def by_hand(unit: list[int], label: list[int], q: int) -> dict[tuple[int, ...], float]:
    """Units by counts, one unit at a time."""
    rows: dict[tuple[int, ...], float] = {}
    for one in sorted(set(unit)):
        counts = tuple(sum(u == one and k == c for u, k in zip(unit, label, strict=True)) for c in range(q))
        rows[counts] = rows.get(counts, 0) + 1
    return rows


ratings = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), min_size=1, max_size=60)


@given(ratings)
def test_patterns_are_the_counts_of_every_unit(rows):
    unit, label = zip(*rows, strict=True)

    patterns = collapse(np.array(unit), np.array(label), 5, 8)

    assert as_rows(patterns) == by_hand(list(unit), list(label), 5)


@given(ratings)
def test_many_categories_take_several_keys_and_stay_exact(rows):
    unit, label = zip(*rows, strict=True)
    spread = np.array(label) * 49

    patterns = collapse(np.array(unit), spread, 200, 8)

    assert patterns.counts[:, np.unique(spread)].sum() == patterns.counts.sum()
    assert as_rows(Patterns(patterns.counts[:, ::49], patterns.units)) == by_hand(list(unit), list(label), 5)


@given(ratings, st.integers(0, 8))
def test_merged_slices_are_the_whole(rows, cut):
    unit, label = (np.array(column) for column in zip(*rows, strict=True))
    part = unit < cut

    whole = collapse(unit, label, 5, 8)
    slices = [collapse(unit[part], label[part], 5, 8), collapse(unit[~part], label[~part], 5, 8)]

    assert as_rows(merge(slices)) == as_rows(whole)


@given(ratings)
def test_every_unit_finds_its_own_counts(rows):
    unit, label = (np.array(column) for column in zip(*rows, strict=True))

    counts, place = of_units(unit, label, 5, 8)

    for one in range(8):
        assert counts[place[one]].tolist() == np.bincount(label[unit == one], minlength=5).tolist()


def test_units_without_a_rating_are_left_out():
    patterns = collapse(np.array([3, 3]), np.array([0, 1]), 2, 10)

    assert as_rows(patterns) == {(1, 1): 1.0}


def test_no_category_and_no_rating_give_no_pattern():
    nothing = np.zeros(0, dtype=np.int64)

    assert collapse(nothing, nothing, 0, 0).unit_count == 0
    assert collapse(nothing, nothing, 3, 0).unit_count == 0


def test_patterns_over_other_categories_do_not_merge():
    two = Patterns(np.array([[1, 1]]), np.array([1.0]))
    three = Patterns(np.array([[1, 1, 0]]), np.array([1.0]))

    with pytest.raises(ValueError, match="same categories"):
        merge([two, three])
