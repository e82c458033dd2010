"""Looking things up in the audit log: by who, what, to what and when; as pages and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from qa.core import released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import AuditEntry, Person

PAGE = 50
#: Entries that one file holds at most; `flask audit export` writes all of them.
IN_FILE = 100_000
HEADER = ("entry", "at", "who", "did", "kind", "ref", "detail", "hash")
#: What entries are about that tell how a case was decided or graded, or who had to do with it.
OF_CASES = (
    "adjudication", "batch", "case", "case_event", "challenge", "corrective_action", "danger", "dispute", "finding",
    "signal", "task",
)  # fmt: skip


#: What pages call an object, where that is not its name here.
KIND_WORDS = {
    "case_event": "event of a case", "corrective_action": "action on an alert", "draw": "sample", "finding": "result",
    "frame": "eligible cases", "gold": "known-answer case", "import_run": "import", "signal": "accuracy alert",
    "task": "case to grade", "truth": "settled decision",
}  # fmt: skip


def kind_words(kind: str) -> str:
    """What pages call objects of a kind."""
    return KIND_WORDS.get(kind, kind.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not asked."""

    #: A part of somebody's name or id, or `system`.
    who: str = ""
    verb: str = ""
    kind: str = ""
    #: How the address or key of the object begins.
    ref: str = ""
    since: date | None = None
    #: The last day that still counts.
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the audit log; *who* is the person's name now, or the system's."""

    seq: int
    at: datetime
    who: str
    verb: str
    object_kind: str
    object_ref: str
    detail: str


def entries(
    reader: Actor, wanted: Wanted | None = None, *, before: int | None = None, limit: int = PAGE
) -> list[EntryLine]:
    """The newest entries that are *wanted*, those before number *before* if given.

    Whoever may be given blind tasks reads the log up to the last release hour, and nothing of what it says of cases.
    """
    query = _query(reader, wanted or Wanted())
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    rows = db.session.execute(query.order_by(AuditEntry.seq.desc()).limit(limit))
    return [EntryLine(row[0], row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows]


def file_rows(reader: Actor, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """The same entries for a file, the newest first, each with its hash."""
    for row in db.session.execute(_query(reader, wanted).order_by(AuditEntry.seq.desc()).limit(IN_FILE)):
        seq, at, *rest = row
        yield (seq, at.isoformat(), *rest)


def choices(reader: Actor) -> tuple[list[str], list[str]]:
    """The verbs and the kinds of objects that *reader* can meet, by name."""
    verbs, kinds = select(AuditEntry.verb).distinct(), select(AuditEntry.object_kind).distinct()
    if released.known_at(reader) is not None:
        verbs = verbs.where(*_told(reader))
        kinds = kinds.where(*_told(reader))
    return (
        list(db.session.scalars(verbs.order_by(AuditEntry.verb))),
        list(db.session.scalars(kinds.order_by(AuditEntry.object_kind))),
    )


def _query(reader: Actor, wanted: Wanted) -> Select[int, datetime, str, str, str, str, str, str]:
    name = func.coalesce(Person.name, AuditEntry.actor)
    query = select(
        AuditEntry.seq, AuditEntry.at, name, AuditEntry.verb, AuditEntry.object_kind, AuditEntry.object_ref,
        AuditEntry.detail, AuditEntry.hash,
    ).outerjoin(Person, Person.public_id == AuditEntry.actor)  # fmt: skip
    query = query.where(*_told(reader))
    if wanted.who:
        columns = (Person.name, Person.external_id, AuditEntry.actor)
        query = query.where(
            or_(*(func.lower(column).contains(wanted.who.lower(), autoescape=True) for column in columns))
        )
    if wanted.verb:
        query = query.where(AuditEntry.verb == wanted.verb)
    if wanted.kind:
        query = query.where(AuditEntry.object_kind == wanted.kind)
    if wanted.ref:
        query = query.where(AuditEntry.object_ref.startswith(wanted.ref, autoescape=True))
    if wanted.since:
        query = query.where(AuditEntry.at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until:
        query = query.where(AuditEntry.at < datetime.combine(wanted.until, time(), UTC) + timedelta(days=1))
    return query


def _told(reader: Actor) -> list[ColumnElement[bool]]:
    known_at = released.known_at(reader)
    return [] if known_at is None else [AuditEntry.at < known_at, AuditEntry.object_kind.not_in(OF_CASES)]
