"""What pages of dangers show: to who reported, that it was sent; to who was called, the case; to leads, the rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person
from qa.danger import danger, on_call
from qa.models.danger import Danger, DangerCall, OnCallShift
from qa.queries import blind_case, reveals
from qa.queries.reveals import Said

STATES = {"paged": "Nobody has answered yet", "acknowledged": "Looked after", "closed": "Closed"}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """An own report: nothing of what came of it."""

    public_id: str
    raised_at: datetime
    can_undo: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a list."""

    public_id: str
    at: datetime
    state: str
    is_test: bool
    is_mine: bool
    answered_by: str | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class CallPage:
    """A call with the case it is about; a test has none."""

    public_id: str
    at: datetime
    state: str
    line: str
    is_mine: bool
    answered_by: str | None
    ended: str
    case: blind_case.BlindCase | None
    decided: Said | None


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of the rota."""

    public_id: str
    name: str
    from_at: datetime
    to_at: datetime
    place: int
    is_now: bool


def sent(actor: Actor, danger_id: str) -> Sent:
    """An own report. Raises NotFound."""
    query = select(Danger.public_id, Danger.raised_at).where(Danger.public_id == danger_id)
    row = db.session.execute(query.where(Danger.person_id == actor.id, Danger.task_id.is_not(None))).first()
    if row is None:
        raise NotFound("report")
    return Sent(row.public_id, row.raised_at, row.raised_at > clock.now() - danger.UNDO)


def calls(actor: Actor) -> list[Call]:
    """The latest calls: for leads all of them, but for whoever may be given blind tasks the own ones and tests."""
    answered, mine = aliased(Person), aliased(DangerCall)
    query = (
        select(Danger, answered.name, mine.id)
        .outerjoin(answered, answered.id == Danger.answered_by_id)
        .outerjoin(mine, (mine.danger_id == Danger.id) & (mine.person_id == actor.id))
        .where(Danger.state.in_(STATES))
    )
    if not actor.has("manager", "admin"):
        query = query.where(mine.id.is_not(None))
    elif actor.can_be_given_blind_tasks:
        query = query.where(or_(mine.id.is_not(None), Danger.task_id.is_(None)))
    rows = db.session.execute(query.order_by(Danger.id.desc()).limit(PAGE))
    return [
        Call(
            row.public_id, row.raised_at, STATES[row.state], row.task_id is None, called is not None, name,
            _minutes(row.raised_at, row.acknowledged_at),
        )
        for row, name, called in rows
    ]  # fmt: skip


def _minutes(raised: datetime, acknowledged: datetime | None) -> int | None:
    return None if acknowledged is None else round((acknowledged - raised).total_seconds() / 60)


def waiting(actor: Actor) -> list[Call] | None:
    """The calls that wait for *actor*'s answer, tests last, for the own home; None when there is none."""
    mine = [one for one in calls(actor) if one.is_mine and one.state == STATES["paged"]]
    return sorted(mine, key=lambda one: one.is_test) or None


def call(actor: Actor, danger_id: str) -> CallPage:
    """A call that *actor* was told of, with the evidence and what was done before. Raises NotFound."""
    query = select(Danger, Person.name).join(DangerCall, DangerCall.danger_id == Danger.id)
    query = query.outerjoin(Person, Person.id == Danger.answered_by_id)
    row = db.session.execute(query.where(Danger.public_id == danger_id, DangerCall.person_id == actor.id)).first()
    if row is None:
        raise NotFound("call")
    told, name = row
    case = danger.case_of(told)
    evidence = decided = None
    if case is not None:
        label = case.workflow.replace("_", " ").capitalize()
        evidence = blind_case.evidence_of(case.id, task_id="", code=case.external_id, workflow_label=label)
        verdict = reveals.verdict_of(case.decided_key)
        decided = reveals.words({case.decided_key}).say(case.workflow, verdict, case.decided_key, case.action)
    return CallPage(
        told.public_id, told.raised_at, STATES[told.state], told.line, told.answered_by_id == actor.id, name,
        told.ended, evidence, decided,
    )  # fmt: skip


def shifts() -> list[Shift]:
    """The shifts that have not ended, in their order."""
    now = clock.now()
    query = select(OnCallShift, Person.name).join(Person, Person.id == OnCallShift.person_id)
    rows = db.session.execute(query.where(OnCallShift.to_at > now).order_by(OnCallShift.from_at, OnCallShift.place))
    return [
        Shift(row.public_id, name, row.from_at, row.to_at, row.place, row.from_at <= now)
        for row, name in rows
    ]  # fmt: skip


def on_call_now() -> list[str]:
    """Who would be called now, in that order."""
    return [one.name for one in on_call.rota()]


def can_be_on_call() -> tuple[tuple[str, str], ...]:
    """(public id, name) of whoever has the skill."""
    query = select(Person.public_id, Person.name).where(Person.id.in_(on_call.skilled())).order_by(Person.name)
    return tuple((row.public_id, row.name) for row in db.session.execute(query))
