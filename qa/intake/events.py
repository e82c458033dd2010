"""What happened to cases after they were closed: taken in whole, or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.tables import reading
from qa.intake import runs, storing, taken_out, values, writings
from qa.intake.mapping import Mapping
from qa.models.cases import CaseEvent, ImportRun

REQUIRED = ("case_id", "at", "kind")
KINDS = ("reopened", "appealed_upheld", "appealed_overturned", "corrected", "bulk_action")
#: What an import of events is called.
KIND = "events"
#: Detail is one text of at most so many characters.
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the file."""

    line: int
    external_id: str
    at: datetime
    kind: str
    detail: str

    @property
    def detail_hash(self) -> str:
        """What tells two events of one kind and moment apart."""
        return hashlib.sha256(json.dumps(self.detail).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: rows read, events that were new, and the import by which they can be taken back."""

    read: int
    added: int
    run_public_id: str | None = None

    def as_dict(self) -> dict[str, int]:
        """The counts, as the command prints them."""
        return {
            "read": self.read, "added": self.added, "unchanged": self.read - self.added, "changed": 0, "refused": 0
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _File:
    source: str
    called: str
    sha256: str


def import_events(
    actor: Actor,
    path: Path,
    *,
    source: str = "default",
    name: str | None = None,
    mapping: Mapping | None = None,
    dry_run: bool = False,
) -> Taken:
    """Take in the events of a file; those that are known are unchanged. Opens its own transaction.

    *dry_run*: only count. Raises BadInput with every problem found; then nothing was stored.
    """
    called = name or path.name
    events, problems = _read(path, called, mapping or Mapping())
    if not events and not problems:
        problems.append(Problem("at least one row below the header", file=called))
    if problems:
        raise BadInput(*problems)
    try:
        fresh = _fresh(events, source, called)
    finally:
        db.session.rollback()
    if dry_run:
        return Taken(len(events), len(fresh))
    file = _File(source, called, hashlib.sha256(path.read_bytes()).hexdigest())
    return write(lambda: _store(actor, events, file))


def _read(path: Path, called: str, how: Mapping) -> tuple[list[Event], list[Problem]]:
    events: list[Event] = []
    problems: list[Problem] = []
    with reading.rows_as_lists(path, name=called, on_fault=lambda error: problems.append(error.problem)) as table:
        table.header = tuple(
            how.ours(theirs) if how.kind(theirs) != "drop" else f"\0{theirs}" for theirs in table.header
        )
        table.require([name for name in REQUIRED if not how.has_default(name)])
        for line, cells in table:
            said = dict(zip(table.header, cells, strict=True))
            try:
                events.append(_event(line, _meant(said, how)))
            except _Faulty as fault:
                problems.append(Problem(str(fault), called, line, fault.field, said.get(fault.field) or None))
    return events, problems


def _meant(said: dict[str, str], how: Mapping) -> dict[str, str | None]:
    """A row in our words."""
    meant: dict[str, str | None] = {**said}
    kind = said.get("kind", "").strip()
    meant["kind"] = how.values.get("kind", {}).get(kind, kind)
    if "at" in how.writings:
        meant["at"] = writings.iso(said.get("at", ""), how.writings["at"])
    return meant


class _Faulty(ValueError):
    def __init__(self, field: str, expected: str) -> None:
        super().__init__(expected)
        self.field = field


def _event(line: int, said: dict[str, str | None]) -> Event:
    def take(field: str) -> str:
        text = (said.get(field) or "").strip()
        if not text:
            raise _Faulty(field, "a value; there is none")
        return text

    external_id = take("case_id")
    try:
        at = values.moment(take("at"), now=clock.now())
    except _Faulty:
        raise
    except ValueError as error:
        raise _Faulty("at", str(error)) from None
    kind = take("kind").lower()
    if kind not in KINDS:
        raise _Faulty("kind", f"one of {', '.join(KINDS)}")
    detail = said.get("detail") or ""
    if len(detail) > LONGEST:
        raise _Faulty("detail", f"at most {LONGEST:,} characters; there are {len(detail):,}")
    return Event(line, external_id, at, kind, detail)


def _fresh(events: list[Event], source: str, called: str) -> list[tuple[Event, int]]:
    """The events that are not known yet, each with its case. Raises BadInput for a case that is not here."""
    stored = storing.known_cases(source, sorted({event.external_id for event in events}))
    hidden = runs.unended_ids()
    seen = {key: case for key, case in stored.items() if case.run_id not in hidden}
    unknown = [
        Problem(f"a case of the source {source!r}", called, event.line, "case_id", event.external_id)
        for event in events
        if event.external_id not in seen
    ]
    if unknown:
        raise BadInput(*unknown)
    ids = [case.case_id for case in seen.values()]
    known: set[tuple[int, datetime, str, str]] = set()
    for start in range(0, len(ids), storing.ASKED):
        some = CaseEvent.case_id.in_(ids[start : start + storing.ASKED])
        query = select(CaseEvent.case_id, CaseEvent.at, CaseEvent.kind, CaseEvent.detail_hash).where(some)
        known |= {(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)}
    fresh = []
    for event in events:
        case_id = seen[event.external_id].case_id
        key = (case_id, event.at, event.kind, event.detail_hash)
        if key not in known:
            known.add(key)
            fresh.append((event, case_id))
    return fresh


def _store(actor: Actor, events: list[Event], file: _File) -> Taken:
    fresh = _fresh(events, file.source, file.called)
    if not fresh:
        return Taken(len(events), 0)
    run = _begun(actor, file, len(events), len(fresh))
    erased = taken_out.erased(file.source, sorted({event.external_id for event, _ in fresh}))
    for event, case_id in fresh:
        detail = {"text": event.detail} if event.detail and event.external_id not in erased else {}
        db.session.add(
            CaseEvent(
                case_id=case_id, at=event.at, kind=event.kind, detail=detail, detail_hash=event.detail_hash,
                run_id=run.id,
            )
        )  # fmt: skip
    audit.note(actor, "imported", "case_event", file.source, added=len(fresh))
    db.session.flush()
    return Taken(len(events), len(fresh), run.public_id)


def _begun(actor: Actor, file: _File, read: int, added: int) -> ImportRun:
    """The import that these events came by: it holds no cases, and is seen with them."""
    run = ImportRun(
        kind=KIND, source=file.source, file_name=file.called[-300:], file_sha256=file.sha256, mapping_hash=KIND,
        state="published", published_at=clock.now(), read=read, added=added, unchanged=read - added, by_id=actor.id,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run
