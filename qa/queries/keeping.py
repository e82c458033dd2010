"""What is kept, how long, and where copies stand; and what was erased on request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from qa.core import clock, preferences, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import AuditEntry, Job, Person
from qa.core.registries import registries
from qa.models.cases import CaseText, Message
from qa.models.texts import Attachment, Erasure
from qa.removal import retention

NEWEST = 50
KINDS = {"person": "Person", "case": "Case"}
STATES = {"asked": "Waits", "running": "Runs", "done": "Done"}
#: What counts of retention are called on a page.
NAMES = {
    "case_text": "Texts of cases",
    "attachment": "Files beside cases",
    "import_reject": "Values of refused rows",
    "closed_case": "People of cases",
    "finding": "People of results",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A place that holds text of cases or figures of people: how many, and by what rule."""

    name: str
    count: int
    rule: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """The page of what is kept."""

    text_days: int
    person_months: int
    texts: tuple[Held, ...]
    people: tuple[Held, ...]
    over: tuple[tuple[str, int], ...]
    last_run_at: datetime | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """One request for erasure."""

    kind: str
    subject_ref: str
    asked_at: datetime
    asked_by: str
    state: str
    is_done: bool
    counts: dict[str, Any]


def keeping(reader: Actor) -> Keeping:
    """What is kept now, and what the next run takes out; results as far as *reader* is told of them."""
    told = released.known_at(reader)
    days, months = preferences.get("case_text_days"), preferences.get("person_months")
    over = retention.due(clock.now(), told=told)
    last = select(func.max(AuditEntry.at)).where(AuditEntry.object_kind == "retention")
    return Keeping(
        days, months, tuple(_texts(days)), tuple(_people(months, told)),
        tuple((NAMES.get(name, name), count) for name, count in over.items() if count),
        db.session.scalar(last), _is_open("retention.run"),
    )  # fmt: skip


def _texts(days: int) -> list[Held]:
    """The cases themselves, then every place that keeps a copy under a rule of its own."""
    rule = f"{days} days after the import; then only short facts stay."
    own = [
        Held("Texts of cases", _count(CaseText.purged_at.is_(None), CaseText.text.is_not(None)), rule),
        Held("Messages of cases", _count(Message.text != ""), rule),
        Held("Files beside cases", _count(Attachment.purged_at.is_(None)), rule),
    ]
    return own + [Held(one.name, one.count(), one.rule) for one in registries().text_holders]


def _count(*what: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(*what)) or 0


def _people(months: int, told: datetime | None) -> list[Held]:
    rule = f"{months} months after the case was closed the person is taken out; the counts stay."
    known = retention.known_people(told=told)
    own = [Held(NAMES[name], known[name], rule) for name in ("closed_case", "finding")]
    return own + [Held(one.name, known[one.name], one.rule) for one in registries().person_holders]


def _is_open(kind: str) -> bool:
    query = select(Job.id).where(Job.kind == kind, Job.state.in_(("queued", "leased"))).limit(1)
    return db.session.scalar(query) is not None


def erasures() -> list[Erased]:
    """The newest requests."""
    query = select(Erasure, Person.name).outerjoin(Person, Person.id == Erasure.by_id)
    rows = db.session.execute(query.order_by(Erasure.id.desc()).limit(NEWEST))
    return [
        Erased(
            KINDS[row.subject_kind], row.subject_ref, row.created_at, by or "A command", STATES[row.state],
            row.state == "done", {NAMES.get(name, name): count for name, count in row.counts.items()},
        )
        for row, by in rows
    ]  # fmt: skip
