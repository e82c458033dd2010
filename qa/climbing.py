"""A dispute goes a step up: when it is opened for the second time, and when it is not decided in time."""

from __future__ import annotations

from sqlalchemy import exists, or_, select, update

from qa import asking, touches
from qa.core import audit, clock, days_off, notify
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.models import Person, RoleGrant, Skill, TeamManager
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.truth import Dispute, Finding

#: Working days within which whoever is a step above is to decide.
RESOLVE_DAYS = 3


def skill_of(case_id: int, step: int) -> str:
    """What whoever looks at a disputed case must have: from the second step on "expert", where somebody is one."""
    if step == 1:
        return "decide_dispute"
    today = clock.now().date()
    skilled = exists().where(
        Skill.person_id == Person.id, Skill.kind == "expert", or_(Skill.to_on.is_(None), Skill.to_on > today)
    )
    grades = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None))
    query = select(Person.id).join_from(Person, ClosedCase, ClosedCase.id == case_id)
    query = query.where(Person.active, Person.erased_at.is_(None), skilled, grades, ~touches.has_met(Person.id))
    return "decide_dispute" if db.session.scalar(query.limit(1)) is None else "expert"


def climb() -> int:
    """Send overdue disputes a step up, once; what is overdue there too is told to the leads. How many went up."""
    overdue = select(Dispute).where(Dispute.state.in_(("blind_look", "argument_read")), Dispute.due_at < clock.now())
    climbed = 0
    for row in db.session.scalars(overdue.order_by(Dispute.id)).all():
        case_id = db.session.scalars(select(Finding.case_id).where(Finding.id == row.finding_id)).one()
        if row.climbed_at is not None:
            _tell_leads(row, case_id)
        elif _free(row):
            _up(row, case_id)
            climbed += 1
    db.session.flush()
    return climbed


def _free(row: Dispute) -> bool:
    """Whether nobody has the case in hand: a look that is being given is waited for."""
    state = db.session.scalar(select(Task.state).where(Task.id == row.task_id))
    return state not in ("held", "graded")


def _up(row: Dispute, case_id: int) -> None:
    """Ask somebody a step above, blind again; whoever let it lie is out of it."""
    void = update(Task).where(Task.id == row.task_id, Task.state == "waiting").values(state="void")
    db.session.execute(void.execution_options(synchronize_session=False))
    row.task_id = asking.ask_for(case_id, "dispute", needs_skill=skill_of(case_id, row.step + 1))
    row.state, row.by_id, row.climbed_at = "blind_look", None, clock.now()
    row.due_at = days_off.working_days_after(None, clock.now(), RESOLVE_DAYS)
    audit.note(SYSTEM, "climbed", "dispute", row.public_id, step=row.step)


def _tell_leads(row: Dispute, case_id: int) -> None:
    """A line for those who lead the agent's team; it names no case."""
    team = select(ClosedCase.agent_team_id).where(ClosedCase.id == case_id).scalar_subquery()
    leads = exists().where(
        TeamManager.person_id == Person.id, or_(TeamManager.team_id.is_(None), TeamManager.team_id == team)
    )
    role = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "manager", RoleGrant.to_at.is_(None))
    for person_id in db.session.scalars(select(Person.id).where(Person.active, role, leads)):
        notify.tell(
            person_id=person_id, kind="dispute_overdue", object_ref=row.public_id, url="/differences",
            line="A dispute is overdue a step up too. See who could decide it.",
            dedupe_key=f"dispute-overdue-{row.public_id}-{person_id}",
        )  # fmt: skip
