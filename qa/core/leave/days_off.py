"""Days off: holidays of everybody or of one team, leave of one person. All working days are counted here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.leave import local_day
from qa.core.models import DayOff, Person, TeamMember

#: So many days are asked for at a time; more are asked for when they do not reach.
_SPAN = timedelta(days=120)
#: Nobody is off for longer without a working day between.
_LONGEST = timedelta(days=2_000)


def working_days_after(person_id: int | None, start: datetime, days: int) -> datetime:
    """The same time of day, *days* working days of a person after *start*.

    Saturdays, Sundays, holidays and the person's leave do not count; which day it is goes by the person's time zone.
    Without a person: the holidays of everybody. Raises ValueError for a negative number.
    """
    return _end(person_id, _zone(person_id), _off(person_id, start.date(), start.date() + _SPAN), start, days)


def ends(people: Collection[int | None], start: datetime, days: int) -> dict[int | None, datetime]:
    """The same for several people, asked about together: person -> *days* working days of theirs after *start*."""
    off = _off_of_all(people, start.date(), start.date() + _SPAN)
    known = select(Person.id, Person.time_zone).where(Person.id.in_([one for one in people if one is not None]))
    zones: dict[int | None, str] = dict(db.session.execute(known).all())
    return {one: _end(one, ZoneInfo(zones.get(one) or "UTC"), off[one], start, days) for one in people}


def working_days(people: Collection[int], first: date, last: date) -> dict[int, int]:
    """Person -> working days from *first* to *last*, both inside: no weekends, holidays or leave."""
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    week = {day for day in days if day.weekday() < 5}
    off = _off_of_all(list(people), first, last)
    return {one: len(week - off[one]) for one in people}


def _end(person_id: int | None, zone: ZoneInfo, off: set[date], start: datetime, days: int) -> datetime:
    """Count *days* working days on from *start*; *off*: the person's days off as far as `_SPAN` reaches."""
    if days < 0:
        raise ValueError("Working days are counted forward.")
    moment, left, known_to = start, days, start.date() + _SPAN
    while left:
        moment += timedelta(days=1)
        day = moment.astimezone(zone).date()
        if day > known_to:
            off, known_to = off | _off(person_id, known_to, known_to + _SPAN), known_to + _SPAN
        left -= day.weekday() < 5 and day not in off
        if moment - start > _LONGEST:
            break
    return moment


def _zone(person_id: int | None) -> ZoneInfo:
    name = db.session.scalar(select(Person.time_zone).where(Person.id == person_id)) if person_id else None
    return ZoneInfo(name or "UTC")


def _off(person_id: int | None, first: date, last: date) -> set[date]:
    """Holidays and leave of a person between two days; what their team has off goes by the team of that day."""
    query = select(DayOff.off_on).where(DayOff.off_on.between(first, last))
    return set(db.session.scalars(query.where(_concerns(person_id))))


def _off_of_all(people: Collection[int | None], first: date, last: date) -> dict[int | None, set[date]]:
    """Person -> what `_off` gives, with two questions for all of them."""
    days = select(DayOff.person_id, DayOff.team_id, DayOff.off_on).where(DayOff.off_on.between(first, last))
    rows = db.session.execute(days).all()
    found = {one: {row.off_on for row in rows if row.person_id is None and row.team_id is None} for one in people}
    teams = {row.team_id for row in rows if row.team_id is not None}
    members = select(TeamMember).where(TeamMember.team_id.in_(teams), TeamMember.person_id.in_(found))
    held = db.session.scalars(members).all() if teams else []
    for row in rows:
        if row.person_id in found and row.person_id is not None:
            found[row.person_id].add(row.off_on)
        for one in held:
            if (
                one.team_id == row.team_id
                and one.from_on <= row.off_on
                and (one.to_on is None or one.to_on > row.off_on)
            ):
                found[one.person_id].add(row.off_on)
    return found


def _concerns(person_id: int | None) -> ColumnElement[bool]:
    everybody = and_(DayOff.person_id.is_(None), DayOff.team_id.is_(None))
    if person_id is None:
        return everybody
    member = exists().where(
        TeamMember.person_id == person_id,
        TeamMember.team_id == DayOff.team_id,
        TeamMember.from_on <= DayOff.off_on,
        or_(TeamMember.to_on.is_(None), TeamMember.to_on > DayOff.off_on),
    )
    return or_(everybody, DayOff.person_id == person_id, member.correlate(DayOff))


def is_on_leave(person: Actor) -> bool:
    """Whether a person is on leave on the day that it is where they are."""
    day = local_day.today(person)
    asked = select(DayOff.id).where(DayOff.person_id == person.id, DayOff.off_on == day, DayOff.kind == "leave")
    return db.session.scalar(asked.limit(1)) is not None


def at_work() -> ColumnElement[bool]:
    """In a query over `Person`: whoever is not on leave on the day that it is where they are."""
    off = exists().where(
        DayOff.person_id == Person.id, DayOff.off_on == local_day.today_there(), DayOff.kind == "leave"
    )
    return ~off.correlate(Person)
