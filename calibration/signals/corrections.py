"""Corrective actions as upper rooms see them: what was asked for. How far it is, they tell `signals.report`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from calibration.models.signals import CorrectiveAction, Signal
from qa.core import clock, preferences
from qa.core.db import db
from qa.core.leave import days_off


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that waits to be taken up, with what led to it."""

    public_id: str
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
            CorrectiveAction.public_id, CorrectiveAction.section_keys, CorrectiveAction.reason,
            CorrectiveAction.owner_id, Signal.public_id, Signal.kind, Signal.agent_id, Signal.lead_key,
            Signal.crossed_at, Signal.raised_at, Signal.evidence, Signal.n, Signal.errors,
        )
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .where(CorrectiveAction.kind == kind, CorrectiveAction.state == "asked")
        .where(Signal.state.not_in(("dismissed", "withdrawn")))
        .order_by(CorrectiveAction.id)
    )  # fmt: skip
    return [Asked(row[0], tuple(row[1]), *row[2:]) for row in db.session.execute(query)]


def due(agent_id: int) -> date:
    """The day until which something should be done about a signal of this agent: as for a training."""
    days = int(preferences.get("training_due_days"))
    return days_off.working_days_after(agent_id, clock.now(), days).date()


def plan_check(action: str, on: date) -> None:
    """Keep the day on which the outcome of the action with this address is to be looked at."""
    db.session.execute(update(CorrectiveAction).where(CorrectiveAction.public_id == action).values(check_on=on))


def of_signal(signal: str, kind: str) -> str | None:
    """The address of the action of *kind* that the signal with this address led to."""
    query = select(CorrectiveAction.public_id).join(Signal, Signal.id == CorrectiveAction.signal_id)
    return db.session.scalar(query.where(Signal.public_id == signal, CorrectiveAction.kind == kind))


def withdrawn(signals: Collection[str]) -> set[str]:
    """Those of the signals with these addresses that settled decisions carry no longer."""
    query = select(Signal.public_id).where(Signal.public_id.in_(signals), Signal.state == "withdrawn")
    return set(db.session.scalars(query)) if signals else set()
