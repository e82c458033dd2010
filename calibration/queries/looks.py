"""Committed looks with the truth that stands: what a grader's own score is made of. Read by commands, not by pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from qa import merging
from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Skip, Task, TaskPurpose
from qa.models.policies import Workflow
from qa.models.truth import Truth
from qa.standing import Vote

#: What a look may be for and still count for its grader.
COUNTED = ("first", "overlap", "second", "audit")
#: Whose votes are answers to the case, besides.
VOTES = (*COUNTED, "adjudication")


@dataclass(frozen=True, slots=True)
class Look:
    """One committed grade; *truth* is None until the case is settled."""

    case_id: int
    grader_id: int
    grader: str
    purpose: str
    vote: Vote
    seconds_shown: int | None
    workflow: str
    levels: tuple[str, ...]
    agent: str | None
    decision: Vote
    truth: Vote | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class Passed:
    """One task that a person passed on."""

    grader: str
    reason: str


def committed(*, since: datetime | None = None) -> Iterator[Look]:
    """Every committed look of a purpose that votes, in order of cases; *since* is when it was committed."""
    agent = aliased(Person)
    query = (
        select(
            Task.case_id, Person.id, Person.external_id, TaskPurpose.purpose, Grade.verdict, Grade.section_key,
            Grade.action, Grade.seconds_shown, ClosedCase.workflow, Workflow.settle_levels, agent.external_id,
            merging.compared_key(), ClosedCase.action, Truth.verdict, Truth.section_key, Truth.action, Truth.basis,
        )
        .select_from(Grade)
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .join(Person, Person.id == Grade.person_id)
        .outerjoin(agent, agent.id == ClosedCase.agent_id)
        .outerjoin(Truth, and_(Truth.case_id == Task.case_id, Truth.replaced_at.is_(None)))
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(VOTES))
        .order_by(Task.case_id, Grade.id)
    )  # fmt: skip
    if since is not None:
        query = query.where(Grade.committed_at >= since)
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        yield _look(*row)


def _look(
    case_id: int, grader_id: int, grader: str, purpose: str, verdict: str, section: str, action: str | None,
    seconds: int | None, workflow: str, levels: list[str], agent: str | None, decided: str, done: str | None,
    truth: str | None, truth_section: str | None, truth_action: str | None, basis: str | None,
) -> Look:  # fmt: skip
    decision = Vote("no_violation" if decided == "none" else "violates", decided, done, is_decision=True)
    stands = None if truth is None else Vote(truth, truth_section or "none", truth_action)
    return Look(
        case_id, grader_id, grader, purpose, Vote(verdict, section, action), seconds, workflow, tuple(levels), agent,
        decision, stands, basis,
    )  # fmt: skip


def passed_on(*, since: datetime | None = None) -> list[Passed]:
    """Every skip."""
    query = select(Person.external_id, Skip.reason).join(Person, Person.id == Skip.person_id).order_by(Skip.id)
    if since is not None:
        query = query.where(Skip.at >= since)
    return [Passed(*row) for row in db.session.execute(query)]
