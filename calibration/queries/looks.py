"""Committed looks with the truth that stands: what a grader's own score is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from qa.core.db import ask, db, raw_rows
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Skip, Task, TaskPurpose
from qa.models.policies import Workflow
from qa.models.truth import Truth
from qa.policies import merging
from qa.standing import Vote

#: What a look may be for and still count for its grader.
COUNTED = ("first", "overlap", "second", "audit")
#: Whose votes are answers to the case, besides.
VOTES = (*COUNTED, "adjudication")
_ROWS = 5000
#: The first moment of a period, and the first one after it.
Closed = tuple[datetime, datetime]


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
    play: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """One task that a person passed on."""

    grader: str
    reason: str
    grader_id: int = 0
    workflow: str = ""
    play: str = ""
    locale: str | None = None


def committed(
    *, since: datetime | None = None, closed: Closed | None = None, as_of: datetime | None = None
) -> Iterator[Look]:
    """Every committed look of a purpose that votes, in order of cases.

    *since* is when it was committed; *closed* when its case was closed, the first moment inside and the second not.
    *as_of*: looks and settlements as they were known then; what was settled anew since counts as open.
    """
    query = _votes(as_of)
    if since is not None:
        query = query.where(Grade.committed_at >= since)
    if as_of is not None:
        query = query.where(Grade.committed_at <= as_of)
    if closed is not None:
        query = query.where(ClosedCase.closed_at >= closed[0], ClosedCase.closed_at < closed[1])
    rows = [row for some in raw_rows(query, _ROWS) for row in some]
    rows.sort()  # by case and grade: a database would sort the words along
    reader = _Reader()
    return (reader.look(*row) for row in rows)


def _votes(as_of: datetime | None = None, *more: Any) -> Select[Any]:
    """Committed looks of a purpose that votes, with the truth that stands (that stood at *as_of* and still does)."""
    stands = and_(Truth.case_id == Task.case_id, Truth.replaced_at.is_(None))
    return (
        select(
            Task.case_id, Grade.id, Grade.person_id, TaskPurpose.purpose, Grade.verdict, Grade.section_key,
            Grade.action, Grade.seconds_shown, Task.workflow_id, ClosedCase.workflow, ClosedCase.agent_id,
            ClosedCase.decided_key, ClosedCase.action, Truth.verdict, Truth.section_key, Truth.action, Truth.basis,
            ClosedCase.play_key, ClosedCase.locale, *more,
        )
        .select_from(Grade)
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(Truth, stands if as_of is None else and_(stands, Truth.settled_at <= as_of))
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(VOTES))
    )  # fmt: skip


#: case_ids -> the looks at them, each with the closing of its case.
_AT_CASES = (
    _votes(None, ClosedCase.closed_at)
    .where(Task.case_id.in_(bindparam("case_ids", expanding=True)))
    .order_by(Task.case_id, Grade.id)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One committed look with what a roll-up knows it by."""

    grade_id: int
    closed_on: date
    look: Look


def at_cases(case_ids: Collection[int]) -> list[Kept]:
    """The committed looks at these cases, in order of cases; nobody is named."""
    rows = ask(_AT_CASES, {"case_ids": list(case_ids)}).all()
    reader = _Reader(named=False)
    return [Kept(row[1], row[-1].date(), reader.look(*row[:-1])) for row in rows]


def cases_by_day() -> Iterator[list[int]]:
    """The cases with a committed look of a purpose that votes, day of closing by day."""
    voted = (
        select(Task.case_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(Grade, Grade.task_id == Task.id)
        .where(TaskPurpose.purpose.in_(VOTES), Grade.committed_at.is_not(None))
    )
    query = select(ClosedCase.closed_at, ClosedCase.id).where(ClosedCase.id.in_(voted))
    rows = db.session.execute(query.order_by(ClosedCase.closed_at, ClosedCase.id)).all()
    return ([row.id for row in some] for _, some in groupby(rows, key=lambda row: row.closed_at.date()))


class _Reader:
    """Makes looks of raw rows. Answers that are equal are one object, for there are few of them and many looks."""

    def __init__(self, *, named: bool = True) -> None:
        levels = db.session.execute(select(Workflow.id, Workflow.settle_levels))
        self._levels = {row.id: tuple(row.settle_levels) for row in levels}
        people = db.session.execute(select(Person.id, Person.external_id)) if named else ()
        self._people = {row[0]: row[1] for row in people}
        self._compared = merging.compared_keys()
        self._votes: dict[tuple[str, str, str | None, bool], Vote] = {}

    def look(
        self, case_id: int, _grade_id: int, grader_id: int, purpose: str, verdict: str, section: str,
        action: str | None, seconds: int | None, workflow_id: int, workflow: str, agent: int | None, decided: str,
        done: str | None, truth: str | None, truth_section: str | None, truth_action: str | None, basis: str | None,
        play: str, locale: str | None,
    ) -> Look:  # fmt: skip
        """One row as a look."""
        key = self._compared.get(decided, decided)
        decision = self._vote("no_violation" if key == "none" else "violates", key, done, is_decision=True)
        stands = None if truth is None else self._vote(truth, truth_section or "none", truth_action)
        return Look(
            case_id, grader_id, self._people.get(grader_id, ""), purpose, self._vote(verdict, section, action), seconds,
            workflow, self._levels[workflow_id], None if agent is None else self._people.get(agent, ""), decision,
            stands, basis, play, locale or "",
        )  # fmt: skip

    def _vote(self, verdict: str, section: str, action: str | None, *, is_decision: bool = False) -> Vote:
        key = (verdict, section, action, is_decision)
        found = self._votes.get(key)
        if found is None:
            found = self._votes[key] = Vote(verdict, section, action, is_decision=is_decision)
        return found


def passed_on(
    *, since: datetime | None = None, closed: Closed | None = None, as_of: datetime | None = None
) -> list[Passed]:
    """Every skip; *closed* and *as_of* as in `committed`."""
    query = (
        select(Person.external_id, Skip.reason, Person.id, ClosedCase.workflow, ClosedCase.play_key, ClosedCase.locale)
        .join(Person, Person.id == Skip.person_id)
        .join(Task, Task.id == Skip.task_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .order_by(Skip.id)
    )
    if closed is not None:
        query = query.where(ClosedCase.closed_at >= closed[0], ClosedCase.closed_at < closed[1])
    if since is not None:
        query = query.where(Skip.at >= since)
    if as_of is not None:
        query = query.where(Skip.at <= as_of)
    return [Passed(*row) for row in db.session.execute(query)]
