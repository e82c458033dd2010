"""Leave of one person: asked for by themselves, decided or entered by whoever leads them, and given back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from qa.core import audit, clock, leading
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.leave import calendar
from qa.core.leave.calendar import Span
from qa.core.leave.models import LeaveRequest
from qa.core.models import Person, Team
from qa.core.notices import notify
from qa.core.people import teams

URL = "/days-off"
#: Whose days off are entered: those of everybody.
EVERYBODY = "all"


def leads(actor: Actor, person: Person) -> bool:
    """Whether *actor* looks after *person*: an admin, or a manager of the team that the person is in."""
    team = teams.present(person)
    return actor.sees_team(None if team is None else team.id)


def ask(actor: Actor, *, first: date, last: date) -> str:
    """Ask for own leave; the request's address. Of somebody who looks after themselves it is granted at once.

    Raises BadInput for days that are over or in the wrong order, Refused where the same days were asked for already.
    """
    _check(first, last, earliest=clock.now().date())
    same = (LeaveRequest.person_id == actor.id, LeaveRequest.state == "asked")
    overlap = (LeaveRequest.from_on <= last, LeaveRequest.to_on >= first)
    if db.session.scalar(select(LeaveRequest.id).where(*same, *overlap)) is not None:
        raise Refused("You have asked for some of these days already.")
    person = db.session.get_one(Person, actor.id)
    row = LeaveRequest(person_id=person.id, from_on=first, to_on=last, state="asked")
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "asked_for", "leave", row.public_id, days=(last - first).days + 1)
    if leads(actor, person):
        _end(actor, row, "granted")
    else:
        _tell_leads(row, person)
    return row.public_id


def withdraw(actor: Actor, request_id: str) -> None:
    """Take an own request back that nobody has decided. Raises NotFound, Refused."""
    row = db.session.scalar(select(LeaveRequest).where(LeaveRequest.public_id == request_id))
    if row is None or row.person_id != actor.id:
        raise NotFound("request")
    _end(actor, row, "withdrawn")


def decide(actor: Actor, request_id: str, *, grant: bool) -> None:
    """Grant leave, or decline it. Raises NotFound for somebody whom *actor* does not lead, Refused once decided."""
    row = db.session.scalar(select(LeaveRequest).where(LeaveRequest.public_id == request_id))
    person = None if row is None else db.session.get_one(Person, row.person_id)
    if row is None or person is None or person.erased_at is not None or not leads(actor, person):
        raise NotFound("request")
    _end(actor, row, "granted" if grant else "declined")
    said = "is granted" if grant else "is declined: speak with whoever leads you"
    notify.tell(
        person_id=person.id, kind="leave", object_ref=row.public_id, url=URL, line=f"Your leave {said}.",
        dedupe_key=f"leave-decided:{row.public_id}",
    )  # fmt: skip


def give_back(actor: Actor, *, first: date, last: date) -> int:
    """Work on own days off that are still to come; how many there were. Raises BadInput."""
    _check(first, last, earliest=clock.now().date())
    counts = calendar.enter([Span(actor.id, None, first, last, "work")])
    audit.note(actor, "gave_back", "leave", actor.public_id, days=counts["taken_back"])
    return counts["taken_back"]


def enter(actor: Actor, *, whose: str, first: date, last: date, kind: str) -> dict[str, int]:
    """Enter days off of a person, of a team (holidays), or of everybody (holidays, by an admin); counts of days.

    *whose*: an address, or EVERYBODY. Raises NotFound for whom *actor* does not lead, BadInput.
    """
    person = db.session.scalar(select(Person).where(Person.public_id == whose, Person.erased_at.is_(None)))
    team = db.session.scalar(select(Team).where(Team.public_id == whose)) if person is None else None
    if person is None and team is None and not (whose == EVERYBODY and actor.has("admin")):
        raise NotFound("person or team")
    if (person is not None and not leads(actor, person)) or (team is not None and not actor.sees_team(team.id)):
        raise NotFound("person or team")
    if kind not in calendar.KINDS or (kind != "work" and (kind == "leave") != (person is not None)):
        raise BadInput(Problem("leave for a person, a holiday for a team or everybody", field="kind", value=kind))
    _check(first, last)
    span = Span(person.id if person else None, team.id if team else None, first, last, kind)
    counts = calendar.enter([span])
    audit.note(actor, "entered", "days_off", whose, kind=kind, **counts)
    db.session.flush()
    return counts


def _end(actor: Actor, row: LeaveRequest, state: str) -> None:
    """Move a request that waits to its end; granted, its days stand in the calendar."""
    moved = update(LeaveRequest).where(LeaveRequest.id == row.id, LeaveRequest.state == "asked")
    values = {"state": state, "decided_by_id": actor.id, "decided_at": clock.now()}
    if not db.session.execute(moved.values(**values)).rowcount:
        raise Refused("This request was decided already.")
    if state == "granted":
        calendar.enter([Span(row.person_id, None, row.from_on, row.to_on, "leave")])
    audit.note(actor, state, "leave", row.public_id)


def _check(first: date, last: date, earliest: date | None = None) -> None:
    problems = []
    if last < first:
        problems.append(Problem("a day that is not before the first", field="last", value=last.isoformat()))
    elif (last - first).days >= calendar.LONGEST:
        problems.append(Problem(f"at most {calendar.LONGEST} days at once", field="last", value=last.isoformat()))
    if earliest is not None and first < earliest:
        said = "a day that is still to come; ask whoever leads you to enter others"
        problems.append(Problem(said, field="first", value=first.isoformat()))
    if problems:
        raise BadInput(*problems)


def _tell_leads(row: LeaveRequest, person: Person) -> None:
    """A line for the managers of the person's team; where there is none, for those who lead every team."""
    team = teams.present(person)
    managers = leading.of_team(None if team is None else team.id).where(Person.id != person.id)
    for person_id in list(db.session.scalars(managers)) or list(db.session.scalars(leading.above())):
        notify.tell(
            person_id=person_id, kind="leave", object_ref=row.public_id, url=URL, line="Somebody asks for leave.",
            dedupe_key=f"leave-asked:{row.public_id}:{person_id}",
        )  # fmt: skip
