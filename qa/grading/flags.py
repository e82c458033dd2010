"""A grader asks a lead to look at a case. What they saw in it goes into their note, never into what is sent."""

from __future__ import annotations

from sqlalchemy import select

from qa.core import access, audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import RoleGrant
from qa.core.notices import notify
from qa.models.cases import ClosedCase
from qa.models.grading import Task


def flag(actor: Actor, task_id: str) -> int:
    """Tell the leads of a case that *actor* holds or graded, once; how many of them are told now.

    Whoever may be given blind tasks is told only where there is no other lead: the line itself says that somebody
    stumbled here. Raises NotFound for a task of somebody else.
    """
    query = select(ClosedCase.id, ClosedCase.public_id, ClosedCase.agent_team_id, Task.code)
    mine = (Task.public_id == task_id, Task.person_id == actor.id, Task.state != "waiting")
    case = db.session.execute(query.join(Task, Task.case_id == ClosedCase.id).where(*mine)).first()
    if case is None:
        raise NotFound("case to grade")
    leads = [lead for lead in _leads() if lead.id != actor.id and lead.sees_team(case.agent_team_id)]
    chosen = [lead for lead in leads if not lead.can_be_given_blind_tasks] or leads
    told = [_tell(lead, task_id, case.public_id) for lead in chosen]
    audit.note(actor, "flagged", "task", task_id, told=sum(told))
    return sum(told)


def _leads() -> list[Actor]:
    holds = select(RoleGrant.person_id).where(RoleGrant.role == "manager", RoleGrant.to_at.is_(None)).distinct()
    found = [access.actor(person_id) for person_id in db.session.scalars(holds.order_by(RoleGrant.person_id))]
    return [lead for lead in found if lead is not None and lead.id is not None]


def _tell(lead: Actor, task_id: str, case_id: str) -> bool:
    assert lead.id is not None
    return notify.tell(
        person_id=lead.id, kind="flag", object_ref=task_id, line="A grader asks you to look at a case.",
        url=f"/cases/{case_id}", dedupe_key=f"flag:{task_id}:{lead.id}",
    )  # fmt: skip
