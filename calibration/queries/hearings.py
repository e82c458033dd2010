"""Rows behind the figures of disputes and of second looks at undisputed results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import aliased

from qa.core import clock, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.hearings import slips
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.policies import section_keys

_LOOKED = ("committed", "revealed", "done")
#: Passed on by everybody, or not needed any more.
_LOST = ("skipped", "void")


@dataclass(frozen=True, slots=True)
class Heard:
    """A dispute that was decided."""

    #: Whoever's look had settled the result; None: a rule, or nobody.
    grader: str | None
    section_key: str
    result: str
    step: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """An undisputed result that was considered for one more look."""

    is_error: bool
    chance: float
    taken: bool
    #: Whether the look has ended and nothing is open; then, whether the outcome turned.
    ended: bool
    turned: bool


def _led(actor: Actor) -> ColumnElement[bool]:
    if actor.has("admin") or actor.managed_teams is None:
        return true()
    return ClosedCase.agent_team_id.in_(sorted(actor.managed_teams))


def _up_to(actor: Actor) -> datetime:
    """Whoever may be given blind tasks is told what had come out at the last release hour."""
    return released.known_at(actor) or clock.now()


def heard(actor: Actor) -> list[Heard]:
    """All decided disputes of the teams that *actor* leads; contested process slips say nothing of decisions."""
    query = (
        select(
            Person.name, Truth.section_key, ClosedCase.decided_key, Dispute.result, Dispute.step, Dispute.climbed_at,
            Dispute.decided_at, Dispute.due_at,
        )
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Truth, Truth.id == Finding.truth_id)
        .join(ClosedCase, ClosedCase.id == Finding.case_id)
        .outerjoin(Person, Person.id == Finding.settler_id)
        .where(Dispute.state == "decided", Dispute.decided_at <= _up_to(actor), _led(actor), Dispute.kind != slips.KIND)
        .order_by(Dispute.id)
    )  # fmt: skip
    return [
        Heard(
            row.name,
            row.section_key if row.section_key != section_keys.NONE else row.decided_key,
            row.result,
            row.step,
            row.climbed_at is None and row.decided_at <= row.due_at,
        )
        for row in db.session.execute(query)
    ]


def waiting(actor: Actor) -> int:
    """How many disputes of the teams led are open."""
    query = select(Dispute.id).join(Finding, Finding.id == Dispute.finding_id)
    query = query.join(ClosedCase, ClosedCase.id == Finding.case_id)
    query = query.where(_led(actor), Dispute.created_at <= _up_to(actor))
    return len(db.session.scalars(query.where(Dispute.state.in_(("open", "blind_look", "argument_read")))).all())


def looked(actor: Actor) -> list[Looked]:
    """All undisputed results of the teams led that were considered for one more look."""
    now_stands, after = aliased(Truth), aliased(Finding)
    more = aliased(Task)
    open_look = exists().where(
        more.case_id == Finding.case_id, more.state.in_(("waiting", "held", "graded")), more.id >= Finding.audit_task_id
    )
    turned = or_(
        (Finding.kind == "correct") & (after.kind != "correct"), (Finding.kind != "correct") & (after.kind == "correct")
    )
    query = (
        select(
            Finding.kind, Finding.audit_chance, Task.state, Settlement.state.label("settlement"),
            open_look.label("is_open"), turned.label("turned"), Grade.committed_at, now_stands.settled_at,
        )
        .join(ClosedCase, ClosedCase.id == Finding.case_id)
        .join(Settlement, Settlement.case_id == Finding.case_id)
        .join(now_stands, (now_stands.case_id == Finding.case_id) & now_stands.replaced_at.is_(None))
        .join(after, after.truth_id == now_stands.id)
        .outerjoin(Task, Task.id == Finding.audit_task_id)
        .outerjoin(Grade, (Grade.task_id == Task.id) & Grade.committed_at.is_not(None))
        .where(Finding.audit_chance.is_not(None), _led(actor))
        .order_by(Finding.id)
    )  # fmt: skip
    until = _up_to(actor)
    return [
        Looked(
            is_error=row.kind != "correct",
            chance=row.audit_chance,
            taken=row.state is not None and row.state not in _LOST,
            ended=row.state in _LOOKED
            and row.settlement == "settled"
            and not row.is_open
            and max(row.committed_at, row.settled_at) <= until,
            turned=bool(row.turned),
        )
        for row in db.session.execute(query)
    ]
