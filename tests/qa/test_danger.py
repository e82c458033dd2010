"""Reports of danger: the same to the grader whatever was decided before; whoever is on call hears of it if need be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock, jobs, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import DayOff, Notice
from qa.core.registries import registries
from qa.danger import danger
from qa.danger import texts as danger_texts
from qa.grading import blind
from qa.models.cases import Touch
from qa.models.danger import Danger, DangerCall
from qa.models.grading import Task
from tests import factories
from tests.desk import Desk
from tests.factories import browser

LINE = "They say where he lives and that they go there tonight."


def reported(desk: Desk, who: Actor | None = None) -> str:
    """A report by a grader of the case in their hands."""
    grader = who or desk.graders[0]
    task = write(lambda: blind.claim(grader))
    assert task is not None
    return write(lambda: danger.report(grader, task, line=LINE))


def after(seconds: float = 0, minutes: float = 0) -> None:
    """Let time pass, and the job of each minute and the comparison that are due by then be done."""
    with clock.fixed(clock.now() + timedelta(seconds=seconds, minutes=minutes)):
        write(lambda: jobs.enqueue(SYSTEM, "danger.climb"))
        jobs.run_due()
    db.session.rollback()


def state() -> str:
    """Where the one report stands."""
    db.session.rollback()
    return db.session.scalars(select(Danger.state)).one()


def called() -> list[int]:
    """Who was called, in that order."""
    db.session.rollback()
    return list(db.session.scalars(select(DangerCall.person_id).order_by(DangerCall.id)))


def test_whoever_is_on_call_hears_of_it_if_nothing_was_done_before(app: Flask) -> None:
    desk = Desk(graders=1)
    watch = factories.actor("manager", skills=["on_call"], manages=None)
    case = desk.drawn_case(decided="none", action="keep")
    reported(desk)

    after(seconds=9)
    early = called()
    after(seconds=11)

    lines = db.session.execute(select(Notice.person_id, Notice.line).where(Notice.kind == "danger")).all()
    touched = (Touch.case_id == case.id, Touch.person_id == watch.id, Touch.how == "opened")
    assert early == []
    assert (state(), called()) == ("paged", [watch.id])
    assert lines == [(watch.id, "Danger: a grader asks for somebody at once.")]
    assert db.session.scalar(select(Touch.id).where(*touched)) is not None


@pytest.mark.parametrize(("decided", "action", "ended"), [
    ("conduct/threats", "remove", True), ("conduct/threats", "keep", False), ("none", "keep", False),
])  # fmt: skip
def test_only_an_action_against_a_violation_ends_a_danger(
    sqlite_app: Flask, decided: str, action: str, ended: bool
) -> None:
    desk = Desk(graders=1)
    desk.drawn_case(decided=decided, action=action)
    reported(desk)

    after(seconds=11)

    assert state() == ("silent" if ended else "paged")
    assert bool(called()) is not ended


def test_which_actions_are_enough_is_a_setting(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case(action="warn")
    write(lambda: preferences.put(SYSTEM, "danger_actions", "remove; restrict"))
    reported(desk)

    after(seconds=11)

    assert state() == "paged"


def test_a_report_can_be_taken_back_for_ten_seconds_and_not_after(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case(decided="none", action="keep")
    report = reported(desk)

    with clock.fixed(clock.now() + timedelta(seconds=10)), pytest.raises(Refused):
        write(lambda: danger.undo(desk.graders[0], report))
    with clock.fixed(clock.now() + timedelta(seconds=9)):
        write(lambda: danger.undo(desk.graders[0], report))
    after(seconds=20)

    assert (state(), called()) == ("undone", [])


def test_a_second_report_of_a_case_is_the_first_one(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case(decided="none", action="keep")
    report = reported(desk)
    task = blind.held(desk.graders[0]) or ""

    again = write(lambda: danger.report(desk.graders[0], task, line="Really."))
    after(seconds=11)
    later = write(lambda: danger.report(desk.graders[0], task, line="Still."))

    assert report == again == later
    assert len(called()) == 1


def test_nobody_reports_a_case_of_others_or_without_a_line(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case()
    task = write(lambda: blind.claim(desk.graders[0])) or ""

    with pytest.raises(NotFound):
        write(lambda: danger.report(desk.graders[1], task, line=LINE))
    with pytest.raises(BadInput):
        write(lambda: danger.report(desk.graders[0], task, line="  "))


def test_who_does_not_answer_in_time_is_followed_by_the_next_and_then_by_the_leads(app: Flask) -> None:
    desk = Desk(graders=1)
    first = factories.actor("manager", skills=["on_call"], manages=None, name="A")
    second = factories.actor("manager", skills=["on_call"], manages=None, name="B")
    desk.drawn_case(decided="none", action="keep")
    reported(desk)

    after(seconds=11)
    after(minutes=9)
    waiting = called()
    after(minutes=11)
    after(minutes=22)
    after(minutes=33)

    assert waiting == [first.id]
    assert called() == [first.id, second.id, desk.manager.id]


def test_after_the_last_of_the_rota_it_begins_anew_until_somebody_answers(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    factories.actor("manager", skills=["on_call"], manages=None, name="A")
    desk.drawn_case(decided="none", action="keep")
    report = reported(desk)
    after(seconds=11)
    for minutes in (11, 22, 33):
        after(minutes=minutes)

    first, second = db.session.scalars(select(DangerCall).order_by(DangerCall.id)).all()
    lines = [line.person_id for line in db.session.scalars(select(Notice).where(Notice.kind == "danger"))]
    assert first.at > second.at - timedelta(minutes=12) and len(called()) == 2
    assert [lines.count(one.person_id) for one in (first, second)] == [2, 2]
    write(lambda: danger.acknowledge(desk.manager, report))
    after(minutes=60)
    assert db.session.scalar(select(func.count(Notice.id)).where(Notice.kind == "danger")) == 4


def test_a_call_that_is_answered_goes_no_further_and_is_closed_with_what_was_done(app: Flask) -> None:
    desk = Desk(graders=1)
    people = [factories.actor("manager", skills=["on_call"], manages=None, name=name) for name in ("A", "B")]
    desk.drawn_case(decided="none", action="keep")
    report = reported(desk)
    after(seconds=11)
    after(minutes=11)

    write(lambda: danger.acknowledge(people[1], report))
    after(minutes=60)
    with pytest.raises(Refused):
        write(lambda: danger.acknowledge(people[0], report))
    with pytest.raises(Refused):
        write(lambda: danger.close(people[0], report, ended="Nothing."))
    write(lambda: danger.close(people[1], report, ended="Police told."))

    assert called() == [people[0].id, people[1].id]
    assert state() == "closed"


def test_nobody_is_called_about_an_own_case_an_own_report_or_a_look_that_is_still_shut(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    grader = factories.actor("reviewer", skills=["on_call"], name="A")
    agent = factories.actor("agent", skills=["on_call"], name="B")
    looker = factories.actor("reviewer", skills=["on_call"], name="C")
    away = factories.actor("manager", skills=["on_call"], name="D")
    last = factories.actor("reviewer", skills=["on_call"], name="E")
    factories.kept(DayOff(person_id=away.id, off_on=clock.now().date(), kind="leave"))
    desk.drawn_case(decided="none", action="keep", agent_id=agent.id, looks=2)
    write(lambda: blind.claim(looker))
    reported(desk, grader)

    after(seconds=11)

    assert called() == [last.id]
    assert db.session.scalar(select(Task.id).where(Task.person_id == last.id)) is None


def test_a_test_call_is_answered_like_any_other(sqlite_app: Flask) -> None:
    desk = Desk(graders=0)
    watch = factories.actor("policy_owner", skills=["on_call"])
    lead, phone = browser(desk.app, desk.manager), browser(desk.app, watch)

    lead.send("/on-call/test")
    call = db.session.scalars(select(Danger.public_id)).one()
    home = phone.get("/").text
    shown = phone.get(f"/on-call/{call}").text
    phone.send(f"/on-call/{call}/acknowledge")
    phone.send(f"/on-call/{call}/close", {"ended": "It works."})
    listed = lead.get("/on-call").text

    assert "You are called" in home
    assert "A test call" in shown
    assert "(test)" in listed and watch.name in listed
    assert state() == "closed"


def test_the_grader_is_told_the_same_before_and_after_whatever_was_decided(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    factories.actor("manager", skills=["on_call"], manages=None)
    told: list[list[str]] = []
    for decided, action in (("conduct/threats", "remove"), ("none", "keep")):
        desk.drawn_case(decided=decided, action=action)
    for grader in desk.graders[:2]:
        client = browser(sqlite_app, grader)
        client.send("/grade/claim")
        task = blind.held(grader) or ""
        db.session.rollback()
        answers = [client.send(f"/grade/{task}/danger", {"line": LINE}, follow_redirects=True).text]
        address = re.findall(r"/grade/danger/([0-9a-f]{32})/undo", answers[0])[0]
        with clock.fixed(clock.now() + timedelta(seconds=11)):
            jobs.run_due()
            answers += [
                client.get(f"/grade/danger/{address}").text,
                client.get("/").text,
                client.get("/my-day").text,
            ]
        said = r'[0-9a-f]{32}|[2-9A-Z]{3}-[2-9A-Z]{5}|Grader \d|csrf[-_]token" (type="hidden" )?(value|content)="[^"]*'
        told.append([re.sub(said, "", one) for one in answers])

    assert sorted(db.session.scalars(select(Danger.state))) == ["paged", "silent"]
    assert told[0] == told[1]


def test_a_lead_who_grades_sees_no_call_but_the_own_ones_and_tests(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    factories.actor("manager", skills=["on_call"], manages=None)
    both = factories.actor("manager", "reviewer", manages=None)
    desk.drawn_case(decided="none", action="keep")
    reported(desk)
    after(seconds=11)

    seen = [browser(sqlite_app, who).get("/on-call").text for who in (desk.manager, both)]

    assert ["Nobody has answered yet" in text for text in seen] == [True, False]
    assert "No call yet." in seen[1]


def test_an_erased_case_takes_what_was_said_of_its_danger_along(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    cases = [desk.drawn_case(decided="none", action="keep") for _ in range(2)]
    for grader in desk.graders[:2]:
        reported(desk, grader)
    first = db.session.scalars(select(Task.case_id).join(Danger, Danger.task_id == Task.id)).first()
    address = next(case.public_id for case in cases if case.id == first)
    holder = next(one for one in registries().text_holders if one.name == "Reports of danger")

    before = holder.count()
    emptied = [write(lambda: holder.purge([address])) for _ in range(2)]

    assert (before, emptied, holder.count()) == (2, [1, 0], 1)
    assert sorted(db.session.scalars(select(Danger.line))) == sorted([LINE, danger_texts.GONE])
