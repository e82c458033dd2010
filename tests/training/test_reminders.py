"""Reminders come in the morning of each person's working day: to the agent first, then to the lead, once a week."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock
from qa.core.db import db, write
from qa.core.models import Notice, Person
from tests import factories
from tests.training.school import School
from training import coaching, reminders
from training.announcements import announcements
from training.models.learning import Assignment

#: A Friday.
DUE = date(2026, 11, 20)


@pytest.fixture
def school(sqlite_app: Flask) -> School:
    made = School()
    made.address = made.given()
    write(lambda: db.session.execute(update(Assignment).values(due_on=DUE)))
    return made


def lines(kind: str) -> list[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Notice.person_id, Notice.line).where(Notice.kind == kind).order_by(Notice.id))
    return [tuple(row) for row in rows]


def at(moment: str) -> None:
    with clock.fixed(datetime.fromisoformat(moment)):
        write(reminders.remind)


def test_the_day_before_it_is_due_is_told_once(school: School) -> None:
    for moment in ("2026-11-18T10:00+00:00", "2026-11-19T10:00+00:00", "2026-11-19T11:00+00:00"):
        at(moment)

    assert lines("training_soon") == [(school.agent.id, "Due on 20 Nov 2026: “Swapping rules: Pushy offers”.")]


def test_what_is_overdue_is_told_on_the_first_working_morning_and_then_once_a_week(school: School) -> None:
    for moment in ("2026-11-21T10:00+00:00", "2026-11-22T10:00+00:00"):
        at(moment)
    weekend = lines("training_overdue")
    for moment in ("2026-11-23T07:00+00:00", "2026-11-23T08:00+00:00", "2026-11-24T08:00+00:00"):
        at(moment)
    first = lines("training_overdue")
    at("2026-11-30T09:00+00:00")

    assert weekend == []
    assert first == [(school.agent.id, "1 training is overdue: “Swapping rules: Pushy offers”.")]
    assert len(lines("training_overdue")) == 2


def test_the_morning_is_that_of_the_persons_own_time_zone(school: School) -> None:
    agent_id = school.agent.id
    write(lambda: db.session.execute(update(Person).where(Person.id == agent_id).values(time_zone="Asia/Tokyo")))

    at("2026-11-22T22:30+00:00")
    early = lines("training_overdue")
    at("2026-11-22T23:30+00:00")

    assert early == []
    assert [person for person, _ in lines("training_overdue")] == [agent_id]


def test_the_lead_hears_of_it_two_working_days_after_the_agent(school: School) -> None:
    at("2026-11-24T10:00+00:00")
    before = lines("training_overdue_led")
    at("2026-11-25T10:00+00:00")
    at("2026-11-26T10:00+00:00")

    assert before == []
    led = lines("training_overdue_led")
    assert [line for _, line in led] == [f"Overdue training of people you lead: {school.agent.name}."] * len(led)
    assert school.manager.id in {person for person, _ in led} and len({person for person, _ in led}) == len(led)


def test_both_are_told_on_the_day_of_the_check_they_agreed_on(school: School) -> None:
    on = clock.now().date() + timedelta(days=1)
    write(lambda: coaching.write_note(school.manager, person_id=school.agent.public_id, text="x", check_on=on))

    at("2026-11-16T12:00+00:00")
    before = lines("coaching_check")
    at("2026-11-17T12:00+00:00")
    at("2026-11-18T12:00+00:00")

    assert before == []
    assert {person for person, _ in lines("coaching_check")} == {school.manager.id, school.agent.id}
    assert len(lines("coaching_check")) == 2


def test_what_was_announced_and_not_read_is_told_again(school: School) -> None:
    values = {"kind": "process", "title": "Handing over", "body": "In writing.", "audience": "agents", "team": None}
    ref = write(lambda: announcements.announce(school.manager, due_on=date(2026, 11, 18), **values))
    reader = factories.acting(db.session.get_one(Person, school.agent.id))
    write(lambda: announcements.understood(reader, ref))

    at("2026-11-17T12:00+00:00")
    early = lines("announcement_due")
    at("2026-11-18T12:00+00:00")
    at("2026-11-19T12:00+00:00")

    assert early == []
    assert [person for person, _ in lines("announcement_due")] == [school.other.id]
