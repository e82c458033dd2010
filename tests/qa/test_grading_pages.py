"""The grading pages as a person uses them, without script."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core.db import db
from qa.models.grading import Batch, Grade, Task
from tests import factories
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


def plain(page: str) -> str:
    """A page without its own address and the token against forgery, which is another one each time."""
    return re.sub(r'csrf[-_]token"( content| value)="[^"]*"|[0-9a-f]{32}', "", page)


def take(client: Browser) -> str:
    client.send("/grade/claim")
    return held(client.get("/grade").text)


def test_a_case_is_claimed_shown_graded_and_revealed_after_its_batch(desk: Desk, grader: Browser) -> None:
    desk.drawn_case(decided="none", action="keep", evidence={"report_count": 3}, reported_key="conduct/threats")
    assert "Next case" in grader.get("/grade").text

    task = take(grader)
    shown = grader.get("/grade").text
    sent = grader.send(f"/grade/{task}/grade", ANSWER)
    closed = grader.send("/grade/batch/close", follow_redirects=True)

    assert "They said that they would come to the door." in shown
    assert "Report count" in shown
    assert "Saying that somebody will be hurt" in shown
    assert "1 of 60" in shown
    assert sent.status_code == 302
    assert "Conduct: Threats" in closed.text
    assert db.session.scalars(select(Grade.committed_at)).one() is not None


def test_nothing_is_chosen_before_the_grader_chooses(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()

    take(grader)
    form = grader.get("/grade").text

    assert " checked" not in form
    assert " selected" not in form


def test_a_missing_answer_is_said_beside_its_field_and_nothing_is_stored(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()
    task = take(grader)

    answer = grader.send(f"/grade/{task}/grade", {"verdict": "violates", "note": "Look at the door."})

    assert answer.status_code == 422
    assert "Choose the clause that is met." in answer.text
    assert "Say how sure you are." in answer.text
    assert "Look at the door." in answer.text
    assert db.session.scalar(select(func.count(Grade.id))) == 0


def test_an_action_that_does_not_fit_the_verdict_is_refused_by_name(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()
    task = take(grader)

    answer = grader.send(f"/grade/{task}/grade", {**ANSWER, "action": "keep"})

    assert answer.status_code == 422
    assert "Choose an action that fits the verdict." in answer.text


def test_a_form_that_is_sent_twice_counts_once_and_gets_the_same_answer(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()
    desk.drawn_case()
    task = take(grader)
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', grader.get("/grade").text)
    assert key is not None
    filled = {**ANSWER, "idempotency_key": key[1]}

    first = grader.send(f"/grade/{task}/grade", filled)
    second = grader.send(f"/grade/{task}/grade", filled)
    other = grader.send(f"/grade/{task}/grade", {**filled, "confidence": "low"})

    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, "/grade")
    assert other.status_code == 422
    assert db.session.scalar(select(func.count(Grade.id))) == 1


def test_an_answer_that_comes_too_late_is_not_stored_and_not_lost(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()
    task = take(grader)
    grader.send(f"/grade/{task}/skip", {"reason": "broken"})

    late = grader.send(f"/grade/{task}/grade", {**ANSWER, "note": "A long thought."})

    assert late.status_code in (404, 409)
    assert "A long thought." in late.text
    assert db.session.scalar(select(func.count(Grade.id))) == 0


def test_a_grade_that_was_taken_back_stands_in_the_form_again(desk: Desk, grader: Browser) -> None:
    desk.drawn_case()
    task = take(grader)
    grader.send(f"/grade/{task}/grade", {**ANSWER, "note": "First thought."})

    grader.send("/grade/take-back")
    again = grader.get("/grade").text
    sent = grader.send(f"/grade/{task}/grade", {"verdict": "no_violation", "confidence": "low"})

    assert held(again) == task
    assert "First thought." in again
    assert sent.status_code == 302
    rows = db.session.execute(select(Grade.no, Grade.verdict, Grade.taken_back_at.is_(None)).order_by(Grade.no)).all()
    assert [tuple(row) for row in rows] == [(1, "violates", False), (2, "no_violation", True)]


def test_a_case_in_other_hands_answers_like_one_that_is_not_there(
    sqlite_app: Flask, desk: Desk, grader: Browser
) -> None:
    desk.drawn_case()
    task = take(grader)
    other = browser(sqlite_app, desk.graders[1])

    foreign = other.send(f"/grade/{task}/grade", ANSWER)
    absent = other.send(f"/grade/{'0' * 32}/grade", ANSWER)

    assert plain(foreign.text) == plain(absent.text)
    assert foreign.status_code == absent.status_code == 404


def test_a_full_batch_closes_by_itself_and_leads_to_its_reveals(desk: Desk, grader: Browser) -> None:
    for _ in range(20):
        desk.drawn_case()
    grader.send("/grade/claim")

    for _ in range(20):
        last = grader.send(f"/grade/{held(grader.get('/grade').text)}/grade", ANSWER)

    assert last.location == "/grade/batch"
    assert db.session.scalars(select(Batch.state)).one() == "closed"
    assert "Decided before" in grader.get("/grade/batch").text


def test_an_agent_does_not_get_to_the_grading_pages(sqlite_app: Flask, desk: Desk) -> None:
    agent = browser(sqlite_app, desk.agent)

    assert agent.get("/grade").status_code == 404
    assert agent.send("/grade/claim").status_code == 404
    assert db.session.scalar(select(func.count(Task.id))) == 0


@pytest.mark.parametrize(
    ("workflow", "question"),
    [
        ("abuse_report", "Does it violate a policy?"),
        ("escalation", "Does the policy ask for an urgent step?"),
        ("legal_request", "Is the request valid?"),
    ],
)
def test_each_kind_of_case_asks_the_question_that_its_answers_fit(desk: Desk, workflow: str, question: str) -> None:
    skilled = factories.actor("reviewer", skills=[f"workflow:{workflow}"])
    desk.drawn_case(workflow=workflow)
    client = browser(desk.app, skilled)

    client.send("/grade/claim")

    assert question in client.get("/grade").text
