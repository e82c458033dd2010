"""Cases that the grading page holds ready, and grades that it sends by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, preferences
from qa.core.db import db, write
from qa.grading import blind
from qa.grading.ahead import take_up
from qa.models.grading import Task
from tests.desk import Desk
from tests.factories import Browser, browser

ANSWER = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "confidence": "high"}


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk()


@pytest.fixture
def grader(sqlite_app: Flask, desk: Desk) -> Browser:
    return browser(sqlite_app, desk.graders[0])


def held(page: str) -> str:
    found = re.search(r"/grade/([0-9a-f]{32})/grade", page)
    assert found is not None
    return found[1]


def take(client: Browser) -> str:
    client.send("/grade/claim")
    return held(client.get("/grade").text)


def ahead(client: Browser, *have: str) -> list[str]:
    """The cases that the page gets to hold ready, a minute after the first one was taken up."""
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        page = client.send("/grade/ahead", {"have": list(have)}).text
    return re.findall(r'data-task="([0-9a-f]{32})"', page)


def test_three_cases_are_held_ready_behind_the_one_at_hand(desk: Desk, grader: Browser) -> None:
    for number in range(5):
        desk.drawn_case(text=f"Text {number}.")
    task = take(grader)

    first = ahead(grader, task)
    again = ahead(grader, task, *first)
    without = ahead(grader)

    assert len(first) == 3
    assert again == []
    assert without == [task, *first]


def test_a_grade_from_the_outbox_is_answered_in_a_word_and_the_cases_come_in_their_order(
    desk: Desk, grader: Browser
) -> None:
    for _ in range(4):
        desk.drawn_case()
    task = take(grader)
    waiting = ahead(grader, task)

    answer = grader.send(f"/grade/{task}/grade", ANSWER, headers={"X-Outbox": "1"})

    assert (answer.status_code, answer.get_json()) == (200, {"closed": False})
    assert held(grader.get("/grade").text) == waiting[0]


def test_nothing_is_held_ready_beyond_the_days_portion(desk: Desk, grader: Browser) -> None:
    write(lambda: preferences.put(desk.manager, "daily_portion", 2))
    for _ in range(4):
        desk.drawn_case()
    task = take(grader)

    waiting = ahead(grader, task)

    assert len(waiting) == 1


def test_nothing_is_taken_up_ahead_by_somebody_who_has_no_case_in_hand(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()

    assert ahead(grader) == []
    assert db.session.scalars(select(Task.state)).all() == ["waiting"]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"verdict": "violates", "note": "At the door."}, 422, "Choose the clause that is met."),
        ({**ANSWER, "action": "keep", "note": "At the door."}, 422, "Choose an action that fits the verdict."),
    ],
)
def test_what_the_outbox_could_not_store_comes_back_in_words(
    desk: Desk, grader: Browser, sent: dict[str, str], status: int, said: str
) -> None:
    desk.drawn_case()
    task = take(grader)

    answer = grader.send(f"/grade/{task}/grade", sent, headers={"X-Outbox": "1"})

    assert answer.status_code == status
    assert said in answer.text
    assert "At the door." in answer.text


def test_cases_that_were_taken_back_come_first_the_last_one_before_the_others(desk: Desk, grader: Browser) -> None:
    for _ in range(4):
        desk.drawn_case()
    one = take(grader)
    two, three, four = ahead(grader, one)
    for task in (one, two):
        grader.send(f"/grade/{task}/grade", ANSWER, headers={"X-Outbox": "1"})

    grader.send("/grade/take-back")
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        grader.send("/grade/take-back")

    assert ahead(grader) == [one, two, three, four]


def test_what_is_held_ready_comes_in_the_order_in_which_it_was_taken_up(app: Flask) -> None:
    desk = Desk()
    for _ in range(5):
        desk.drawn_case()
    grader = desk.graders[0]
    first = write(lambda: blind.claim(grader))

    with clock.fixed(clock.now() + timedelta(minutes=1)):
        tasks = write(lambda: take_up(grader))
        again = write(lambda: take_up(grader, have=tasks))

    assert tasks[0] == first == blind.held(grader)
    assert (len(tasks), again) == (4, ())
