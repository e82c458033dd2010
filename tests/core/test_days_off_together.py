"""Working days of several people, counted together, are those of each."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from qa.core import clock
from qa.core.db import db, write
from qa.core.leave import days_off
from qa.core.models import DayOff, Person, Team, TeamMember
from tests.factories import person


def test_several_people_get_what_each_would_get_alone(sqlite_app: Flask) -> None:
    people: list[int | None] = [None, *write(_everybody)]
    now = clock.now()

    together = {days: days_off.ends(people, now, days) for days in (0, 5, 90, 200)}

    alone = {days: {one: days_off.working_days_after(one, now, days) for one in people} for days in together}
    assert together == alone
    assert len(set(together[5].values())) > 2


def _everybody() -> list[int]:
    """Five people: of a team with a holiday, formerly of it, on leave, far away in time, and none of these."""
    today = date(2026, 11, 16)
    made = [person("agent").id or 0 for _ in range(5)]
    team = Team(name="With a holiday")
    db.session.add(team)
    db.session.flush()
    db.session.add_all([
        TeamMember(person_id=made[0], team_id=team.id, from_on=today - timedelta(days=90)),
        TeamMember(person_id=made[1], team_id=team.id, from_on=today - timedelta(days=90), to_on=today),
        DayOff(team_id=team.id, off_on=today + timedelta(days=2), kind="holiday"),
        DayOff(off_on=today + timedelta(days=1), kind="holiday"),
        *(DayOff(person_id=made[2], off_on=today + timedelta(days=ahead), kind="leave") for ahead in range(200)),
    ])  # fmt: skip
    db.session.get_one(Person, made[3]).time_zone = "Pacific/Kiritimati"
    db.session.flush()
    return made
