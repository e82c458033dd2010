"""What follows from a committed grade and from a skip: the task's purpose says who is waiting for it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from qa import settlement
from qa.core.db import db
from qa.grading import guesses, scorecards
from qa.hearings import adjudication, audits, challenges, disputes
from qa.models.grading import TaskPurpose


def after_commits(cases: Mapping[int, int]) -> None:
    """Hand the committed grades of a batch (task -> case) to whoever waits for them: votes first, in their order."""
    query = select(TaskPurpose.task_id, TaskPurpose.purpose).where(TaskPurpose.task_id.in_(list(cases)))
    purposes = {row.task_id: row.purpose for row in db.session.execute(query)}
    guesses.ask(purposes)
    scorecards.draw(purposes)
    voted = [case_id for task_id, case_id in cases.items() if purposes.get(task_id) in settlement.VOTING]
    if voted:
        settlement.settle_all(list(dict.fromkeys(voted)))
    audited = [task_id for task_id in cases if purposes.get(task_id) == "audit"]
    if audited:
        audits.looked(audited)
    for task_id in cases:
        if purposes.get(task_id) == "adjudication":
            adjudication.looked(task_id)
            challenges.looked(task_id)
        elif purposes.get(task_id) == "dispute":
            disputes.looked(task_id)


def after_skip(task_id: int) -> None:
    """Ask somebody else, and let what waits for the look wait for theirs."""
    again = settlement.after_skip(task_id)
    if again is not None:
        adjudication.moved(task_id, again)
        disputes.moved(task_id, again)
        challenges.moved(task_id, again)
        audits.moved(task_id, again)
