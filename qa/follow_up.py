"""What follows from a committed grade and from a skip: the task's purpose says who is waiting for it."""

from __future__ import annotations

from sqlalchemy import select

from qa import adjudication, disputes, settlement
from qa.core.db import db
from qa.models.grading import TaskPurpose


def after_commit(task_id: int, case_id: int) -> None:
    """Hand a committed grade to whoever waits for it."""
    purpose = db.session.scalar(select(TaskPurpose.purpose).where(TaskPurpose.task_id == task_id))
    if purpose in settlement.VOTING:
        settlement.settle(case_id)
    elif purpose == "adjudication":
        adjudication.looked(task_id)
    elif purpose == "dispute":
        disputes.looked(task_id)


def after_skip(task_id: int) -> None:
    """Ask somebody else, and let what waits for the look wait for theirs."""
    again = settlement.after_skip(task_id)
    if again is not None:
        adjudication.moved(task_id, again)
        disputes.moved(task_id, again)
