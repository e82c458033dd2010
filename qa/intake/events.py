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
from qa.intake import runs, storing, taken_out, values
from qa.models.cases import CaseEvent

REQUIRED = ("case_id", "at", "kind")
KINDS = ("reopened", "appealed_upheld", "appealed_overturned", "corrected", "bulk_action")
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


def import_events(actor: Actor, path: Path, *, source: str = "default", name: str | None = None) -> dict[str, int]:
    """Take in the events of a file; those that are known are unchanged. Opens its own transaction.

    Raises BadInput with every problem found; then nothing was stored.
    """
    called = name or path.name
    events, problems = _read(path, called)
    if not events and not problems:
        problems.append(Problem("at least one row below the header", file=called))
    if problems:
        raise BadInput(*problems)
    return write(lambda: _store(actor, events, source, called))


def _read(path: Path, called: str) -> tuple[list[Event], list[Problem]]:
    events: list[Event] = []
    problems: list[Problem] = []
    rows = reading.read(path, name=called, required=REQUIRED, on_fault=lambda error: problems.append(error.problem))
    for row in rows:
        try:
            events.append(_event(row.line, row.values))
        except _Faulty as fault:
            problems.append(Problem(str(fault), called, row.line, fault.field, row.values.get(fault.field)))
    return events, problems


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


def _store(actor: Actor, events: list[Event], source: str, called: str) -> dict[str, int]:
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
    erased = taken_out.erased(source, list(seen))
    added = 0
    for event in events:
        case_id = seen[event.external_id].case_id
        key = (case_id, event.at, event.kind, event.detail_hash)
        if key in known:
            continue
        known.add(key)
        added += 1
        detail = {"text": event.detail} if event.detail and event.external_id not in erased else {}
        db.session.add(
            CaseEvent(case_id=case_id, at=event.at, kind=event.kind, detail=detail, detail_hash=event.detail_hash)
        )
    if added:
        audit.note(actor, "imported", "case_event", source, added=added)
    db.session.flush()
    return {"read": len(events), "added": added, "unchanged": len(events) - added, "changed": 0, "refused": 0}
