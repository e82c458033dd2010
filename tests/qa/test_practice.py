"""A new grader practises on settled cases before the first real one, until a lead says that they are ready."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa import findings
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Notice
from qa.grading import answers, blind, practice
from qa.models.cases import CaseText, Touch
from qa.models.grading import Grade, Task
from qa.models.practice import PracticeCase
from tests import factories
from tests.desk import Desk
from tests.factories import browser

CASES = 4
RIGHT = {"verdict": "violates", "section_key": "conduct/threats", "action": "remove"}
NONE = {"verdict": "no_violation", "section_key": None, "action": None}


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    """A desk at which four cases were settled, half of them as violations, and told to their agent days ago."""
    with clock.fixed(clock.now() - timedelta(days=3)):
        made = Desk(graders=1)
        write(lambda: preferences.put(SYSTEM, "practice_cases", CASES))
        for number in range(CASES):
            violates = number % 2 == 0
            made.drawn_case(
                decided="conduct/threats" if violates else "none", action="remove" if violates else "keep",
                text="A threat." if violates else "A greeting.",
            )  # fmt: skip
        settle(made)
    with clock.fixed(clock.now() - timedelta(days=1)):
        write(findings.release_due)
    return made


def settle(desk: Desk) -> None:
    """The grader gives the answer that was given before, on all cases that wait."""
    grader = desk.graders[0]
    while (task := write(lambda: blind.claim(grader))) is not None:
        given = RIGHT if is_threat(task) else NONE
        write(lambda task=task, given=given: blind.grade(grader, task, confidence="high", claim_next=False, **given))
    write(lambda: blind.close_batch(grader))


def is_threat(task_id: str) -> bool:
    """Whether a case is one of the threats."""
    query = select(CaseText.text).join(Task, Task.case_id == CaseText.case_id).where(Task.public_id == task_id)
    return db.session.scalars(query).one() == "A threat."


def given(**answer: str | None) -> answers.Given:
    """An answer."""
    return answers.Given(answer["verdict"] or "", answer["section_key"], answer["action"], "high", {}, "")


def cases_of(who: Actor) -> list[PracticeCase]:
    """The cases that *who* practises on."""
    return list(db.session.scalars(
        select(PracticeCase).where(PracticeCase.person_id == who.id).order_by(PracticeCase.no)
    ))  # fmt: skip


def test_a_new_grader_is_given_no_real_case_until_a_lead_says_ready(desk: Desk) -> None:
    new = factories.actor("reviewer")
    desk.drawn_case()

    before = write(lambda: blind.claim(new))
    write(lambda: practice.say_ready(desk.manager, new.public_id))
    afterwards = write(lambda: blind.claim(new))

    told = db.session.scalars(select(Notice.line).where(Notice.person_id == new.id)).all()
    assert before is None
    assert afterwards is not None
    assert told == ["You may begin with real cases."]


def test_whoever_has_graded_before_needs_no_practice_nor_does_anybody_while_little_is_settled(desk: Desk) -> None:
    new = factories.actor("reviewer")

    wanted = [practice.is_wanted(desk.graders[0]), practice.is_wanted(new)]
    write(lambda: preferences.put(SYSTEM, "practice_cases", CASES + 1))
    wanted.append(practice.is_wanted(new))
    write(lambda: preferences.put(SYSTEM, "practice_cases", 0))
    wanted.append(practice.is_wanted(new))

    assert wanted == [False, True, False, False]


def test_what_is_settled_today_is_no_practice_yet(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    write(lambda: preferences.put(SYSTEM, "practice_cases", 1))
    desk.drawn_case()
    settle(desk)

    assert not practice.is_wanted(factories.actor("reviewer"))


def test_practice_takes_violations_and_others_in_turn_and_keeps_them_from_the_grader(desk: Desk) -> None:
    new = factories.actor("reviewer")

    write(lambda: practice.begin(new))
    texts = [row.case_id for row in cases_of(new)]

    kinds = [db.session.scalar(select(Grade.verdict).join(Task).where(Task.case_id == case_id)) for case_id in texts]
    touched = set(db.session.scalars(select(Touch.case_id).where(Touch.person_id == new.id)))
    assert kinds == ["violates", "no_violation"] * (CASES // 2)
    assert touched == set(texts)


def test_an_answer_is_compared_at_once_counts_for_nothing_and_is_given_once(desk: Desk) -> None:
    new = factories.actor("reviewer")
    grades = db.session.scalars(select(Grade.id)).all()
    write(lambda: practice.begin(new))
    one, two = (row.public_id for row in cases_of(new)[:2])

    same = write(lambda: practice.answer(new, one, given(**RIGHT)))
    other = write(lambda: practice.answer(new, two, given(**RIGHT)))
    with pytest.raises(Refused):
        write(lambda: practice.answer(new, one, given(**NONE)))

    assert (same, other) == (True, False)
    assert db.session.scalars(select(Grade.id)).all() == grades


def test_an_answer_must_be_the_own_one_and_known_to_the_form(desk: Desk) -> None:
    new = factories.actor("reviewer")
    write(lambda: practice.begin(new))
    one = cases_of(new)[0].public_id

    with pytest.raises(NotFound):
        write(lambda: practice.answer(desk.graders[0], one, given(**NONE)))
    with pytest.raises(BadInput):
        write(lambda: practice.answer(new, one, given(verdict="violates", section_key="conduct/none", action="remove")))


def test_the_pages_lead_through_practice_and_show_what_stands_at_once(desk: Desk) -> None:
    new = factories.actor("reviewer", name="Grader New")
    client, lead = browser(desk.app, new), browser(desk.app, desk.manager)

    start = client.get("/grade").text
    client.send("/practice/begin")
    for row in cases_of(new):
        page = client.get(f"/practice/{row.public_id}").text
        assert "Settled decision" not in page and f"/practice/{row.public_id}/answer" in page
        sent = {"verdict": "violates", "section": "conduct/threats", "action": "remove", "confidence": "high"}
        told = client.send(f"/practice/{row.public_id}/answer", sent, follow_redirects=True).text
        assert "Settled decision" in told
    listed = lead.get("/practice/people").text
    lead.send(f"/practice/people/{new.public_id}/ready")

    assert "first you practise" in start
    assert "Grader New" in listed and "4 of 4" in listed
    assert "You may begin with real cases." in client.get("/practice").text
    assert "Next case" in client.get("/grade").text


def test_a_form_that_is_not_complete_comes_back_with_what_is_missing(desk: Desk) -> None:
    new = factories.actor("reviewer")
    client = browser(desk.app, new)
    client.send("/practice/begin")
    row = cases_of(new)[0]

    refused = client.send(f"/practice/{row.public_id}/answer", {"verdict": "violates"})

    assert refused.status_code == 422
    assert f"/practice/{row.public_id}/answer" in refused.text


def test_the_other_database_chooses_and_compares_alike(app: Flask) -> None:
    with clock.fixed(clock.now() - timedelta(days=3)):
        desk = Desk(graders=1)
        write(lambda: preferences.put(SYSTEM, "practice_cases", 1))
        desk.drawn_case(text="A threat.")
        settle(desk)
    with clock.fixed(clock.now() - timedelta(days=1)):
        write(findings.release_due)
    new = factories.actor("reviewer")

    wanted = practice.is_wanted(new)
    write(lambda: practice.begin(new))

    assert wanted
    assert write(lambda: practice.answer(new, cases_of(new)[0].public_id, given(**RIGHT)))
