"""Covert sessions: their cases come unmarked in the ordinary queue, one look for each grader who takes part.

They are released with the daily portion, are committed with their batch, and their reveal opens as any other.
"""

from __future__ import annotations

from sqlalchemy import select

from calibration.models.sessions import CalibrationSession, SessionCase, SessionPerson, SessionVote
from calibration.sessions import voting
from qa import release, touches
from qa.core.db import db
from qa.grading import conflicts, queue, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose


def send_out(row: CalibrationSession) -> int:
    """Put a look at each case into the queue of each grader who has not met it, from the next release on; how many."""
    people = db.session.scalars(select(SessionPerson.person_id).where(SessionPerson.session_id == row.id)).all()
    query = select(SessionCase.case_id, ClosedCase.workflow).join(ClosedCase, ClosedCase.id == SessionCase.case_id)
    cases = {one.case_id: one.workflow for one in db.session.execute(query.where(SessionCase.session_id == row.id))}
    wanted = []
    for person_id in sorted(people):
        had = select(Task.case_id).where(Task.person_id == person_id, Task.case_id.in_(list(cases)))
        met = conflicts.among(person_id, list(cases)) | set(db.session.scalars(had))
        wanted += [
            {
                "case_id": case_id, "workflow_id": workflows.ensure(workflow).id, "purpose": "calibration",
                "origin": row.public_id, "person_id": person_id,
            }
            for case_id, workflow in sorted(cases.items())
            if case_id not in met
        ]  # fmt: skip
    return queue.add_tasks(wanted, release_at=release.next_release())


def collect(row: CalibrationSession) -> int:
    """Take the committed looks of a covert session as its votes, and the others out of the queues; how many votes."""
    places = {
        one.case_id: one.id for one in db.session.scalars(select(SessionCase).where(SessionCase.session_id == row.id))
    }
    mine = TaskPurpose.purpose == "calibration", TaskPurpose.origin == row.public_id
    looks = select(Grade, Task.case_id).join(Task, Task.id == Grade.task_id)
    looks = looks.join(TaskPurpose, TaskPurpose.task_id == Task.id).where(*mine, Grade.committed_at.is_not(None))
    votes = [
        SessionVote(
            session_case_id=places[case_id], person_id=grade.person_id, task_id=grade.task_id, verdict=grade.verdict,
            section_key=grade.section_key, action=grade.action, answers=grade.answers, confidence=grade.confidence,
            note=grade.note, voted_at=grade.graded_at,
        )
        for grade, case_id in db.session.execute(looks.order_by(Grade.id))
    ]  # fmt: skip
    db.session.add_all(votes)
    waiting = select(Task.id).join(TaskPurpose, TaskPurpose.task_id == Task.id).where(*mine, Task.state == "waiting")
    voting.void_waiting(db.session.scalars(waiting).all())
    db.session.flush()
    cases = {session_case_id: case_id for case_id, session_case_id in places.items()}
    touches.touch_all(((cases[vote.session_case_id], vote.person_id) for vote in votes), "voted")
    return len(votes)
