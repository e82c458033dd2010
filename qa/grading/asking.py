"""Asking for further looks at a drawn case: put into the queue once, from the next release hour on."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, select, update

from qa import release
from qa.core import preferences
from qa.core.db import ask, db
from qa.grading import queue
from qa.models.grading import Adjudication, Task, TaskPurpose

#: Members of a panel.
PANEL = 3
#: States of an adjudication that nobody works at any more.
ENDED = ("ruled", "void")
_TASK, _PURPOSE = Task.__table__.c, TaskPurpose.__table__.c
_NEWEST = (
    select(_TASK.id)
    .join_from(Task.__table__, TaskPurpose.__table__, _PURPOSE.task_id == _TASK.id)
    .where(_TASK.case_id == bindparam("case_id"), _PURPOSE.purpose == bindparam("purpose"))
    .order_by(_TASK.id.desc())
    .limit(1)
)
_OPEN = _NEWEST.where(_TASK.state.in_(("waiting", "held", "graded")))
_PINNED = select(_TASK.workflow_id).where(_TASK.case_id == bindparam("case_id")).order_by(_TASK.id).limit(1)


def ask_for(case_id: int, purpose: str, *, needs_skill: str | None = None, origin: str | None = None) -> int:
    """Put one more blind look at a case into the queue, from the next release hour on; the task's inside number.

    When such a look is open already, it is that one.
    """
    found = ask(_OPEN, {"case_id": case_id, "purpose": purpose}).scalar()
    return int(found) if found is not None else ask_another(case_id, purpose, needs_skill, origin)


def ask_another(case_id: int, purpose: str, needs_skill: str | None, origin: str | None = None) -> int:
    """The same, whether or not such a look is open already: of a panel each member is asked."""
    pinned = ask(_PINNED, {"case_id": case_id}).first()
    wanted = {
        "case_id": case_id, "workflow_id": pinned.workflow_id if pinned else None, "purpose": purpose,
        "needs_skill": needs_skill, "origin": origin,
    }  # fmt: skip
    queue.add_tasks([wanted], release_at=release.next_release())
    return int(ask(_NEWEST, {"case_id": case_id, "purpose": purpose}).scalar_one())


def tasks_for(case_id: int, purpose: str) -> Select[tuple[int]]:
    """The tasks of one purpose on a case, the newest first."""
    query = select(Task.id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    return query.where(Task.case_id == case_id, TaskPurpose.purpose == purpose).order_by(Task.id.desc())


def ask_for_adjudication(case_id: int, *, seats: int | None = None) -> None:
    """Put a case into the hands of somebody who was not in it, or of a panel (*seats*; as the setting says), with an
    adjudication beside each task. While one is open nobody further is asked."""
    rows = select(func.count(), func.max(Adjudication.round)).where(Adjudication.case_id == case_id)
    if db.session.execute(rows.where(Adjudication.state.not_in(ENDED))).one()[0]:
        return
    before = db.session.execute(rows).one()[1] or 0
    members = seats or (PANEL if preferences.get("adjudication_panel") else 1)
    for seat in range(1, members + 1):
        task_id = ask_another(case_id, "adjudication", "adjudicate")
        db.session.add(Adjudication(
            case_id=case_id, task_id=task_id, state="waiting", round=before + 1, seat=seat, seats=members
        ))  # fmt: skip
    db.session.flush()


def seats_of(task_id: int) -> int:
    """How many people are asked together with this look."""
    return db.session.scalar(select(Adjudication.seats).where(Adjudication.task_id == task_id)) or 1


def drop(case_id: int) -> None:
    """Ask nobody any more to adjudicate a case: what waits for somebody is taken out of the queue."""
    open_ones = update(Adjudication).where(Adjudication.case_id == case_id, Adjudication.state.not_in(ENDED))
    ended = open_ones.values(state="void").returning(Adjudication.task_id)
    tasks = db.session.scalars(ended.execution_options(synchronize_session="fetch")).all()
    void = update(Task).where(Task.id.in_(tasks), Task.state == "waiting").values(state="void")
    db.session.execute(void.execution_options(synchronize_session=False))
