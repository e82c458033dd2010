"""Trainings that were completed after an alert: what effects are measured from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from calibration.models.signals import Signal
from qa.core.db import db
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, ModuleVersion


@dataclass(frozen=True, slots=True)
class Completion:
    """One completed training with the first alert that led to it."""

    assignment_id: int
    assignment: str
    person_id: int
    module_id: int
    module_ref: str
    module: str
    sections: tuple[str, ...]
    crossed_at: datetime
    completed_at: datetime


def completed() -> list[Completion]:
    """Passed trainings that an alert led to, the oldest first, each once."""
    query = (
        select(
            Assignment.id, Assignment.public_id, Assignment.person_id, Module.id, Module.public_id, Module.title,
            Module.focus, Signal.crossed_at, Assignment.ended_at,
        )
        .join(AssignmentCause, and_(AssignmentCause.assignment_id == Assignment.id, AssignmentCause.kind == "signal"))
        .join(Signal, Signal.public_id == AssignmentCause.ref)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.state == "passed", Assignment.ended_at.is_not(None))
        .order_by(Assignment.id, Signal.crossed_at)
    )  # fmt: skip
    found: dict[int, Completion] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0], Completion(*row[:6], tuple(row[6]["sections"]), row[7], row[8]))
    return list(found.values())


def signals_of(assignment_id: int | None) -> list[str]:
    """Addresses of the alerts behind an assignment."""
    query = select(AssignmentCause.ref).where(
        AssignmentCause.assignment_id == assignment_id, AssignmentCause.kind == "signal"
    )
    return list(db.session.scalars(query))
