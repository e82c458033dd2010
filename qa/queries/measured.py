"""What upper rooms measure from: drawn cases with weights, settlements and truths. Nothing else feeds a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select

from qa.core.db import db
from qa.core.models import Person, Team
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Dispute, Finding, Settlement, Truth

#: Settlement states in which nothing more is expected of a case.
ENDED = ("settled", "ungradable", "unreached")
OPEN_DISPUTE = ("open", "blind_look", "argument_read")


def in_force(*purposes: str) -> tuple[ColumnElement[bool], ...]:
    """Of draws and their plan's version: those that count, of plans with these purposes."""
    return Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")), PlanVersion.purpose.in_(purposes)


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """One drawn case in one draw of a plan that measures."""

    case_id: int
    public_id: str
    external_id: str
    agent_id: int
    agent: str
    agent_name: str
    team: str
    play_key: str
    workflow: str
    locale: str
    closed_at: datetime
    number: int
    decided_key: str
    action: str
    severity: str
    plan: str
    draw_id: int
    stratum_id: int
    stratum: str
    stratum_frame: int
    stratum_drawn: int
    tier: str
    probability: float
    #: Of the plan and draw: windows tell one draw of a plan from the next.
    drawn_at: datetime
    state: str
    right_verdict: bool | None
    right_policy: bool | None
    right_action: bool | None
    truth_verdict: str | None
    truth_key: str | None
    truth_action: str | None
    basis: str | None
    settled_at: datetime | None
    disputed: bool

    def right(self, level: str) -> bool | None:
        """Whether the decision matches on *level*; None while it is open or where the level is not settled."""
        return {"verdict": self.right_verdict, "policy": self.right_policy, "action": self.right_action}[level]

    @property
    def is_open(self) -> bool:
        """Whether looks are still expected."""
        return self.state not in ENDED


def drawn_cases(
    *,
    agent_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    purposes: tuple[str, ...] = ("measure",),
) -> Iterator[DrawnCase]:
    """Every drawn case of the current draws of plans with these purposes, in order of closing, then number.

    A case that several draws hold comes once for each. *since* is inside, *until* is not.
    """
    disputed = exists().where(
        Finding.truth_id == Truth.id, Dispute.finding_id == Finding.id, Dispute.state.in_(OPEN_DISPUTE)
    )
    query = (
        select(
            ClosedCase.id, ClosedCase.public_id, ClosedCase.external_id, ClosedCase.agent_id, Person.external_id,
            Person.name, Team.name, ClosedCase.play_key, ClosedCase.workflow, ClosedCase.locale, ClosedCase.closed_at,
            ClosedCase.number, ClosedCase.decided_key, ClosedCase.action, ClosedCase.severity, Plan.name, Draw.id,
            DrawStratum.id, DrawStratum.key, DrawStratum.frame, DrawStratum.drawn, DrawCase.tier, DrawCase.probability,
            Draw.created_at, Settlement.state, Truth.right_verdict, Truth.right_policy, Truth.right_action,
            Truth.verdict, Truth.section_key, Truth.action, Truth.basis, Truth.settled_at, disputed,
        )
        .select_from(DrawCase)
        .join(Draw, Draw.id == DrawCase.draw_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .join(Plan, Plan.id == Draw.plan_id)
        .join(DrawStratum, DrawStratum.id == DrawCase.stratum_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Person, Person.id == ClosedCase.agent_id)
        .outerjoin(Team, Team.id == ClosedCase.agent_team_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .outerjoin(Truth, and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None)))
        .where(*in_force(*purposes))
        .where(*_window(agent_id, since, until))
        .order_by(ClosedCase.closed_at, ClosedCase.number, ClosedCase.id, Draw.id)
    )  # fmt: skip
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        values = list(row)
        for place in (6, 9, 14):
            values[place] = values[place] or ""
        yield DrawnCase(*values)


def _window(agent_id: int | None, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if agent_id is not None:
        found.append(ClosedCase.agent_id == agent_id)
    if since is not None:
        found.append(ClosedCase.closed_at >= since)
    if until is not None:
        found.append(ClosedCase.closed_at < until)
    return found


@dataclass(frozen=True, slots=True)
class BlindVote:
    """One committed grade of a randomly planned look: what graders are compared by among themselves."""

    case_id: int
    external_id: str
    grader_id: int
    grader: str
    verdict: str
    section_key: str
    action: str | None
    play_key: str
    locale: str
    workflow: str
    draw: str


def blind_votes(*, draws: tuple[str, ...] = ()) -> Iterator[BlindVote]:
    """Committed grades of planned looks (first and overlap only: a second look was chosen by its outcome).

    *draws*: addresses of draws; none means all current ones. A case comes once however many draws hold it.
    """
    held = select(DrawCase.case_id).join(Draw, Draw.id == DrawCase.draw_id).where(Draw.replaced_at.is_(None))
    if draws:
        held = held.where(Draw.public_id.in_(draws))
    label = select(Draw.public_id).join(DrawCase, DrawCase.draw_id == Draw.id)
    label = label.where(DrawCase.case_id == ClosedCase.id, Draw.replaced_at.is_(None)).order_by(Draw.id).limit(1)
    query = (
        select(
            ClosedCase.id, ClosedCase.external_id, Person.id, Person.external_id, Grade.verdict, Grade.section_key,
            Grade.action, ClosedCase.play_key, ClosedCase.locale, ClosedCase.workflow, label.scalar_subquery(),
        )
        .select_from(Grade)
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .join(Person, Person.id == Grade.person_id)
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(("first", "overlap")))
        .where(ClosedCase.id.in_(held))
        .order_by(ClosedCase.id, Grade.id)
    )  # fmt: skip
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        values = list(row)
        values[8] = values[8] or ""
        yield BlindVote(*values)
