"""Working days go by holidays of everybody and of the team, by leave, and by where somebody lives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.errors import BadInput
from qa.core.leave import days_off, days_off_file
from qa.core.models import DayOff
from tests import factories

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def off(on: date, kind: str = "holiday", **whose: int) -> None:
    """A day off of everybody, a team or a person."""
    factories.kept(DayOff(off_on=on, kind=kind, **whose))


def file_of(folder: Path, *rows: str) -> Path:
    """A file of days off."""
    path = folder / "off.csv"
    path.write_text("person,team,from,to,kind\n" + "\n".join(rows) + "\n")
    return path


def test_weekends_holidays_and_leave_do_not_count_and_those_of_others_do(sqlite_app: Flask) -> None:
    ours, theirs = factories.team("Ours"), factories.team("Theirs")
    me, other = factories.person("agent", team=ours), factories.person("agent", team=theirs)
    off(date(2026, 11, 23))
    off(date(2026, 11, 24), team_id=ours.id)
    off(date(2026, 11, 25), "leave", person_id=me.id)

    ends = [days_off.working_days_after(who, FRIDAY, 1).date() for who in (None, me.id, other.id)]

    assert ends == [date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 24)]


def test_which_day_it_is_goes_by_where_somebody_lives(sqlite_app: Flask) -> None:
    far = factories.person("agent", time_zone="Pacific/Auckland")  # Saturday there when it is Friday evening in UTC
    sunday_evening = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

    moved = days_off.working_days_after(far.id, sunday_evening, 1)

    assert moved == sunday_evening + timedelta(days=1)
    assert days_off.working_days_after(far.id, datetime(2026, 11, 19, 20, 0, tzinfo=UTC), 1).date() == date(
        2026, 11, 22
    )


def test_a_long_leave_ends_some_time(sqlite_app: Flask) -> None:
    me = factories.person("agent")
    for ahead in range(1, 200):
        off(FRIDAY.date() + timedelta(days=ahead), "leave", person_id=me.id)

    back = days_off.working_days_after(me.id, FRIDAY, 1)

    assert (back.date() - FRIDAY.date()).days >= 200
    assert back.weekday() < 5


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 6))
def test_days_counted_in_two_parts_are_days_counted_at_once(sqlite_app: Flask, one: int, two: int, start: int) -> None:
    begin = FRIDAY + timedelta(days=start)

    whole = days_off.working_days_after(None, begin, one + two)

    assert days_off.working_days_after(None, days_off.working_days_after(None, begin, one), two) == whole


def test_a_file_is_taken_whole_and_a_second_time_changes_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    me = factories.person("agent", team=factories.team("Ours"), external_id="p-1")
    path = file_of(tmp_path, "p-1,,2026-12-21,2026-12-23,leave", ",Ours,2026-12-24,,holiday", ",,2026-12-25,,holiday")

    counts = days_off_file.import_file(SYSTEM, path)
    days_off_file.import_file(SYSTEM, path)

    rows = db.session.scalars(select(DayOff.off_on).order_by(DayOff.off_on)).all()
    assert counts == {"rows": 3, "days": 5, "taken_back": 0}
    assert rows == [date(2026, 12, day) for day in (21, 22, 23, 24, 25)]
    assert days_off.working_days_after(me.id, datetime(2026, 12, 18, tzinfo=UTC), 1).date() == date(2026, 12, 28)


def test_work_takes_back_what_was_entered(sqlite_app: Flask, tmp_path: Path) -> None:
    factories.person("agent", external_id="p-1")
    days_off_file.import_file(SYSTEM, file_of(tmp_path, "p-1,,2026-12-21,2026-12-23,leave"))

    counts = days_off_file.import_file(SYSTEM, file_of(tmp_path, "p-1,,2026-12-22,,work"))

    assert counts["taken_back"] == 1
    assert db.session.scalars(select(DayOff.off_on).order_by(DayOff.off_on)).all() == [
        date(2026, 12, 21), date(2026, 12, 23),
    ]  # fmt: skip


def test_a_file_with_a_fault_is_refused_whole_with_every_line(sqlite_app: Flask, tmp_path: Path) -> None:
    path = file_of(
        tmp_path, ",,2026-12-25,,holiday", "nobody,,2026-12-21,,leave", ",,21 Dec,,leave", ",,2026-12-02,2026-12-01,off"
    )

    with pytest.raises(BadInput) as refused:
        days_off_file.import_file(SYSTEM, path)

    said = [(one.line, one.field) for one in refused.value.problems]
    assert said == [(3, "person"), (4, "person"), (4, "from"), (5, "kind"), (5, "to")]
    assert db.session.scalar(select(DayOff.id)) is None


def test_a_file_names_its_columns_as_the_interfaces_do(sqlite_app: Flask, tmp_path: Path) -> None:
    me = factories.person("agent", team=factories.team("Ours"), external_id="p-1")
    path = tmp_path / "off.csv"
    path.write_text(
        "person_id,calendar,on_date,kind\np-1,,2026-11-17,leave\np-1,,2026-11-18,\n,all,2026-11-19,\n,Ours,2026-11-20,\n"
    )

    counts = days_off_file.import_file(SYSTEM, path)
    path.write_text("person_id,calendar,on_date\np-1,,2026-11-17\nnobody,,2026-11-17\n,,2026-11-17\n")
    with pytest.raises(BadInput) as refused:
        days_off_file.import_file(SYSTEM, path)

    assert counts["days"] == 4
    assert days_off.working_days_after(me.id, datetime(2026, 11, 16, tzinfo=UTC), 1).date() == date(2026, 11, 23)
    assert [(one.line, one.field) for one in refused.value.problems] == [(3, "person_id"), (4, "kind")]


def test_leave_is_of_one_person_and_one_day(app: Flask) -> None:
    me, other = factories.actor("reviewer"), factories.actor("reviewer")
    off(date(2026, 11, 16), "leave", person_id=me.id)

    away = [days_off.is_on_leave(who) for who in (me, other)]

    assert away == [True, False]
