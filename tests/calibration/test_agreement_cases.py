"""The cases behind a figure of agreement: which ones, for whom, and what is not told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from calibration import agreement_cases, periods
from calibration.agreement_cases import Which
from qa import touches
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.models import Person
from qa.grading import blind
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from tests import factories
from tests.desk import Desk

ALL = Which()


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    """Four cases with two looks: the first two the same, then one of another clause, then one left alone; one alone."""
    desk = Desk(graders=2)
    for key in ("conduct/threats", "conduct/insults", "conduct/threats", "conduct/threats"):
        desk.drawn_case(looks=2, decided=key, play_key=key, locale="de" if key.endswith("insults") else "en")
    desk.drawn_case(looks=1)
    answers = {
        0: ["conduct/threats", "conduct/insults", "conduct/threats", None, "conduct/threats"],
        1: ["conduct/threats", "conduct/insults", "conduct/insults", "conduct/threats"],
    }
    for number, grader in enumerate(desk.graders):
        grade_all(grader, answers[number])
    return desk


def grade_all(grader: Actor, answers: list[str | None]) -> None:
    """All that the queue gives, each case by the place of its name."""
    for _ in answers:
        task = write(lambda: blind.claim(grader))
        if task is None:
            break
        key = answers[place(task)]
        write(lambda task=task, key=key: blind.grade(
            grader, task, verdict="violates" if key else "no_violation", section_key=key,
            action="remove" if key else "keep", confidence="high", claim_next=False,
        ))  # fmt: skip
    write(lambda: blind.close_batch(grader))


def place(task: str) -> int:
    name = db.session.scalar(
        select(ClosedCase.external_id).join(Task, Task.case_id == ClosedCase.id).where(Task.public_id == task)
    )
    db.session.rollback()
    return int(str(name).rpartition("-")[2]) - 1


def names(found: agreement_cases.BehindAgreement) -> set[str]:
    return {row.external_id for row in found.rows}


def test_all_cases_with_two_looks_are_there_and_those_that_differ_apart(desk: Desk) -> None:
    asked = periods.period("policy")

    every = agreement_cases.behind(desk.manager, asked, ALL)
    differ = agreement_cases.behind(desk.manager, asked, Which(came="differ"))
    same = agreement_cases.behind(desk.manager, asked, Which(came="same"))

    assert (every.total, differ.total, same.total) == (4, 2, 2)
    assert names(differ) == {"case-no-3", "case-no-4"}
    row = next(row for row in differ.rows if row.external_id == "case-no-3")
    assert sorted(row.answers) == [("Conduct: Insults", 1), ("Conduct: Threats", 1)]
    assert [row.answers for row in same.rows if row.external_id == "case-no-1"] == [[("Conduct: Threats", 2)]]


def test_a_slice_an_answer_a_mixed_up_pair_and_two_graders_open_their_own(desk: Desk) -> None:
    asked, looks = periods.period("policy"), agreement_cases.behind
    mixed = Which(answers=("conduct/threats", "conduct/insults"))
    who = db.session.scalars(select(Person.external_id).where(Person.id.in_([one.id for one in desk.graders]))).all()
    db.session.rollback()

    german = looks(desk.manager, asked, Which(only={"locale": "de"}))
    insults = looks(desk.manager, asked, Which(answers=("conduct/insults",)))
    pair = looks(desk.manager, asked, mixed)
    nobody = looks(desk.manager, asked, Which(graders=("nobody",)))

    assert looks(desk.manager, asked, Which(graders=tuple(who))).total == 4
    assert names(german) == {"case-no-2"}
    assert names(insults) == {"case-no-2", "case-no-3"}
    assert names(pair) == {"case-no-3"}
    assert nobody.total == 0


def test_a_lead_of_another_team_finds_none(desk: Desk) -> None:
    other = factories.actor("manager", manages=[factories.team()])

    assert agreement_cases.behind(other, periods.period("policy"), ALL).total == 0


def test_who_may_be_given_cases_is_told_neither_answers_nor_which_cases_differ(sqlite_app: Flask, desk: Desk) -> None:
    both = factories.actor("manager", "reviewer", manages=None)

    found = agreement_cases.behind(both, periods.period("policy"), Which(came="differ", answers=("conduct/insults",)))

    assert found.total == 4
    assert all(not row.is_open and not row.answers for row in found.rows)
    page = factories.browser(sqlite_app, both).get("/agreement/cases?came=differ").text
    assert "case-no-" not in page


def test_answers_stay_closed_while_an_own_grade_of_the_case_may_be_taken_back(desk: Desk) -> None:
    both = factories.actor("manager", "reviewer", manages=None)
    task = db.session.scalars(select(Task).where(Task.person_id == desk.graders[1].id).order_by(Task.id)).first()
    assert task is not None
    of_mine = update(Task).where(Task.id == task.id)

    def opened() -> int:
        with clock.fixed(clock.now() + timedelta(days=1)):
            return sum(row.is_open for row in agreement_cases.behind(both, periods.period("policy"), ALL).rows)

    write(lambda: touches.touch(task.case_id, both.id or 0, "graded"))
    write(lambda: db.session.execute(of_mine.values(person_id=both.id, state="graded")))
    graded = opened()
    write(lambda: db.session.execute(of_mine.values(state="revealed")))

    assert (graded, opened()) == (0, 1)


def test_the_page_lists_them_and_leads_back(sqlite_app: Flask, desk: Desk) -> None:
    manager = factories.browser(sqlite_app, desk.manager)

    text = manager.get("/agreement/cases?came=differ&match=policy").text

    assert "2 cases on which looks differ" in text
    assert "Conduct: Insults" in text and "case-no-3" in text
    assert "Only agreeing ones" in text
