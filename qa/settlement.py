"""Where a drawn case stands: votes in, one rule, and what follows, all in the transaction of the last commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from qa import queue, release, section_keys, truths
from qa.core import audit, clock
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Grade, Skip, Task, TaskPurpose
from qa.models.policies import Workflow
from qa.models.truth import Settlement
from qa.standing import Standing, Vote, standing

#: Purposes whose committed grades are votes.
VOTING = ("first", "overlap", "second", "audit")
#: How often a case may be skipped before nobody is asked any more.
SKIPS = 2


@dataclass(frozen=True, slots=True)
class Look:
    """A committed vote with who cast it."""

    grade_id: int
    person_id: int
    committed_at: datetime
    vote: Vote


def settle(case_id: int) -> str:
    """Look at a case's committed votes and move its settlement to where the rule says; the state it is in then."""
    row = db.session.scalar(select(Settlement).where(Settlement.case_id == case_id).with_for_update())
    if row is None:
        raise NotFound("settlement")
    case = db.session.get_one(ClosedCase, case_id)
    levels = levels_of(case_id)
    looks = committed_looks(case_id)
    row.looks_in = len(looks)
    result = standing([decision_of(case), *(look.vote for look in looks)], row.looks_planned, levels)
    _follow(row, case, result, looks, levels)
    db.session.flush()
    return row.state


def _follow(row: Settlement, case: ClosedCase, result: Standing, looks: list[Look], levels: list[str]) -> None:
    if result.state == "settled" and result.answer is not None and result.basis is not None:
        settler = looks[-1].person_id
        truths.stand(case, result.answer, basis=result.basis, settler_id=settler, levels=levels)
        _state(row, "settled")
    elif result.state == "ungradable":
        _state(row, "ungradable", "two could not tell")
    elif result.state == "difference":
        _state(row, "difference")
        ask_for(case.id, "second")
    elif result.state == "adjudication":
        _state(row, "adjudication")
        ask_for_adjudication(case.id)


def _state(row: Settlement, state: str, reason: str | None = None) -> None:
    if row.state != state:
        audit.note(SYSTEM, "settlement_moved", "case", row.case_id, state=state)
        row.state, row.reason, row.changed_at = state, reason, clock.now()


def decision_of(case: ClosedCase) -> Vote:
    """The case's own decision as a vote."""
    verdict = "no_violation" if case.decided_key == section_keys.NONE else "violates"
    return Vote(verdict, case.decided_key, case.action, is_decision=True)


def committed_looks(case_id: int) -> list[Look]:
    """The committed votes on a case, oldest first."""
    query = (
        select(Grade)
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(Task.case_id == case_id, Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(VOTING))
        .order_by(Grade.committed_at, Grade.id)
    )
    return [
        Look(one.id, one.person_id, one.committed_at, Vote(one.verdict, one.section_key, one.action))
        for one in db.session.scalars(query)
    ]


def levels_of(case_id: int) -> list[str]:
    """The levels that a look at this case settles, by the form that its tasks were made with."""
    query = select(Workflow.settle_levels).join(Task, Task.workflow_id == Workflow.id).where(Task.case_id == case_id)
    levels = db.session.scalar(query.order_by(Task.id).limit(1))
    return list(levels or ("verdict", "policy"))


def ask_for(case_id: int, purpose: str, *, needs_skill: str | None = None, origin: str | None = None) -> None:
    """Put one more blind look at a case into the queue, from the next release hour on, unless one is open already."""
    open_one = (
        select(func.count())
        .select_from(Task)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(Task.case_id == case_id, TaskPurpose.purpose == purpose, Task.state.in_(("waiting", "held", "graded")))
    )
    if db.session.scalar(open_one):
        return
    pinned = select(Task.workflow_id).where(Task.case_id == case_id).order_by(Task.id).limit(1)
    wanted = {
        "case_id": case_id, "workflow_id": db.session.scalar(pinned), "purpose": purpose, "needs_skill": needs_skill,
        "origin": origin,
    }  # fmt: skip
    queue.add_tasks([wanted], release_at=release.next_release())


def ask_for_adjudication(case_id: int) -> None:
    """Put a case into the hands of somebody who was not in it, with its adjudication beside the task."""
    open_one = select(Adjudication.id).where(Adjudication.case_id == case_id, Adjudication.state != "ruled")
    if db.session.scalar(open_one) is not None:
        return
    ask_for(case_id, "adjudication", needs_skill="adjudicate")
    newest = select(Task.id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    newest = (
        newest.where(Task.case_id == case_id, TaskPurpose.purpose == "adjudication").order_by(Task.id.desc()).limit(1)
    )
    db.session.add(Adjudication(case_id=case_id, task_id=db.session.scalar(newest), state="waiting"))


def after_skip(task_id: int) -> None:
    """The skipped case goes to another person, at most twice; then nobody is asked any more."""
    task = db.session.get_one(Task, task_id)
    purpose = db.session.get_one(TaskPurpose, task_id)
    same_line = select(func.count()).select_from(Skip).join(Task, Task.id == Skip.task_id)
    same_line = same_line.join(TaskPurpose, TaskPurpose.task_id == Task.id)
    skips = (
        db.session.scalar(same_line.where(Task.case_id == task.case_id, TaskPurpose.purpose == purpose.purpose)) or 0
    )
    if skips <= SKIPS:
        wanted = {
            "case_id": task.case_id, "workflow_id": task.workflow_id, "purpose": purpose.purpose,
            "needs_skill": task.needs_skill, "origin": purpose.origin,
        }  # fmt: skip
        queue.add_tasks([wanted], release_at=clock.now())
        moved = select(Task.id).where(Task.case_id == task.case_id).order_by(Task.id.desc()).limit(1)
        db.session.execute(
            update(Adjudication).where(Adjudication.task_id == task.id).values(task_id=moved.scalar_subquery())
        )
        return
    row = db.session.scalar(select(Settlement).where(Settlement.case_id == task.case_id).with_for_update())
    if row is not None and row.state in ("open", "difference", "adjudication"):
        _state(row, "unreached", "passed on three times")
        void = update(Task).where(Task.case_id == task.case_id, Task.state == "waiting").values(state="void")
        db.session.execute(void)
