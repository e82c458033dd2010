"""Axes name round values and hold what is drawn."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.charts.scale import Scale, around, decimal, percent, ticks

ENDS = st.tuples(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(ENDS)
def test_ticks_are_few_even_and_hold_both_ends(ends):
    low, high = ends

    marks = ticks(low, high)

    step = marks[1] - marks[0]
    assert 3 <= len(marks) <= 8
    assert marks[0] <= low + step * 1e-6 and marks[-1] >= high - step * 1e-6
    assert all(math.isclose(b - a, step, rel_tol=1e-6, abs_tol=1e-9) for a, b in zip(marks, marks[1:], strict=False))


@pytest.mark.parametrize("ends", [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
def test_an_axis_without_length_is_refused(ends):
    with pytest.raises(ValueError, match="finite ends"):
        ticks(*ends)


def test_a_scale_maps_its_ends_and_keeps_what_is_outside_at_the_edge():
    place = Scale(0, 10, 100, 200)

    assert [place(value) for value in (0, 5, 10, -3, 99)] == [100, 150, 200, 100, 200]


@given(st.lists(st.one_of(st.none(), st.just(math.nan), st.floats(0, 1)), max_size=8))
def test_an_axis_of_shares_never_leaves_nought_to_one(values):
    low, high = around(values, floor=0.0, ceiling=1.0)

    assert 0 <= low < high <= 1
    assert all(low - 1e-9 <= v <= high + 1e-9 for v in values if v is not None and not math.isnan(v))


def test_axis_words():
    assert [percent(value) for value in (0, 0.05, 0.975, 1)] == ["0%", "5%", "97.5%", "100%"]
    assert [decimal(value) for value in (-0.2, 0.75)] == ["−0.2", "0.75"]
