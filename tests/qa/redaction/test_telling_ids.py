"""Ids that go with the outcome are found over many cases, and chance is not taken for a code."""

from __future__ import annotations

import random

from qa.redaction.telling_ids import telling


def ids(count: int, code: dict[bool, str], *, seed: int = 1, exceptions: int = 0) -> list[tuple[str, str, bool]]:
    rows = []
    for number in range(count):
        outcome = random.Random(seed * 1000 + number).random() < 0.3
        shown = outcome != (number < exceptions)
        rows.append(("ticket", f"{code[shown]}-{1000 + 7 * number}", outcome))
    return rows


def test_letters_that_go_with_the_outcome_are_found() -> None:
    assert telling(ids(80, {True: "RM", False: "KP"})) == {"ticket"}


def test_a_few_exceptions_do_not_hide_it() -> None:
    assert telling(ids(200, {True: "RM", False: "KP"}, exceptions=3)) == {"ticket"}


def test_a_last_digit_that_goes_with_the_outcome_is_found() -> None:
    rows = [("ticket", f"T{100 + n}{1 if n % 4 == 0 else 2}", n % 4 == 0) for n in range(60)]

    assert telling(rows) == {"ticket"}


def test_ids_that_count_up_tell_nothing() -> None:
    for seed in range(30):
        assert telling(ids(150, {True: "T", False: "T"}, seed=seed)) == set()


def test_few_cases_are_no_ground() -> None:
    assert telling(ids(12, {True: "RM", False: "KP"})) == set()


def test_where_all_outcomes_are_alike_nothing_can_tell() -> None:
    assert telling([("ticket", f"T-{n}", True) for n in range(100)]) == set()
