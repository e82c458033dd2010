"""Guesses against chance: a published table, an independent way, and the edges."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from calibration.stats.guessing import guessing
from calibration.stats.intervals import wilson


def test_the_lady_who_tastes_tea_is_right_in_six_of_eight_by_chance_in_0_243() -> None:
    """Fisher 1935, The Design of Experiments, section 5 and following: 17 of 70 arrangements."""
    guess = [True, True, True, False, True, False, False, False]

    tea = guessing([0] * 8, guess, [True] * 4 + [False] * 4)

    assert tea.p_value == pytest.approx(17 / 70)
    assert (tea.share, tea.chance) == (0.75, 0.5)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_one_own_answer_gives_fishers_exact_test(pairs: list[tuple[bool, bool]]) -> None:
    said, was = np.array(pairs).T
    table = [[(said & was).sum(), (said & ~was).sum()], [(~said & was).sum(), (~said & ~was).sum()]]

    found = guessing([0] * len(pairs), said.tolist(), was.tolist())

    assert found.p_value == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_over_two_own_answers_it_is_the_share_of_all_shufflings_within_each() -> None:
    own = [0, 0, 0, 0, 1, 1, 1]
    said = [True, True, False, False, True, False, False]
    was = [True, True, True, False, True, False, True]
    seen = sum(a == b for a, b in zip(said, was, strict=True))

    hits = [
        sum(a == b for a, b in zip(said, (*one, *two), strict=True))
        for one in permutations(was[:4])
        for two in permutations(was[4:])
    ]

    found = guessing(own, said, was)
    assert found.p_value == pytest.approx(np.mean([hit >= seen for hit in hits]))
    assert found.chance == pytest.approx(np.mean(hits) / len(own))


def test_who_only_repeats_the_own_answer_is_right_often_and_never_better_than_chance() -> None:
    own = ["violates"] * 60 + ["no_violation"] * 60
    said = [True] * 60 + [False] * 60
    was = [True] * 57 + [False] * 3 + [False] * 57 + [True] * 3

    found = guessing(own, said, was)

    assert (found.share, found.chance) == (0.95, pytest.approx(0.95))
    assert found.p_value == 1.0
    assert (found.low, found.high) == wilson(114, 120)


def test_who_knows_when_the_decision_differs_from_the_own_answer_is_found() -> None:
    own = ["violates"] * 60
    was = [True] * 50 + [False] * 10

    found = guessing(own, was, was)

    assert found.is_better_than_chance
    assert found.excess == pytest.approx(1 - (50 * 50 + 10 * 10) / 3600)


def test_without_a_guess_nothing_is_said() -> None:
    found = guessing([], [], [])

    assert found.n == 0
    assert all(math.isnan(one) for one in (found.share, found.low, found.high, found.chance, found.p_value))
    assert not found.is_better_than_chance


def test_guesses_that_do_not_pair_with_decisions_are_refused() -> None:
    with pytest.raises(ValueError, match="do not pair"):
        guessing([0, 0], [True], [True, False])
