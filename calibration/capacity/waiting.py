"""How many looks wait in the queues: now, or as they were at the last release."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from qa.core.db import db
from qa.models.grading import Batch, Grade, Skip, Task, TaskPurpose
from qa.models.truth import Settlement

#: Looks that a plan asked for, whatever was answered.
_PLANNED = ("first", "overlap")
_WAITS = ("waiting", "held")


def waiting(known_at: datetime | None = None) -> int:
    """Looks that wait or are in hand. *known_at*: of the looks that plans asked for, those of which it was so then.

    Further looks come of answers that differ, and how many wait falls when answers agree: who may be given blind tasks
    is told of neither.
    """
    query = select(func.count(Task.id))
    if known_at is None:
        return db.session.scalar(query.where(Task.state.in_(_WAITS))) or 0
    given = select(Grade.task_id).join(Batch, Batch.id == Grade.batch_id)
    later = given.where(Batch.last_at > known_at, Grade.graded_at > known_at)
    passed_on = select(Skip.task_id).where(Skip.at > known_at)
    ended = select(Settlement.case_id).where(Settlement.changed_at > known_at)
    before = exists().where(
        Grade.task_id == Task.id, Grade.graded_at <= known_at,
        or_(Grade.taken_back_at.is_(None), Grade.taken_back_at > known_at),
    )  # fmt: skip
    query = query.join(TaskPurpose, TaskPurpose.task_id == Task.id).where(
        TaskPurpose.purpose.in_(_PLANNED), Task.release_at <= known_at, Task.created_at <= known_at, ~before,
        or_(
            Task.state.in_(_WAITS), Task.id.in_(later), Task.id.in_(passed_on),
            (Task.state == "void") & Task.case_id.in_(ended),
        ),
    )  # fmt: skip
    return db.session.scalar(query) or 0
