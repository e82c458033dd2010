"""Any slice of the cube is what its own ratings give, also after units moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.cube import Cube, cube_of
from calibration.stats.patterns import Patterns, collapse, merge

ratings = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2)), min_size=1, max_size=60)
cells_of = st.lists(st.integers(0, 3), min_size=12, max_size=12)


def as_rows(patterns: Patterns) -> dict[tuple[int, ...], float]:
    """Units by counts."""
    return dict(zip(map(tuple, patterns.counts.tolist()), patterns.units.tolist(), strict=True))


@given(ratings, cells_of, st.sets(st.integers(0, 3), min_size=1))
def test_a_slice_is_the_collapse_of_its_own_ratings(rows, cells, chosen):
    unit, label = (np.array(column) for column in zip(*rows, strict=True))
    cell = np.array(cells)
    inside = np.isin(cell[unit], list(chosen))

    found = cube_of(unit, label, cell, 3, 4).slice(np.array(sorted(chosen)))

    assert as_rows(found) == as_rows(collapse(unit[inside], label[inside], 3, 12))


@given(ratings, cells_of)
def test_merged_slices_are_the_whole_with_its_alpha(rows, cells):
    unit, label = (np.array(column) for column in zip(*rows, strict=True))
    cube = cube_of(unit, label, np.array(cells), 3, 4)

    whole, merged = cube.slice(np.arange(4)), merge([cube.slice(np.array([code])) for code in range(4)])

    assert as_rows(whole) == as_rows(merged) == as_rows(collapse(unit, label, 3, 12))
    one, other = (krippendorff_alpha(some, "nominal", np.arange(3.0)) for some in (whole, merged))
    assert (one.value, one.se) == pytest.approx((other.value, other.se), nan_ok=True)


@given(ratings, cells_of, st.integers(0, 11), st.integers(0, 2))
def test_one_more_rating_moves_one_unit(rows, cells, unit, label):
    before = np.bincount([k for u, k in rows if u == unit], minlength=3)
    after = before + np.eye(3, dtype=np.int64)[label]
    cell = np.array(cells)

    def cube(some: list[tuple[int, int]]) -> Cube:
        units, labels = (np.array(column) for column in zip(*some, strict=True))
        return cube_of(units, labels, cell, 3, 4)

    found = cube(rows).moved(int(cell[unit]), before if before.any() else None, after)

    for code in range(4):
        wanted = cube([*rows, (unit, label)]).slice(np.array([code]))
        assert as_rows(found.slice(np.array([code]))) == as_rows(wanted)


def test_a_unit_that_is_not_there_cannot_move():
    cube = Cube(np.array([[2, 0]]), np.array([[1.0]]))

    with pytest.raises(ValueError, match="no unit of cell 0"):
        cube.moved(0, np.array([1, 1]), None)
    assert cube.moved(0, np.array([2, 0]), None).slice(np.array([0])).unit_count == 0
