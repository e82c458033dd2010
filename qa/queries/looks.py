"""Looks in people's hands, for whoever leads: who has had one for how long. Neither the case nor its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from qa.core import clock, leading
from qa.core.access import Actor
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person
from qa.grading.needs_person import is_grader
from qa.models.cases import CaseText
from qa.models.grading import Task
from qa.models.policies import Workflow

PAGE = 100


@dataclass(frozen=True, slots=True)
class InHand:
    """One look that somebody has."""

    task_id: str
    code: str
    workflow: str
    language: str | None
    name: str
    since: datetime
    until: datetime | None
    is_kept: bool


def in_hands(lead: Actor) -> list[InHand]:
    """Looks that others have in hand, and those kept for somebody who cannot take them up now; the oldest first."""
    away = ~and_(is_grader(), days_off.at_work())
    kept = and_(Task.state == "waiting", Task.release_at <= clock.now(), away)
    query = (
        select(
            Task.public_id, Task.code, Workflow.label, CaseText.language, Person.name, Task.held_at, Task.lease_until,
            Task.state, Task.release_at,
        )
        .join(Person, Person.id == Task.person_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .outerjoin(CaseText, CaseText.case_id == Task.case_id)
        .where(or_(Task.state == "held", kept), Task.person_id != lead.id, leading.in_reach(lead))
        .order_by(Task.held_at, Task.id)
    )  # fmt: skip
    return [
        InHand(
            row.public_id, row.code, row.label, row.language, row.name,
            row.release_at if row.state == "waiting" else row.held_at, row.lease_until, row.state == "waiting",
        )
        for row in db.session.execute(query.limit(PAGE))
    ]  # fmt: skip


def graders(lead: Actor) -> tuple[tuple[str, str], ...]:
    """(public id, name) of the graders at work whom *lead* may name."""
    query = select(Person.public_id, Person.name).where(is_grader(), days_off.at_work(), leading.in_reach(lead))
    query = query.order_by(Person.name)
    return tuple((row.public_id, row.name) for row in db.session.execute(query))
