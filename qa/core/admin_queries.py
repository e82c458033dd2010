"""What the pages of administration show: background jobs, the audit log, settings and their past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from qa.core import audit, preferences, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import AuditEntry, Job, Person, Setting
from qa.core.preferences import Preference

VERIFY = "audit.verify"
#: What entries are about that tell how a case was decided or graded, or who had to do with it.
OF_CASES = (
    "adjudication", "batch", "case", "case_event", "challenge", "corrective_action", "danger", "dispute", "finding",
    "signal", "task",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as its page shows it."""

    public_id: str
    kind: str
    state: str
    done: int
    total: int | None
    line: str
    error: str | None
    created_at: datetime
    ended_at: datetime | None
    is_ending: bool


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


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting with the value that holds for the whole site, and who set it when."""

    preference: Preference
    value: Any
    set_at: datetime | None = None
    set_by: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What an admin's home card says."""

    people: int
    failed_jobs: int
    head: int
    bad_seq: int | None
    verified_at: datetime | None


def is_ready() -> bool:
    """Whether the database answers and is set up."""
    try:
        db.session.execute(select(Person.id).limit(1)).all()
    except DBAPIError:
        db.session.rollback()
        return False
    return True


def jobs(limit: int = 50) -> list[JobLine]:
    """The newest jobs; those that wait or run stand first."""
    columns = (
        Job.public_id, Job.kind, Job.state, Job.done, Job.total, Job.line, Job.error, Job.created_at, Job.ended_at,
        Job.wanted_cancel,
    )  # fmt: skip
    is_open = Job.state.in_(["queued", "leased"])
    rows = db.session.execute(select(*columns).order_by(is_open.desc(), Job.id.desc()).limit(limit))
    return [JobLine(*row) for row in rows]


def entries(reader: Actor, *, before: int | None = None, limit: int = 50) -> list[EntryLine]:
    """The newest entries of the audit log, those before number *before* if given.

    Whoever may be given blind tasks reads the log up to the last release hour, and nothing of what it says of cases.
    """
    name = func.coalesce(Person.name, AuditEntry.actor)
    columns = (AuditEntry.seq, AuditEntry.at, name, AuditEntry.verb, AuditEntry.object_kind)
    query = select(*columns, AuditEntry.object_ref, AuditEntry.detail)
    query = query.outerjoin(Person, Person.public_id == AuditEntry.actor)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    known_at = released.known_at(reader)
    if known_at is not None:
        query = query.where(AuditEntry.at < known_at, AuditEntry.object_kind.not_in(OF_CASES))
    rows = db.session.execute(query.order_by(AuditEntry.seq.desc()).limit(limit))
    return [EntryLine(*row) for row in rows]


def last_verification() -> tuple[datetime, dict[str, Any]] | None:
    """When the chain was last verified here, and what was found."""
    query = select(Job.ended_at, Job.result).where(Job.kind == VERIFY, Job.state == "done")
    row = db.session.execute(query.order_by(Job.id.desc()).limit(1)).first()
    return None if row is None else (row.ended_at, row.result or {})


def settings() -> list[SettingLine]:
    """All settings, as they hold for the whole site now."""
    return [setting(key) for key in preferences.KNOWN]


def setting(key: str) -> SettingLine:
    """One setting as it holds for the whole site now."""
    past = history(key, limit=1)
    return past[0] if past else SettingLine(preferences.KNOWN[key], preferences.DEFAULTS[key])


def history(key: str, limit: int = 50) -> list[SettingLine]:
    """The values that a setting had for the whole site, newest first."""
    query = select(Setting.value, Setting.valid_from, Person.name).outerjoin(Person, Person.id == Setting.by_id)
    rows = query.where(Setting.key == key, Setting.scope == "site").order_by(Setting.valid_from.desc()).limit(limit)
    known = preferences.KNOWN[key]
    return [
        SettingLine(known, row.value, row.valid_from, row.name or "Second Look") for row in db.session.execute(rows)
    ]


def desk(person: Actor) -> Desk:
    """The state of the installation, for an admin's home."""
    people = select(func.count()).select_from(Person).where(Person.active)
    failed = select(func.count()).select_from(Job).where(Job.state == "failed")
    verified = last_verification()
    return Desk(
        people=db.session.scalar(people) or 0,
        failed_jobs=db.session.scalar(failed) or 0,
        head=audit.head(before=released.known_at(person)).seq,
        bad_seq=verified[1].get("bad_seq") if verified else None,
        verified_at=verified[0] if verified else None,
    )
