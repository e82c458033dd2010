"""Events that a trend is read with: a day and a line each, written by those who look after all teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from calibration.goals import targets
from calibration.models.goals import TrendEvent
from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.models import Person

LONGEST, SHOWN = 200, 100


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list."""

    public_id: str
    happened_on: date
    said: str
    by: str | None


def add(actor: Actor, *, happened_on: date, said: str) -> TrendEvent:
    """Write down what happened on a day."""
    targets.refuse(actor)
    line = " ".join(said.split())
    if not line or len(line) > LONGEST:
        raise BadInput(Problem(f"a line of at most {LONGEST} characters", field="said"))
    row = TrendEvent(happened_on=happened_on, said=line, by_id=actor.id)
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "added", "trend_event", row.public_id, happened_on=happened_on.isoformat())
    return row


def remove(actor: Actor, public_id: str) -> None:
    """Take an event back. Raises NotFound, for who writes none too."""
    row = db.session.scalar(select(TrendEvent).where(TrendEvent.public_id == public_id))
    if row is None or targets.why_not(actor):
        raise NotFound("event")
    audit.note(actor, "removed", "trend_event", public_id)
    db.session.delete(row)
    db.session.flush()


def listed(since: date | None = None, until: date | None = None) -> Sequence[EventRow]:
    """The events of some days, both inside, the latest first."""
    query = select(TrendEvent.public_id, TrendEvent.happened_on, TrendEvent.said, Person.name)
    query = query.outerjoin(Person, Person.id == TrendEvent.by_id)
    if since is not None:
        query = query.where(TrendEvent.happened_on >= since)
    if until is not None:
        query = query.where(TrendEvent.happened_on <= until)
    rows = db.session.execute(query.order_by(TrendEvent.happened_on.desc(), TrendEvent.id.desc()).limit(SHOWN))
    return [EventRow(*row) for row in rows]
