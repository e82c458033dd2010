"""What the page of background jobs shows: what waits, runs, failed and why, and what comes by itself and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from qa.core.db import db
from qa.core.models import Job, Person

PAGE = 50
#: What the page narrows to -> the states that it means.
SHOWN = {
    "open": ("queued", "leased"),
    "ended": ("failed", "done", "cancelled"),
    "failed": ("failed",),
    "done": ("done",),
    "cancelled": ("cancelled",),
}
ENDED = ("failed", "done", "cancelled")


#: What pages call the first part of a job's name, where that is a word of the code.
AREAS = {
    "signals": "accuracy alerts",
    "gold": "known answers",
    "frames": "eligible cases",
    "openings": "openings of pages",
}


def said(kind: str) -> str:
    """What pages call a kind of work.

    >>> said("signals.follow_questions"), said("cases.import")
    ('accuracy alerts: follow questions', 'cases: import')
    """
    area, _, deed = kind.partition(".")
    return f"{AREAS.get(area, area)}: {deed}".replace("_", " ").removesuffix(": ")


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
    attempts: int
    run_after: datetime
    #: Who asked for it; None: it came by itself.
    asked_by: str | None
    number: int


@dataclass(frozen=True, slots=True)
class PeriodicLine:
    """A kind of work that comes by itself."""

    kind: str
    every: timedelta
    last_at: datetime | None
    next_at: datetime | None


def jobs(*, shown: str = "", before: int | None = None, limit: int = PAGE) -> list[JobLine]:
    """The newest jobs, those before number *before* if given."""
    columns = (
        Job.public_id, Job.kind, Job.state, Job.done, Job.total, Job.line, Job.error, Job.created_at, Job.ended_at,
        Job.wanted_cancel, Job.attempts, Job.run_after, Person.name, Job.id,
    )  # fmt: skip
    query = select(*columns).outerjoin(Person, Person.id == Job.by_id)
    if shown in SHOWN:
        query = query.where(Job.state.in_(SHOWN[shown]))
    if before is not None:
        query = query.where(Job.id < before)
    return [JobLine(*row) for row in db.session.execute(query.order_by(Job.id.desc()).limit(limit))]


def counts() -> dict[str, int]:
    """How many jobs each choice of the page shows."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    held = {row[0]: row[1] for row in rows}
    return {name: sum(held.get(state, 0) for state in states) for name, states in SHOWN.items()}


def periodic() -> list[PeriodicLine]:
    """What comes by itself: how often, when it was last asked for, and when it is due again."""
    kinds = {name: kind.every for name, kind in current_app.extensions["job_kinds"].items() if kind.every}
    keys = [f"periodic:{name}" for name in kinds]
    asked = select(Job.kind, func.max(Job.created_at)).where(Job.dedupe_key.in_(keys)).group_by(Job.kind)
    last = {row[0]: row[1] for row in db.session.execute(asked)}
    found = [(name, every, last.get(name)) for name, every in sorted(kinds.items())]
    return [PeriodicLine(name, every, at, at and at + every) for name, every, at in found]
