"""Asking for further looks at a drawn case: put into the queue once, from the next release hour on."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, select

from qa import queue, release
from qa.core.db import ask, db
from qa.models.grading import Adjudication, Task, TaskPurpose

_TASK = Task.__table__.c
_PINNED = select(_TASK.workflow_id).where(_TASK.case_id == bindparam("case_id")).order_by(_TASK.id).limit(1)


def ask_for(case_id: int, purpose: str, *, needs_skill: str | None = None, origin: str | None = None) -> int:
    """Put one more blind look at a case into the queue, from the next release hour on; the task's inside number.

    When such a look is open already, it is that one.
    """
    open_one = tasks_for(case_id, purpose).where(Task.state.in_(("waiting", "held", "graded"))).limit(1)
    found = db.session.scalar(open_one)
    if found is not None:
        return found
    pinned = ask(_PINNED, {"case_id": case_id}).first()
    wanted = {
        "case_id": case_id, "workflow_id": pinned.workflow_id if pinned else None, "purpose": purpose,
        "needs_skill": needs_skill, "origin": origin,
    }  # fmt: skip
    queue.add_tasks([wanted], release_at=release.next_release())
    return db.session.scalars(tasks_for(case_id, purpose).limit(1)).one()


def tasks_for(case_id: int, purpose: str) -> Select[tuple[int]]:
    """The tasks of one purpose on a case, the newest first."""
    query = select(Task.id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    return query.where(Task.case_id == case_id, TaskPurpose.purpose == purpose).order_by(Task.id.desc())


def ask_for_adjudication(case_id: int) -> None:
    """Put a case into the hands of somebody who was not in it, with its adjudication beside the task."""
    open_one = select(Adjudication.id).where(Adjudication.case_id == case_id, Adjudication.state != "ruled")
    if db.session.scalar(open_one) is None:
        task_id = ask_for(case_id, "adjudication", needs_skill="adjudicate")
        db.session.add(Adjudication(case_id=case_id, task_id=task_id, state="waiting"))
