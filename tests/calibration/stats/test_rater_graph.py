"""Whether ratings can tell how good each rater is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.rater_graph import NO_ODD_CYCLE, NOT_CONNECTED, shared_units, why_not_identified

pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12)


def graph(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """One unit for each pair of raters (a pair of one rater is a unit of one rating)."""
    ratings = [(unit, rater) for unit, pair in enumerate(rows) for rater in sorted(set(pair))]
    unit, rater = np.array(ratings).T
    return unit, rater


def by_hand(rows: list[tuple[int, int]]) -> bool:
    """Whether every part of the graph has an odd closed walk, by powers of its adjacency matrix."""
    names = sorted({rater for pair in rows for rater in pair})
    table = np.zeros((6, 6))
    for a, b in rows:
        if a != b:
            table[a, b] = table[b, a] = 1
    walks, odd = table.copy(), np.diag(table) > 0
    for length in range(2, 14):
        walks = np.minimum(walks @ table, 1)
        odd |= (length % 2 == 1) & (np.diag(walks) > 0)
    return bool(odd[names].all())


@given(pairs)
def test_an_odd_cycle_in_every_part_is_what_identifies(rows):
    assert (why_not_identified(*graph(rows)) is None) == by_hand(rows)


def test_agents_and_graders_who_never_share_a_case_among_themselves_are_not_identified():
    cases = [(0, 3), (0, 4), (1, 3), (1, 4), (2, 3)]

    assert why_not_identified(*graph(cases)) == NO_ODD_CYCLE
    assert why_not_identified(*graph([*cases, (3, 4)])) is None


def test_two_groups_that_share_no_unit_are_said_apart():
    triangle = [(0, 1), (1, 2), (2, 0)]

    assert why_not_identified(*graph([*triangle, (3, 4)])) == NOT_CONNECTED


def test_known_answers_fix_the_scale_of_whoever_is_connected_with_them():
    unit, rater = graph([(0, 1), (0, 2)])

    assert why_not_identified(unit, rater) == NO_ODD_CYCLE
    assert why_not_identified(unit, rater, np.array([1, -1])) is None


def test_without_a_rating_nothing_is_identified():
    nothing = np.zeros(0, dtype=np.int64)

    assert shared_units(nothing, nothing) == {}
    assert why_not_identified(nothing, nothing) == "not identified: there is no rating"


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
def test_three_ratings_of_one_unit_are_a_triangle(order):
    assert shared_units(np.zeros(3, dtype=np.int64), np.array(order)) == {0: {1, 2}, 1: {0, 2}, 2: {0, 1}}
