"""What the page of days off shows: one's own, and for leads those of the people they lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.leave.models import LeaveRequest
from qa.core.models import DayOff, Person, Team, TeamMember

#: So many spans of days, and so many requests, are listed.
MOST = 200
#: So far back and ahead.
PAST, AHEAD = timedelta(days=30), timedelta(days=366)
STATES = {"asked": "Asked", "granted": "Granted", "declined": "Declined", "withdrawn": "Taken back"}


@dataclass(frozen=True, slots=True)
class Off:
    """Days in a row on which somebody does not work."""

    whose: str
    team: str | None
    first: date
    last: date
    kind: str


@dataclass(frozen=True, slots=True)
class Request:
    """Leave that was asked for."""

    public_id: str
    whose: str
    team: str | None
    first: date
    last: date
    state: str
    is_open: bool
    asked_at: datetime


def own(actor: Actor) -> list[Off]:
    """The days off of *actor*, holidays among them, from a month ago on."""
    member = and_(TeamMember.person_id == actor.id, TeamMember.from_on <= DayOff.off_on)
    member = and_(member, or_(TeamMember.to_on.is_(None), TeamMember.to_on > DayOff.off_on))
    teams = select(TeamMember.team_id).where(member, TeamMember.team_id == DayOff.team_id).correlate(DayOff)
    everybody = and_(DayOff.person_id.is_(None), DayOff.team_id.is_(None))
    mine = or_(DayOff.person_id == actor.id, everybody, teams.exists())
    return list(_spans(_days(mine)))


def requests(actor: Actor) -> list[Request]:
    """What *actor* asked for, the newest first."""
    query = _requests().where(LeaveRequest.person_id == actor.id).order_by(LeaveRequest.id.desc()).limit(20)
    return [_request(row) for row in db.session.execute(query, {"today": clock.now().date()})]


def to_decide(actor: Actor) -> list[Request]:
    """What waits for a word of *actor*, the oldest first."""
    query = _requests().where(LeaveRequest.state == "asked", LeaveRequest.person_id != actor.id, _led(actor))
    rows = db.session.execute(query.order_by(LeaveRequest.id).limit(MOST), {"today": clock.now().date()})
    return [_request(row) for row in rows]


def of_led(actor: Actor) -> list[Off]:
    """Days off of the teams that *actor* leads and of the people in them, from today on, by their first day."""
    today = clock.now().date()
    led = true() if _sees_all(actor) else Team.id.in_(sorted(actor.managed_teams or ()))
    query = _days(or_(and_(DayOff.person_id.is_not(None), led), and_(DayOff.team_id.is_not(None), led)), since=today)
    found = sorted(_spans(query), key=lambda one: (one.first, one.team or "", one.whose))
    return found[:MOST]


def choices(actor: Actor) -> list[tuple[str, str]]:
    """(address, name) of whom *actor* may enter days off for: teams first, then people by name."""
    query = select(Team.public_id, Team.name).order_by(func.lower(Team.name))
    people = _people().where(Person.active, Person.erased_at.is_(None)).order_by(func.lower(Person.name), Person.id)
    if not _sees_all(actor):
        led = sorted(actor.managed_teams or ())
        query, people = query.where(Team.id.in_(led)), people.where(Team.id.in_(led))
    found = [(row.public_id, f"Team {row.name}") for row in db.session.execute(query)]
    rows = db.session.execute(people, {"today": clock.now().date()})
    return found + [(row.public_id, row.name) for row in rows]


def _sees_all(actor: Actor) -> bool:
    return actor.has("admin") or actor.managed_teams is None


def _led(actor: Actor) -> ColumnElement[bool]:
    return true() if _sees_all(actor) else Team.id.in_(sorted(actor.managed_teams or ()))


def _membership() -> ColumnElement[bool]:
    """Of a person, today."""
    today = clock.now().date()
    still = or_(TeamMember.to_on.is_(None), TeamMember.to_on > today)
    return and_(TeamMember.person_id == Person.id, TeamMember.from_on <= today, still)


def _people() -> Select[Any]:
    query = select(Person.public_id, Person.name).select_from(Person)
    return query.outerjoin(TeamMember, _membership()).outerjoin(Team, Team.id == TeamMember.team_id)


def _requests() -> Select[Any]:
    columns = (
        LeaveRequest.public_id, Person.name, Team.name.label("team"), LeaveRequest.from_on, LeaveRequest.to_on,
        LeaveRequest.state, LeaveRequest.created_at,
    )  # fmt: skip
    query = select(*columns).join_from(LeaveRequest, Person, Person.id == LeaveRequest.person_id)
    return query.outerjoin(TeamMember, _membership()).outerjoin(Team, Team.id == TeamMember.team_id)


def _request(row: Any) -> Request:
    public_id, name, team, first, last, state, asked_at = row
    return Request(public_id, name, team, first, last, STATES[state], state == "asked", asked_at)


def _days(which: ColumnElement[bool], since: date | None = None) -> Select[Any]:
    """(whose, team, day, kind), each one's days together."""
    today = clock.now().date()
    query = select(DayOff.person_id, Person.name, Team.name.label("team"), DayOff.off_on, DayOff.kind)
    query = query.select_from(DayOff).outerjoin(Person, Person.id == DayOff.person_id)
    query = query.outerjoin(TeamMember, _membership())
    query = query.outerjoin(Team, Team.id == func.coalesce(DayOff.team_id, TeamMember.team_id))
    query = query.where(which, DayOff.off_on >= (since or today - PAST), DayOff.off_on <= today + AHEAD)
    return query.order_by(DayOff.person_id, DayOff.team_id, DayOff.kind, DayOff.off_on)


def _spans(query: Select[Any]) -> Iterator[Off]:
    """The days of *query* as spans; a weekend between two days of leave does not part them."""
    yield from _joined(db.session.execute(query))


def _joined(rows: Iterable[Any]) -> Iterator[Off]:
    last: Off | None = None
    for person_id, name, team, day, kind in rows:
        whose = name if person_id is not None else f"Team {team}" if team else "Everybody"
        if last is not None and (last.whose, last.team, last.kind) == (whose, team, kind) and _follows(last.last, day):
            last = Off(whose, team, last.first, day, kind)
            continue
        if last is not None:
            yield last
        last = Off(whose, team, day, day, kind)
    if last is not None:
        yield last


def _follows(before: date, day: date) -> bool:
    """Whether no working day of the week lies between two days."""
    between = (before + timedelta(days=ahead) for ahead in range(1, (day - before).days))
    return day > before and (day - before).days <= 3 and all(one.weekday() >= 5 for one in between)
