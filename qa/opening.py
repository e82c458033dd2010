"""Opening a decision: a deed that is noted, and that takes the case away from whoever may be given blind tasks."""

from __future__ import annotations

from sqlalchemy import select

from qa import case_addresses, touches
from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound, Refused
from qa.models.cases import ClosedCase
from qa.models.grading import Task


def open_case(actor: Actor, case_id: str) -> None:
    """Show *actor* a case's decision from now on. Refused while they have the case to grade."""
    case = db.session.scalar(select(ClosedCase).where(case_addresses.at(case_id)))
    if case is None or not actor.sees_team(case.agent_team_id):
        raise NotFound("case")
    mine = select(Task.id).where(Task.case_id == case.id, Task.person_id == actor.id)
    if db.session.scalar(mine.where(Task.state.in_(("waiting", "held", "graded"))).limit(1)) is not None:
        raise Refused("You have this case to grade. Grade it or pass it on first.")
    if touches.touch(case.id, actor.id or 0, "opened"):
        audit.note(actor, "opened", "case", case.public_id)
