"""Waiting: Erlang's formulas as printed, as the chain of states gives them, and against the rules of thumb."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from calibration.stats.queueing import delay_chance, even_level, people_needed, share_within, square_root_staffing


@pytest.mark.parametrize(
    ("load", "people", "wait", "waits", "within"),
    [
        (10, 14, 20 / 180, 0.174, 0.888),  # the textbook's 200 an hour, three minutes each, answered in 20 s
        (48, 55, 15 / 240, 0.239, 0.846),  # 360 in half an hour, four minutes each, 55 people, 15 s
    ],
)
def test_worked_examples_come_out_as_printed(load, people, wait, waits, within):
    assert delay_chance(load, people) == pytest.approx(waits, abs=5e-4)
    assert share_within(load, people, wait) == pytest.approx(within, abs=5e-4)


def test_fourteen_people_answer_what_the_textbook_asks_of_them():
    assert people_needed(10, 20 / 180, 0.80) == 14
    assert share_within(10, 13, 20 / 180) < 0.80


@pytest.mark.parametrize(("load", "people"), [(0.7, 1), (3.0, 5), (11.5, 13)])
def test_the_chance_to_wait_is_that_of_the_chain_of_states(load, people):
    """Balance of births and deaths, summed over two thousand states."""
    rates = load / np.minimum(np.arange(1, 2000), people)
    states = np.concatenate(([1.0], np.cumprod(rates)))

    assert delay_chance(load, people) == pytest.approx(states[people:].sum() / states.sum(), rel=1e-9)


@given(st.floats(0.05, 60), st.floats(0, 3), st.floats(0.5, 0.99))
def test_the_fewest_people_are_enough_and_one_less_are_not(load, wait, share):
    people = people_needed(load, wait, share)

    assert share_within(load, people, wait) >= share
    assert share_within(load, people - 1, wait) < share


@pytest.mark.parametrize(("load", "wait", "share"), [(10, 1 / 9, 0.8), (40, 0.0, 0.9), (100, 0.05, 0.8), (3, 0.5, 0.9)])
def test_the_square_root_rule_is_within_two_people(load, wait, share):
    assert square_root_staffing(load, wait, share) == pytest.approx(people_needed(load, wait, share), abs=2)


def test_nothing_to_do_needs_nobody_and_too_few_never_get_through():
    assert (delay_chance(0, 0), people_needed(0, 1.0, 0.9)) == (0.0, 0)
    assert (delay_chance(5, 5), share_within(5, 5, 100.0)) == (1.0, 0.0)
    with pytest.raises(ValueError, match="negative"):
        delay_chance(-1, 2)
    with pytest.raises(ValueError, match="within"):
        people_needed(1, 1, 1.0)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 9), min_size=3, max_size=8), st.integers(1, 4))
def test_the_even_level_is_what_a_plan_of_all_hours_needs(work, allowed):
    """A linear program over two repeats gives out each hour's work to the hours before it is due."""
    hours, found = np.array(work), even_level(np.array(work), allowed)

    assert found == pytest.approx(planned(hours, allowed), abs=1e-6)


def planned(work: np.ndarray, allowed: int) -> float:
    """The least level with which a repeating plan does every hour's work within *allowed* hours, its own included."""
    n = len(work)
    window = min(allowed, n)
    cost = np.concatenate((np.zeros(n * window), [1.0]))
    whole = np.zeros((n, n * window + 1))
    limit = np.zeros((n, n * window + 1))
    for hour in range(n):
        for ahead in range(window):
            whole[hour, hour * window + ahead] = 1
            limit[(hour + ahead) % n, hour * window + ahead] = 1
    limit[:, -1] = -1
    return float(optimize.linprog(cost, A_ub=limit, b_ub=np.zeros(n), A_eq=whole, b_eq=work).x[-1])
