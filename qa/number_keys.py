"""The secret keys behind the cases' numbers: one a month, promised by its hash, told when the month is over."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.jobs import Work
from qa.models.cases import NumberKey
from qa.sampling.selection import key_sha256


def current(actor: Actor) -> NumberKey:
    """The key of the present month; drawn, and its hash noted in the audit, when the month has none yet."""
    now = clock.now()
    period = f"{now:%Y-%m}"
    found = db.session.scalar(select(NumberKey).where(NumberKey.period == period))
    if found is not None:
        return found
    key = secrets.token_bytes(32)
    made = NumberKey(period=period, key=key.hex(), sha256=key_sha256(key), published_at=now, ends_at=_end_of_month(now))
    db.session.add(made)
    db.session.flush()
    audit.note(actor, "promised", "number_key", period, sha256=made.sha256)
    return made


def reveal(actor: Actor) -> int:
    """Tell the keys of the months that are over; the number of keys told. Safe to repeat."""
    over = select(NumberKey).where(NumberKey.revealed_at.is_(None), NumberKey.ends_at <= clock.now())
    told = db.session.scalars(over.order_by(NumberKey.id)).all()
    for key in told:
        key.revealed_at = clock.now()
        audit.note(actor, "revealed", "number_key", key.period, sha256=key.sha256, key=key.key)
    db.session.flush()
    return len(told)


def tell(work: Work) -> dict[str, Any]:
    """The job that tells keys."""
    return {"revealed": write(lambda: reveal(work.actor))}


def _end_of_month(moment: datetime) -> datetime:
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return datetime(year, month, 1, tzinfo=UTC)
