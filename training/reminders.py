"""Reminders: before a training is due, once it is overdue, and on the day of a check that two agreed on.

They come in the morning of a working day, by each person's own time zone. What is overdue is told to its agent first,
in one line for all of it, and two working days later to who leads them; then once a week each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from qa.core import clock, formats
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person
from training.leads import leads_of, tell
from training.models.announcements import Announcement
from training.models.learning import Assignment, CoachingNote
from training.models.modules import Module, ModuleVersion
from training.queries import announcements

#: From this hour on, local time.
MORNING = 8
#: So many working days after its agent a lead hears of what is overdue.
THEN_LEAD = 2
#: What one line names; the rest is counted.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Due:
    """One training that is still to be done."""

    person_id: int
    name: str
    ref: str
    title: str
    due_on: date


def remind() -> int:
    """Leave the lines of this hour, in the caller's transaction; how many were due, new or not."""
    rows = _open()
    today = _mornings({row.person_id for row in rows})
    mine = [row for row in rows if row.person_id in today]
    told = _soon(mine, today) + _overdue(mine, today) + _to_leads(rows)
    return told + _checks() + _unread()


def _open() -> list[Due]:
    query = (
        select(Assignment.person_id, Person.name, Assignment.public_id, Module.title, Assignment.due_on)
        .join(Person, Person.id == Assignment.person_id)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.state.in_(("assigned", "begun")), Person.active)
        .where(Assignment.due_on <= (clock.now() + timedelta(days=4)).date())
        .order_by(Assignment.due_on, Assignment.id)
    )
    return [Due(*row) for row in db.session.execute(query)]


def _mornings(people: Collection[int]) -> dict[int, date]:
    """Of *people* those for whom it is a working day, from the morning on: person -> the day where they are."""
    query = select(Person.id, Person.time_zone).where(Person.id.in_(people), Person.active)
    local = {row.id: clock.now().astimezone(ZoneInfo(row.time_zone or "UTC")) for row in db.session.execute(query)}
    awake: dict[date, list[int]] = defaultdict(list)
    for person_id, moment in local.items():
        if moment.hour >= MORNING:
            awake[moment.date()].append(person_id)
    return {
        person_id: day
        for day, some in awake.items()
        for person_id, worked in days_off.working_days(some, day, day).items()
        if worked
    }


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02d}"


def _named(titles: list[str]) -> str:
    shown = ", ".join(titles[:NAMED])
    return f"{shown} and {len(titles) - NAMED} more" if len(titles) > NAMED else shown


def _soon(rows: list[Due], today: Mapping[int, date]) -> int:
    """Once, on the last working day before it is due."""
    told = 0
    for row in rows:
        day = today[row.person_id]
        if day < row.due_on and days_off.working_days([row.person_id], day, row.due_on)[row.person_id] <= 2:
            line = f"Due on {formats.day(row.due_on)}: “{row.title}”."
            tell(row.person_id, "training_soon", f"{row.ref}:{row.due_on}", line, f"/training/{row.ref}")
            told += 1
    return told


def _overdue(rows: list[Due], today: Mapping[int, date]) -> int:
    """One line for all that is overdue, on the first working morning and then once a week."""
    late: dict[int, list[Due]] = defaultdict(list)
    for row in rows:
        if row.due_on < today[row.person_id]:
            late[row.person_id].append(row)
    for person_id, some in late.items():
        many = "1 training is overdue" if len(some) == 1 else f"{len(some)} trainings are overdue"
        line = f"{many}: {_named([f'“{one.title}”' for one in some])}."
        tell(person_id, "training_overdue", f"{some[0].ref}:{_week(today[person_id])}", line, "/training")
    return len(late)


def _to_leads(rows: list[Due]) -> int:
    """One line a week to each lead, of those whose training is overdue for so long that they were told before."""
    now = clock.now().date()
    late: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if row.due_on >= now:
            continue
        passed = days_off.working_days([row.person_id], row.due_on + timedelta(days=1), now)[row.person_id]
        if passed > THEN_LEAD:
            for lead in leads_of(row.person_id):
                late[lead][row.person_id] = row.name
    today = _mornings(late)
    for lead, names in late.items():
        if lead in today:
            line = f"Overdue training of people you lead: {_named(sorted(names.values()))}."
            tell(lead, "training_overdue_led", _week(today[lead]), line, "/training")
    return len(today)


def _checks() -> int:
    """The day of a check that lead and agent agreed on: both are told."""
    now = clock.now().date()
    query = select(CoachingNote).where(CoachingNote.check_on.between(now - timedelta(days=7), now + timedelta(days=1)))
    notes = db.session.scalars(query.order_by(CoachingNote.id)).all()
    today = _mornings({person for one in notes for person in (one.lead_id, one.agent_id)})
    told = 0
    for one in notes:
        for person_id in (one.lead_id, one.agent_id):
            if person_id in today and one.check_on is not None and one.check_on <= today[person_id]:
                line = "Today is the check that you two agreed on in a talk."
                tell(person_id, "coaching_check", one.public_id, line, "/coaching")
                told += 1
    return told


def _unread() -> int:
    """Announcements that should have been read: told again to whoever has not, once a week."""
    told = 0
    for row in announcements.late(clock.now().date()):
        missing = {one.id for one in announcements.missing(row)}
        told += _again(row, _mornings(missing))
    return told


def _again(row: Announcement, today: Mapping[int, date]) -> int:
    for person_id, day in today.items():
        line = f"Still to read: {row.title}"
        tell(person_id, "announcement_due", f"{row.public_id}:{_week(day)}", line, f"/announcements/{row.public_id}")
    return len(today)
