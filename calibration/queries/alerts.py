"""What pages and commands show of signals: lists, one signal with its evidence, and what was done about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from calibration.models.signals import CorrectiveAction, Signal
from calibration.queries.agents import Agent, everybody
from calibration.signals import rests_on
from qa import touches
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.policies import PolicyQuestion
from qa.models.truth import Truth

#: What still asks for somebody, and what somebody is at.
WAITING = ("raised", "owned")
UNDER_WAY = ("acted_on",)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A signal in a list."""

    public_id: str
    agent_id: int
    kind: str
    level: str
    state: str
    lead_key: str | None
    shares: Mapping[str, float]
    raised_at: datetime
    crossed_at: datetime
    n: int
    errors: int
    evidence: Mapping[str, Any]
    expected_false: float | None
    cause: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class DoneRow:
    """What was done about a signal."""

    public_id: str
    kind: str
    state: str
    section_keys: tuple[str, ...]
    reason: str
    by: str | None
    at: datetime
    owner: str | None
    due_on: date | None
    done_at: datetime | None
    check_on: date | None
    check_result: str | None
    #: The address of the question that it asked, and how that stands.
    question: str | None
    question_state: str | None


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One error of a signal's evidence. Without *is_open* a page may show its day and nothing else."""

    public_id: str
    external_id: str
    closed_at: datetime
    is_open: bool
    decided_key: str | None
    action: str | None
    truth_key: str | None
    truth_action: str | None
    basis: str | None
    #: Inside number.
    case_id: int


_COLUMNS = (
    Signal.public_id, Signal.agent_id, Signal.kind, Signal.level, Signal.state, Signal.lead_key, Signal.shares,
    Signal.raised_at, Signal.crossed_at, Signal.n, Signal.errors, Signal.evidence, Signal.expected_false, Signal.cause,
    select(Person.name).where(Person.id == Signal.owner_id).scalar_subquery(),
)  # fmt: skip


def listed(
    *, agent_ids: Collection[int] | None = None, states: Collection[str] = (), levels: Collection[str] = ()
) -> list[AlertRow]:
    """Signals, the newest first; *agent_ids* None: of everybody."""
    query = select(*_COLUMNS)
    if agent_ids is not None:
        query = query.where(Signal.agent_id.in_(agent_ids))
    if states:
        query = query.where(Signal.state.in_(states))
    if levels:
        query = query.where(Signal.level.in_(levels))
    return [AlertRow(*row) for row in db.session.execute(query.order_by(Signal.crossed_at.desc(), Signal.id.desc()))]


def one(public_id: str, agents: Mapping[int, Agent]) -> AlertRow:
    """The signal of this address, of one of *agents*; NotFound for any other."""
    row = db.session.execute(select(*_COLUMNS).where(Signal.public_id == public_id)).first()
    if row is None or row.agent_id not in agents:
        raise NotFound("alert")
    return AlertRow(*row)


