"""Portions, exposure and leave go by the day that it is where a person is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.leave import days_off, local_day
from qa.core.models import DayOff, Person
from qa.grading import blind, exposure, routing
from tests import factories
from tests.desk import Desk
from tests.qa.hearing import look

#: Half past seven in the evening of the 9th in Bogota, half past nine in the morning of the 10th in Tokyo.
EVENING = datetime(2026, 12, 10, 0, 30, tzinfo=UTC)


def somewhere(who: Actor, zone: str) -> Actor:
    write(lambda: db.session.execute(update(Person).where(Person.id == who.id).values(time_zone=zone)))
    return replace(who, time_zone=zone)


@pytest.mark.parametrize(
    ("zone", "day", "midnight", "monday"),
    [
        ("America/Bogota", "2026-12-09", "2026-12-09T05:00", "2026-12-07T05:00"),
        ("Asia/Tokyo", "2026-12-10", "2026-12-09T15:00", "2026-12-06T15:00"),
        ("UTC", "2026-12-10", "2026-12-10T00:00", "2026-12-07T00:00"),
    ],
)
def test_a_day_and_a_week_begin_at_midnight_where_somebody_is(zone: str, day: str, midnight: str, monday: str) -> None:
    who = Actor(id=1, public_id="a", name="A", time_zone=zone)
    with clock.fixed(EVENING):
        found = local_day.today(who), local_day.midnight(who), local_day.monday(who)

    assert [one.isoformat() for one in found] == [day, f"{midnight}:00+00:00", f"{monday}:00+00:00"]


def test_a_day_of_twenty_five_hours_begins_once() -> None:
    who = Actor(id=1, public_id="a", name="A", time_zone="Europe/Dublin")
    with clock.fixed(datetime(2026, 10, 25, 23, 30, tzinfo=UTC)):
        assert local_day.midnight(who) == datetime(2026, 10, 24, 23, tzinfo=UTC)


def test_what_was_graded_in_the_afternoon_counts_in_the_evening_of_the_same_day(sqlite_app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case()
    here, there = somewhere(desk.graders[0], "America/Bogota"), somewhere(desk.graders[1], "Asia/Tokyo")
    with clock.fixed(datetime(2026, 12, 9, 20, tzinfo=UTC)):
        look(here)
    desk.drawn_case()
    with clock.fixed(datetime(2026, 12, 9, 14, tzinfo=UTC)):
        look(there)

    with clock.fixed(EVENING):
        assert [blind.graded_today(one) for one in (here, there)] == [1, 0]


def test_leave_begins_at_midnight_where_somebody_is_on_both_databases(app: Flask) -> None:
    bogota = somewhere(factories.actor("reviewer", name="B"), "America/Bogota")
    tokyo = somewhere(factories.actor("reviewer", name="T"), "Asia/Tokyo")
    for one in (bogota, tokyo):
        factories.kept(DayOff(person_id=one.id, off_on=date(2026, 12, 10), kind="leave"))

    with clock.fixed(EVENING):
        at_work = db.session.scalars(select(Person.id).where(days_off.at_work())).all()
        alone = [days_off.is_on_leave(one) for one in (bogota, tokyo)]
        given = [routing.limits_of(one).on_leave for one in (bogota, tokyo)]

    assert bogota.id in at_work and tokyo.id not in at_work
    assert alone == given == [False, True]


def test_what_somebody_bears_in_a_day_is_counted_by_their_own(sqlite_app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case(sensitivity=["gore"])
    me = somewhere(desk.graders[0], "America/Bogota")
    with clock.fixed(datetime(2026, 12, 9, 20, tzinfo=UTC)):
        write(lambda: blind.claim(me))

    with clock.fixed(EVENING):
        same_day = exposure.today(me)
    with clock.fixed(datetime(2026, 12, 10, 6, tzinfo=UTC)):
        next_day = exposure.today(me)

    assert [(one.harm_class, one.shown) for one in same_day] == [("gore", 1)]
    assert next_day == []
