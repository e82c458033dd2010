"""Numbers are read as people write them, and their rank by size gives nothing away."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.generation.quantities import USUAL, Quantity, find, others


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("within 24 hours of receipt", 24, "hour"),
        ("for up to six months", 6, "month"),
        ("a 30-day window", 30, "day"),
        ("within 14 calendar days", 14, "day"),
        ("at least three members agree", 3, ""),
        ("larger than one hundred (100) repositories", 100, ""),
        ("below 40 percent of them", 40, "%"),
        ("when 3 different members report it", 3, ""),
    ],
)
def test_a_number_is_found_with_its_unit(text, value, unit):
    found = find(text)

    assert [(at.quantity.value, at.quantity.unit) for at in found] == [(value, unit)]


@pytest.mark.parametrize(
    "text", ["One of the best features", "section 4 of the rules", "costs $5 a month", "version 2.1"]
)
def test_a_number_that_limits_nothing_is_left_alone(text):
    assert find(text) == []


def test_the_noun_fits_its_number():
    assert Quantity(1, "week").written() == "1 week"
    assert Quantity(2, "day", "working").written() == "2 working days"
    assert Quantity(5000, "").written() == "5,000"


def test_the_rank_of_the_key_is_any_rank():
    ranks: Counter[int] = Counter()
    for number in range(400):
        wrong = others(Quantity(30, "day"), [], 3, number)
        ranks[sum(q.amount < 30 * 24 for q in wrong)] += 1

    assert set(ranks) == {0, 1, 2, 3}
    assert min(ranks.values()) > 70


def test_a_single_week_is_not_always_the_least():
    below = Counter(sum(q.amount < 168 for q in others(Quantity(1, "week"), [], 3, number)) for number in range(200))

    assert set(below) == {0, 1, 2, 3}


def test_one_of_a_kind_that_could_only_be_the_least_is_not_asked():
    assert others(Quantity(1, "", noun="host"), [], 3, "x") == []


def test_numbers_of_the_policy_come_first():
    wrong = others(Quantity(30, "day"), [Quantity(12, "day"), Quantity(77, "day")], 3, "seed")

    assert {q.value for q in wrong} & {12, 77}


def test_ages_are_set_against_ages():
    (found,) = find("Members are at least 16 years old.")

    assert found.quantity.unit == "age"
    written = {one.written() for one in others(found.quantity, [], 3, "x")}
    assert written and written <= {f"{age} years" for age in (13, 14, 15, 18, 21)}


@given(st.sampled_from(sorted(set(USUAL) - {"age"})), st.integers(2, 60), st.integers(0, 50))
def test_no_wrong_number_is_the_true_one_in_other_words(unit, value, seed):
    true = Quantity(float(value), unit)

    wrong = others(true, [], 3, seed)

    amounts = [q.amount for q in (true, *wrong)]
    assert all(not 0.87 < a / b < 1.15 for n, a in enumerate(amounts) for b in amounts[:n])
    assert len(wrong) in (0, 3)
