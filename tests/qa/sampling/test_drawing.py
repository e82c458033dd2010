"""Draws: exact probabilities, uniform selection, nesting, and the same cases in whatever order they come."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from qa.sampling.allocation import allocate
from qa.sampling.drawing import draw, numbered_strata
from qa.sampling.selection import numbering

FRAME = {"r01": 40, "r02": 7, "r03": 1, "r04": 0}


def frame_of(counts, key=b"autumn"):
    """Numbered strata with so many cases each."""
    code = numbering(key, "desk")
    return {
        stratum: [(code(f"{stratum}-{place}"), f"{stratum}-{place}") for place in range(count)]
        for stratum, count in counts.items()
    }


def test_every_case_carries_the_exact_probability_of_its_stratum():
    taken = draw(frame_of({"a": 30, "b": 7}), {"a": 10, "b": 7})

    assert [(one.key, one.frame, one.drawn, one.exact) for one in taken.strata] == [
        ("a", 30, 10, Fraction(1, 3)),
        ("b", 7, 7, Fraction(1)),
    ]
    assert {(case.stratum, case.probability, case.weight) for case in taken.cases} == {
        ("a", 1 / 3, 3.0),
        ("b", 1.0, 1.0),
    }
    assert taken.frame_size == 37


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=2), st.integers(0, 25), max_size=6), st.integers(0, 80))
def test_weights_add_up_to_the_frame(counts, size):
    sizes = allocate(counts, size)

    taken = draw(frame_of(counts), sizes)

    for one in taken.strata:
        weights = [Fraction(one.frame, one.drawn) for case in taken.cases if case.stratum == one.key]
        assert len(weights) == one.drawn == sizes[one.key]
        assert sum(weights) == (one.frame if one.drawn else 0)


@given(st.integers(0, 48), st.integers(0, 10))
def test_a_larger_size_contains_the_smaller_draw(size, more):
    frame = frame_of(FRAME)

    smaller = {case.case_id for case in draw(frame, allocate(FRAME, size)).cases}
    larger = {case.case_id for case in draw(frame, allocate(FRAME, size + more)).cases}

    assert smaller <= larger


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_strata_changes_nothing(chance):
    frame = frame_of(FRAME)
    mixed = {
        key: random.Random(chance.random()).sample(frame[key], len(frame[key]))
        for key in random.Random(chance.random()).sample(list(frame), len(frame))
    }
    sizes = allocate(FRAME, 20)

    assert draw(mixed, sizes) == draw(frame, sizes)


def test_cases_are_drawn_equally_often_under_many_keys():
    drawn = dict.fromkeys((f"a-{place}" for place in range(20)), 0)

    for key in range(2000):
        for case in draw(frame_of({"a": 20}, key=b"%d" % key), {"a": 5}).cases:
            drawn[case.case_id] += 1

    # Drawing without replacement, the statistic is (N - n) / (N - 1) of a chi-square with N - 1 freedoms.
    assert chisquare(list(drawn.values())).statistic * 19 / 15 == pytest.approx(19, abs=3 * math.sqrt(38))
    assert set(drawn.values()) != {500}


def test_pairs_of_cases_are_drawn_as_often_as_in_simple_random_sampling():
    together = dict.fromkeys(((one, other) for one in range(6) for other in range(one)), 0)

    for key in range(3000):
        places = sorted(int(case.case_id[2:]) for case in draw(frame_of({"a": 6}, b"%d" % key), {"a": 2}).cases)
        together[places[1], places[0]] += 1

    assert chisquare(list(together.values())).pvalue > 0.001


def test_the_weighted_mean_is_unbiased_and_the_plain_one_is_not():
    """The classical mistake: equal sizes over unequal tiers, read without weights."""
    counts, right = {"high": 100, "low": 900}, {"high": 0.5, "low": 1.0}
    weighted, plain = [], []

    for key in range(300):
        cases = draw(frame_of(counts, b"%d" % key), {"high": 20, "low": 20}).cases
        marks = [int(case.case_id.split("-")[1]) % 100 < 100 * right[case.stratum] for case in cases]
        weights = [case.weight for case in cases]
        weighted.append(sum(w * m for w, m in zip(weights, marks, strict=True)) / sum(weights))
        plain.append(sum(marks) / len(marks))

    assert sum(weighted) / 300 == pytest.approx(0.95, abs=0.003)
    assert sum(plain) / 300 == pytest.approx(0.75, abs=0.02)


def test_a_stratum_of_which_nothing_was_drawn_is_listed():
    taken = draw(frame_of({"a": 3, "b": 0}), {"b": 0})

    assert [(one.key, one.drawn, one.probability) for one in taken.strata] == [("a", 0, 0.0), ("b", 0, 0.0)]
    assert math.isnan(taken.strata[0].weight)
    assert taken.cases == ()


def test_cases_are_gathered_into_their_strata():
    found = numbered_strata([("b", 5, "x"), ("a", 1, "y"), ("b", 2, "z")])

    assert found == {"b": [(5, "x"), (2, "z")], "a": [(1, "y")]}


def test_a_case_that_stands_in_the_frame_twice_is_refused():
    with pytest.raises(ValueError, match="case 'x' stands in the frame twice"):
        numbered_strata([("a", 5, "x"), ("b", 5, "x")])


@pytest.mark.parametrize(
    ("sizes", "said"),
    [({"a": 4}, "holds 3 cases, 4 are asked"), ({"c": 1}, "no stratum 'c'"), ({"a": -1}, "0 or more")],
)
def test_a_draw_that_cannot_be_is_refused(sizes, said):
    with pytest.raises(ValueError, match=said):
        draw(frame_of({"a": 3}), sizes)
