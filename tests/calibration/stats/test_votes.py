"""Answers are collapsed to their distinct sets without losing one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibration.stats.ratings import from_long
from calibration.stats.votes import votes_of

given_labels = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 1)),
    min_size=1,
    max_size=30,
    unique_by=lambda r: r[:2],
)


@given(given_labels)
def test_every_unit_finds_its_own_answers_among_the_sets(rows):
    unit, rater, label = zip(*rows, strict=True)
    ratings = from_long(unit, rater, label, categories=["0", "1"])
    votes = votes_of(ratings)
    table = votes.table.toarray()

    for code in range(ratings.unit_count):
        mine = ratings.unit == code
        answers = np.bincount(ratings.rater[mine] * 2 + ratings.label[mine], minlength=table.shape[1])
        assert table[votes.place[code]].tolist() == answers.tolist()
    assert votes.units.sum() == ratings.unit_count
    assert len({tuple(row) for row in table.tolist()}) == len(table)


def test_a_known_answer_keeps_units_apart():
    ratings = from_long(["a", "a", "b", "b"], ["x", "y", "x", "y"], ["0", "1", "0", "1"])

    together, apart = votes_of(ratings), votes_of(ratings, np.array([0, -1]))

    assert together.units.tolist() == [2.0]
    assert sorted(zip(apart.gold.tolist(), apart.units.tolist(), strict=True)) == [(-1, 1.0), (0, 1.0)]


def test_a_unit_that_nobody_rated_has_no_place():
    ratings = from_long(["a", "b", "c"], ["x", "x", "x"], ["0", "1", "0"])

    votes = votes_of(ratings.keep(np.array([True, False, True])))

    assert votes.place.tolist() == [0, -1, 0]
    assert votes.units.tolist() == [2.0]
