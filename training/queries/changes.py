"""What was measured after trainings, as a lead reads it: modules and trials, never one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.released import known_at
from training.models.learning import Effect
from training.models.modules import Module

#: Rows of the page.
MOST = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """The newest figure of one module taught to several people, or of a trial."""

    #: "change", or "effect" where the start was drawn by chance.
    kind: str
    module: str | None
    module_id: str | None
    change: float
    low: float
    high: float
    expected_by_chance: float | None
    n_pre: int
    n_post: int
    note: str
    at: datetime


def changes(reader: Actor) -> list[Changed]:
    """The newest figure of each module and trial that *reader* may know of, effects first, then by name."""
    told = known_at(reader)
    newest = select(func.max(Effect.id)).where(Effect.assignment_id.is_(None))
    if told is not None:
        newest = newest.where(Effect.created_at <= told)
    query = (
        select(
            Effect.kind, Module.title, Module.public_id, Effect.change, Effect.low, Effect.high,
            Effect.expected_by_chance, Effect.n_pre, Effect.n_post, Effect.note, Effect.created_at,
        )
        .outerjoin(Module, Module.id == Effect.module_id)
        .where(Effect.id.in_(newest.group_by(Effect.ref)), Effect.change.is_not(None))
        .order_by(Effect.kind.desc(), Module.title, Effect.id)
        .limit(MOST)
    )  # fmt: skip
    return [Changed(*row) for row in db.session.execute(query)]
