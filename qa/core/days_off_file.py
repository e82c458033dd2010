"""A file of days off: taken whole, or not at all. What it says of a day replaces what was known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.models import DayOff, Person, Team
from qa.core.tables import reading
from qa.core.tables.table import TableError

#: "work" takes back what was entered before.
KINDS = ("holiday", "leave", "work")
#: Days of one row; more is a slip of the pen.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class _Span:
    """Days of one kind of a person, a team, or everybody."""

    person_id: int | None
    team_id: int | None
    first: date
    last: date
    kind: str

    def days(self) -> list[date]:
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]


def import_file(actor: Actor, path: Path, *, name: str | None = None) -> dict[str, int]:
    """Take the days off of a file with the columns from, to, kind, and person or team; counts of days.

    Opens its own transaction. A row without person and team is of everybody. Raises BadInput with every problem.
    """
    called = name or path.name
    problems: list[Problem] = []
    people = dict(db.session.execute(select(Person.external_id, Person.id)).all())
    teams = dict(db.session.execute(select(Team.name, Team.id)).all())
    spans = []

    def refuse(error: TableError) -> None:
        problems.append(error.problem)

    for row in reading.read(path, name=called, required=("from", "kind"), on_fault=refuse):
        found = _read(row.values, people, teams)
        if isinstance(found, _Span):
            spans.append(found)
        else:
            problems += [Problem(one[1], called, row.line, one[0], row.values.get(one[0])) for one in found]
    if problems:
        raise BadInput(*problems)
    return write(lambda: _keep(actor, spans))


def _read(cells: dict[str, str | None], people: dict[str, int], teams: dict[str, int]) -> _Span | list[tuple[str, str]]:
    """One row, or what is wrong with it: column, and what was expected."""
    wrong = []
    person, team, kind = cells.get("person"), cells.get("team"), cells.get("kind") or ""
    if person and person not in people:
        wrong.append(("person", "expected the id of a person that is known"))
    if team and team not in teams:
        wrong.append(("team", "expected the name of a team that is known"))
    if person and team:
        wrong.append(("team", "expected a person or a team, not both"))
    if kind not in KINDS:
        wrong.append(("kind", f"expected one of {', '.join(KINDS)}"))
    if kind == "leave" and not person:
        wrong.append(("person", "expected a person: leave is somebody's"))
    first = _day(cells.get("from"))
    last = _day(cells.get("to")) if cells.get("to") else first
    if first is None:
        wrong.append(("from", "expected a day like 2026-11-16"))
    elif last is None or not 0 <= (last - first).days < LONGEST:
        wrong.append(("to", f"expected a day like 2026-11-16, not before the first and within {LONGEST} days"))
    if wrong or first is None or last is None:
        return wrong
    return _Span(people.get(person or ""), teams.get(team or ""), first, last, kind)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    except ValueError:
        return None


def _keep(actor: Actor, spans: list[_Span]) -> dict[str, int]:
    counts = {"rows": len(spans), "days": 0, "taken_back": 0}
    for span in spans:
        same = (
            DayOff.person_id.is_(None) if span.person_id is None else DayOff.person_id == span.person_id,
            DayOff.team_id.is_(None) if span.team_id is None else DayOff.team_id == span.team_id,
            DayOff.off_on.between(span.first, span.last),
        )
        gone = db.session.execute(delete(DayOff).where(*same)).rowcount
        if span.kind == "work":
            counts["taken_back"] += gone
            continue
        days = span.days()
        db.session.add_all(
            DayOff(person_id=span.person_id, team_id=span.team_id, off_on=day, kind=span.kind) for day in days
        )
        db.session.flush()
        counts["days"] += len(days)
    audit.note(actor, "imported", "days_off", "file", **counts)
    return counts
