"""A file of days off: taken whole, or not at all. What it says of a day replaces what was known of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.leave import calendar
from qa.core.leave.calendar import KINDS, LONGEST, Span
from qa.core.models import Person, Team
from qa.core.tables import reading
from qa.core.tables.table import TableError

#: What stands for everybody in the column `calendar`.
_EVERYBODY = ("all", "everybody")
#: Columns as the interfaces name them -> as a sheet with spans of days names them.
_NAMES = {"person_id": "person", "calendar": "team", "on_date": "from"}


def import_file(actor: Actor, path: Path, *, name: str | None = None) -> dict[str, int]:
    """Take the days off of a file; counts of days.

    Columns: on_date (or from and to), kind (leave of a person, a holiday of a calendar, where it is empty), and
    person_id or calendar (or person and team): a calendar is that of a team, by its name, or "all"; a row that names
    nobody is of all. Opens its own transaction. Raises BadInput with every problem.
    """
    called = name or path.name
    problems: list[Problem] = []
    people = dict(db.session.execute(select(Person.external_id, Person.id)).all())
    teams = dict(db.session.execute(select(Team.name, Team.id)).all())
    spans = []

    def refuse(error: TableError) -> None:
        problems.append(error.problem)

    for row in reading.read(path, name=called, on_fault=refuse):
        found = _read(_named(row.values), people, teams)
        if isinstance(found, Span):
            spans.append(found)
        else:
            problems += [Problem(one[1], called, row.line, *_place(row.values, one[0])) for one in found]
    if problems:
        raise BadInput(*problems)
    return write(lambda: _keep(actor, spans))


def _named(cells: dict[str, str | None]) -> dict[str, str | None]:
    """The cells of a row under one name each, with the kind that an empty one stands for."""
    named = {_NAMES.get(name, name): value for name, value in cells.items()}
    usual = "leave" if named.get("person") else "holiday" if named.get("team") else ""
    if (named.get("team") or "").casefold() in _EVERYBODY:
        named["team"] = None
    return named | {"kind": named.get("kind") or usual}


def _read(cells: dict[str, str | None], people: dict[str, int], teams: dict[str, int]) -> Span | list[tuple[str, str]]:
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
    return Span(people.get(person or ""), teams.get(team or ""), first, last, kind)


def _place(cells: dict[str, str | None], column: str) -> tuple[str, str | None]:
    """The column as the file calls it, and what stands there."""
    called = next((theirs for theirs, ours in _NAMES.items() if ours == column and theirs in cells), column)
    return called, cells.get(called)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    except ValueError:
        return None


def _keep(actor: Actor, spans: list[Span]) -> dict[str, int]:
    counts = calendar.enter(spans)
    audit.note(actor, "imported", "days_off", "file", **counts)
    return counts
