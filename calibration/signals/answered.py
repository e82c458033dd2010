"""Alerts that asked about a clause follow their question: in hand, answered, closed."""

from __future__ import annotations

from sqlalchemy import select

from calibration.models.signals import CorrectiveAction
from calibration.signals import signals
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.jobs import Work
from qa.models.policies import PolicyQuestion

#: State of a question -> that of the corrective action that asked it.
FOLLOWS = {"with_owner": "under_way", "answered": "done", "closed": "closed"}


def follow(actor: Actor) -> int:
    """Bring every action that asked a question to where its question is; how many moved."""
    query = (
        select(CorrectiveAction.public_id, CorrectiveAction.state, PolicyQuestion.state)
        .join(PolicyQuestion, PolicyQuestion.id == CorrectiveAction.question_id)
        .where(CorrectiveAction.kind == "question", CorrectiveAction.state != "closed")
        .order_by(CorrectiveAction.id)
    )
    moved = 0
    for action, now, asked in db.session.execute(query).all():
        then = FOLLOWS.get(asked)
        if then in signals.WAY[now]:
            signals.report(actor, action, state=then)
            moved += 1
    return moved


def follow_job(work: Work) -> dict[str, int]:
    """The same from time to time."""
    return {"moved": write(lambda: follow(work.actor))}
