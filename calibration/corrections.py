"""Corrective actions as upper rooms see them: what was asked for, and how far it is. A state moves one way only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from calibration.models.signals import CorrectiveAction, Signal
from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db

#: state -> where it may go from there.
WAYS = {
    "asked": ("under_way", "closed"),
    "under_way": ("done", "closed"),
    "done": ("checked", "closed"),
    "checked": ("closed",),
    "closed": (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that waits to be taken up, with what led to it."""

    id: int
    section_keys: tuple[str, ...]
    reason: str
    owner_id: int | None
    signal: str
    signal_kind: str
    agent_id: int
    lead_key: str | None
    crossed_at: datetime
    raised_at: datetime
    evidence: dict[str, Any]
    n: int
    errors: int


def asked(kind: str) -> list[Asked]:
    """Actions of *kind* that somebody's signal led to and that nobody took up yet, the oldest first."""
    query = (
        select(
            CorrectiveAction.id, CorrectiveAction.section_keys, CorrectiveAction.reason, CorrectiveAction.owner_id,
            Signal.public_id, Signal.kind, Signal.agent_id, Signal.lead_key, Signal.crossed_at, Signal.raised_at,
            Signal.evidence, Signal.n, Signal.errors,
        )
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .where(CorrectiveAction.kind == kind, CorrectiveAction.state == "asked")
        .where(Signal.state.not_in(("dismissed", "withdrawn")))
        .order_by(CorrectiveAction.id)
    )  # fmt: skip
    return [Asked(row[0], tuple(row[1]), *row[2:]) for row in db.session.execute(query)]


def move(
    actor: Actor, action_id: int, to: str, *, check_on: date | None = None, check_result: str | None = None
) -> bool:
    """Move an action to state *to*, where its state allows that; whether it moved."""
    sources = [state for state, ways in WAYS.items() if to in ways]
    changed: dict[str, Any] = {"state": to}
    if check_on is not None:
        changed["check_on"] = check_on
    if check_result is not None:
        changed["check_result"] = check_result
    guarded = update(CorrectiveAction).where(CorrectiveAction.id == action_id, CorrectiveAction.state.in_(sources))
    moved = db.session.execute(guarded.values(**changed).returning(CorrectiveAction.id)).all()
    if moved:
        audit.note(actor, "moved", "corrective_action", action_id, state=to)
    return bool(moved)


def of_signal(signal: str, kind: str) -> int | None:
    """The action of *kind* that the signal with this address led to."""
    query = select(CorrectiveAction.id).join(Signal, Signal.id == CorrectiveAction.signal_id)
    return db.session.scalar(query.where(Signal.public_id == signal, CorrectiveAction.kind == kind))
