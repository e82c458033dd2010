"""A file of blind grades that were given elsewhere: checked as a whole, then taken batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from qa.core import access, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.tables import reading
from qa.core.tables.reading import Row
from qa.core.tables.table import TableError
from qa.grading import handing_in
from qa.grading.handing_in import HandedIn
from qa.models.cases import ClosedCase
from qa.policies import section_keys

#: *decided_policy* is a section key, `none` for no violation, or `cannot_tell`.
REQUIRED = ("case_id", "rater_id", "decided_policy")
CANNOT_TELL = "cannot_tell"
LOOKED_UP = 500


def take(
    actor: Actor, path: Path, *, source: str = "default", renames: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, int]:  # fmt: skip
    """Take the grades of a file, each batch in a transaction of its own; read, added and unchanged.

    The whole file is checked first, so that one that holds a fault changes nothing; a grade that was taken before is
    passed over, so that one that was stopped can be taken again. Raises BadInput with all that is wrong.
    """
    grades, problems = _read(path, source, renames or {})
    people = {name: access.actor_by_external_id(name) for name in grades}
    total = sum(map(len, grades.values()))
    fresh: dict[str, list[HandedIn]] = {}
    for name, given in grades.items():
        person = people[name]
        if person is None:
            problems.append(Problem("the id of a person who is here", path.name, given[0].line, "rater_id", name))
            continue
        known = set().union(*(handing_in.given_before(person, {one.case_id for one in part}) for part in _parts(given)))
        fresh[name] = [one for one in given if one.case_id not in known]
        for part in _parts(fresh[name]):
            problems += handing_in.wrong(person, part)
    size = int(preferences.get("batch_size"))
    db.session.rollback()
    if problems:
        raise BadInput(*problems)
    done = 0
    for name, given in fresh.items():
        for part in _parts(given, size):
            _hand_in(actor, people[name], part)
            done += len(part)
            progress(done, total)
    return {"read": total, "added": done, "unchanged": total - done}


def _hand_in(actor: Actor, person: Actor | None, part: list[HandedIn]) -> None:
    if person is not None:
        write(lambda: handing_in.hand_in(actor, person=person, grades=part))


def _parts(given: list[HandedIn], size: int = LOOKED_UP) -> Iterator[list[HandedIn]]:
    for at in range(0, len(given), size):
        yield given[at : at + size]


def _read(path: Path, source: str, renames: Mapping[str, str]) -> tuple[dict[str, list[HandedIn]], list[Problem]]:
    """The grades by who gave them, and what is wrong with the file."""
    problems: list[Problem] = []
    rows: list[tuple[Row, dict[str, str]]] = []
    for row in reading.read(path, on_fault=lambda fault: problems.append(fault.problem)):
        rows.append((row, {renames.get(name, name): value for name, value in row.values.items() if value}))
    if not rows and not problems:
        raise TableError("at least one row below the header", file=path.name)
    ids = _case_ids({values["case_id"] for _, values in rows if "case_id" in values}, source)
    found: dict[str, list[HandedIn]] = {}
    seen: set[tuple[str, str]] = set()
    for row, values in rows:
        problem = _fault(values, ids, seen)
        if problem is not None:
            problems.append(Problem(problem[1], path.name, row.line, problem[0], values.get(problem[0])))
            continue
        seen.add((values["rater_id"], values["case_id"]))
        found.setdefault(values["rater_id"], []).append(_grade(values, ids, path.name, row.line))
    return found, problems


def _fault(values: Mapping[str, str], ids: Mapping[str, int], seen: set[tuple[str, str]]) -> tuple[str, str] | None:
    """(column, what was expected) of the first thing that is wrong with a row."""
    missing = next((name for name in REQUIRED if name not in values), None)
    if missing is not None:
        return missing, "a value; there is none"
    if values["case_id"] not in ids:
        return "case_id", "the id of a case that was imported"
    if (values["rater_id"], values["case_id"]) in seen:
        return "case_id", "each case once for each rater"
    if not values.get("seconds_shown", "0").isdigit():
        return "seconds_shown", "whole seconds"
    return None


def _case_ids(names: set[str], source: str) -> dict[str, int]:
    wanted, found = sorted(names), {}
    for at in range(0, len(wanted), LOOKED_UP):
        query = select(ClosedCase.external_id, ClosedCase.id).where(
            ClosedCase.source == source, ClosedCase.replaced_at.is_(None),
            ClosedCase.external_id.in_(wanted[at : at + LOOKED_UP]),
        )  # fmt: skip
        found |= {row[0]: row[1] for row in db.session.execute(query)}
    return found


def _grade(values: Mapping[str, str], ids: Mapping[str, int], file: str, line: int) -> HandedIn:
    said = values["decided_policy"]
    plain = {section_keys.NONE: "no_violation", CANNOT_TELL: CANNOT_TELL}
    return HandedIn(
        ids[values["case_id"]],
        plain.get(said, "violates"),
        section_key=None if said in plain else said,
        action=values.get("action"),
        confidence=values.get("confidence", "high"),
        note=values.get("note", ""),
        seconds_shown=int(values["seconds_shown"]) if "seconds_shown" in values else None,
        name=values["case_id"],
        file=file,
        line=line,
    )