def done_about(public_id: str) -> list[DoneRow]:
    """What was done about a signal, oldest first."""
    owner = aliased(Person)
    query = (
        select(
            CorrectiveAction.public_id, CorrectiveAction.kind, CorrectiveAction.state, CorrectiveAction.section_keys,
            CorrectiveAction.reason, Person.name, CorrectiveAction.created_at, owner.name, CorrectiveAction.due_on,
            CorrectiveAction.done_at, CorrectiveAction.check_on, CorrectiveAction.check_result,
            PolicyQuestion.public_id, PolicyQuestion.state,
        )
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .outerjoin(Person, Person.id == CorrectiveAction.by_id)
        .outerjoin(owner, owner.id == CorrectiveAction.owner_id)
        .outerjoin(PolicyQuestion, PolicyQuestion.id == CorrectiveAction.question_id)
        .where(Signal.public_id == public_id)
        .order_by(CorrectiveAction.id)
    )  # fmt: skip
    return [DoneRow(*row[:3], tuple(row[3]), *row[4:]) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class DueRow:
    """A corrective action whose day has come: to be done, or, once done, to be looked at."""

    signal: str
    agent_id: int
    kind: str
    due_on: date
    is_check: bool


def due(agent_ids: Collection[int], today: date) -> list[DueRow]:
    """Corrective actions about these agents that should be done by now, or whose check has come; oldest first."""
    late = and_(CorrectiveAction.state.in_(("asked", "under_way")), CorrectiveAction.due_on < today)
    check = and_(CorrectiveAction.state.in_(("done", "checked")), CorrectiveAction.check_on <= today)
    query = (
        select(
            Signal.public_id, Signal.agent_id, CorrectiveAction.kind, CorrectiveAction.due_on,
            CorrectiveAction.check_on, CorrectiveAction.state.in_(("done", "checked")),
        )
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .where(Signal.agent_id.in_(agent_ids), Signal.state == "acted_on", or_(late, check))
        .order_by(CorrectiveAction.id)
    )  # fmt: skip
    rows = db.session.execute(query)
    return [DueRow(ref, agent, kind, check_on if is_check else due_on, bool(is_check))
            for ref, agent, kind, due_on, check_on, is_check in rows]  # fmt: skip


def errors(case_ids: Collection[int], *, viewer_id: int | None, must_open: bool) -> list[ErrorRow]:
    """The errors of a signal's evidence in order of closing.

    *must_open*: the viewer may be given blind tasks, so a decision is shown only of a case that they had to do with and
    are out of: opening it is a deed that takes it away from them.
    """
    over = select(ClosedCase.id).where(ClosedCase.id.in_(case_ids), touches.is_out_of(viewer_id))
    met = set(db.session.scalars(over)) if must_open else set()
    query = (
        select(
            ClosedCase.id, ClosedCase.public_id, ClosedCase.external_id, ClosedCase.closed_at, ClosedCase.decided_key,
            ClosedCase.action, Truth.section_key, Truth.action, Truth.basis,
        )
        .outerjoin(Truth, (Truth.case_id == ClosedCase.id) & Truth.replaced_at.is_(None))
        .where(ClosedCase.id.in_(case_ids))
        .order_by(ClosedCase.closed_at, ClosedCase.number)
    )  # fmt: skip
    found = []
    for case_id, public_id, external_id, closed_at, *decision in db.session.execute(query):
        is_open = not must_open or case_id in met
        found.append(
            ErrorRow(public_id, external_id, closed_at, is_open, *(decision if is_open else [None] * 5), case_id)
        )
    return found


def external_ids(case_ids: Collection[int]) -> dict[int, str]:
    """The cases' own names, by inside number."""
    query = select(ClosedCase.id, ClosedCase.external_id).where(ClosedCase.id.in_(case_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def as_json(rows: Sequence[AlertRow]) -> list[dict[str, Any]]:
    """The rows as `flask signals list --json` prints them."""
    agents = everybody()
    names = external_ids([case_id for row in rows for case_id in row.evidence.get("cases", [])])
    return [
        {
            "id": row.public_id,
            "agent": agents[row.agent_id].external_id if row.agent_id in agents else None,
            "kind": row.kind,
            "level": row.level,
            "state": row.state,
            "lead_key": row.lead_key,
            "shares": dict(row.shares),
            "raised_at": row.raised_at.isoformat(),
            "crossed_at": row.crossed_at.isoformat(),
            "evidence": {**_told(row), "cases": [names[case_id] for case_id in row.evidence.get("cases", [])]},
            "n": row.n,
            "errors": row.errors,
        }
        for row in rows
    ]


def _told(row: AlertRow) -> dict[str, Any]:
    """What an alert rests on but for the drawn cases, which stand in the evidence pack."""
    return {name: value for name, value in row.evidence.items() if name != rests_on.KEY}
