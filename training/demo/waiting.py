"""What waits at the demonstration's desks: read here, done through the services."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import ask, db
from qa.grading import conflicts
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Batch, Task, TaskPurpose
from qa.models.truth import Dispute, Finding, Truth
from qa.settlement import VOTING
from qa.standing import Vote

#: task -> the id of its case as the files call it.
_CASE = (
    select(ClosedCase.external_id)
    .join(Task, Task.case_id == ClosedCase.id)
    .where(Task.public_id == bindparam("task"))
)  # fmt: skip
#: settler -> (finding, case) of the differences that wait for their explanation.
_UNEXPLAINED = (
    select(Finding.public_id, ClosedCase.external_id)
    .join(ClosedCase, ClosedCase.id == Finding.case_id)
    .where(Finding.state == "held", Finding.kind != "correct", Finding.explained_at.is_(None))
    .where(Finding.settler_id == bindparam("settler"))
    .order_by(ClosedCase.external_id)
)
#: person -> the adjudications that they have looked at and not ruled on.
_RULINGS = (
    select(Adjudication.public_id)
    .join(ClosedCase, ClosedCase.id == Adjudication.case_id)
    .where(Adjudication.state == "committed", Adjudication.person_id == bindparam("person"))
    .order_by(ClosedCase.external_id)
)
#: person -> (dispute, case) of those that they have looked at and whose argument may be read.
_ARGUMENTS = (
    select(Dispute.public_id, ClosedCase.external_id)
    .join(Finding, Finding.id == Dispute.finding_id)
    .join(ClosedCase, ClosedCase.id == Finding.case_id)
    .where(Dispute.state == "argument_read", Dispute.by_id == bindparam("person"))
    .order_by(ClosedCase.external_id)
)


@dataclass(frozen=True, slots=True)
class Look:
    """A released look at a case that nobody has yet."""

    case_id: int
    case: str
    purpose: str
    language: str
    needs_skill: str | None

    @property
    def votes(self) -> bool:
        """Whether the look counts among the votes."""
        return self.purpose in VOTING


def looks() -> list[Look]:
    """The looks that wait for somebody now, in the order of their cases, first looks first."""
    query = (
        select(Task.case_id, ClosedCase.external_id, TaskPurpose.purpose, ClosedCase.locale, Task.needs_skill)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(Task.state == "waiting", Task.person_id.is_(None), Task.release_at <= clock.now())
        .order_by(ClosedCase.external_id, TaskPurpose.purpose, Task.id)
    )
    return [Look(*row) for row in db.session.execute(query)]


def barred(people: Collection[int], case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case -> inside numbers of those of *people* who must not look at it."""
    found: dict[int, set[int]] = {case_id: set() for case_id in case_ids}
    for person_id in people:
        for case_id in conflicts.among(person_id, case_ids):
            found[case_id].add(person_id)
    return found


def case_of(task: str) -> str:
    """The id of a task's case as the files call it."""
    return str(ask(_CASE, {"task": task}).scalar_one())


def has_batch(person: Actor) -> bool:
    """Whether somebody has a batch open."""
    query = select(Batch.id).where(Batch.person_id == person.id, Batch.state == "open")
    return db.session.scalar(query) is not None


def unexplained(settler_id: int) -> list[tuple[str, str]]:
    """(finding, case) of every difference that waits for the explanation of who settled it."""
    return [(row[0], row[1]) for row in ask(_UNEXPLAINED, {"settler": settler_id})]


def rulings(person_id: int) -> list[str]:
    """The adjudications that somebody has looked at and not ruled on yet."""
    return list(ask(_RULINGS, {"person": person_id}).scalars())


def arguments(person_id: int) -> list[tuple[str, str]]:
    """(dispute, case) of the disputes that somebody has looked at and whose argument may be read."""
    return [(row[0], row[1]) for row in ask(_ARGUMENTS, {"person": person_id})]


@dataclass(frozen=True, slots=True)
class Result:
    """A published difference that its agent has not answered yet."""

    public_id: str
    case_id: int
    case: str
    agent_id: int
    kind: str
    right: Vote


def unread() -> list[Result]:
    """The published differences that wait for their agents."""
    query = (
        select(
            Finding.public_id, Finding.case_id, ClosedCase.external_id, Finding.agent_id, Finding.kind, Truth.verdict,
            Truth.section_key, Truth.action,
        )
        .join(ClosedCase, ClosedCase.id == Finding.case_id)
        .join(Truth, Truth.id == Finding.truth_id)
        .where(Finding.state == "published", Finding.kind != "correct")
        .order_by(ClosedCase.external_id)
    )  # fmt: skip
    return [Result(*row[:5], Vote(*row[5:])) for row in db.session.execute(query)]
