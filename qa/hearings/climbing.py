"""A dispute goes a step up: when it is opened for the second time, and when it is not decided in time."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from qa import leads, touches
from qa.core import audit, clock
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person, RoleGrant, Skill
from qa.core.notices import notify
from qa.grading import asking
from qa.hearings import slips
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
    waiting = or_(Dispute.state.in_(("blind_look", "argument_read")), _is_slip())
    overdue = select(Dispute).where(waiting, Dispute.due_at < clock.now())
    climbed = 0
    for row in db.session.scalars(overdue.order_by(Dispute.id)).all():
        case_id = db.session.scalars(select(Finding.case_id).where(Finding.id == row.finding_id)).one()
        if row.climbed_at is not None:
            _tell_leads(row, case_id)
        elif row.kind == slips.KIND:
            climbed += _slip_up(row, case_id)
        elif _free(row):
            _up(row, case_id)
            climbed += 1
    db.session.flush()
    return climbed


def _is_slip() -> ColumnElement[bool]:
    """Contested process slips: nobody looks at them blind, so they wait for a lead."""
    return and_(Dispute.kind == slips.KIND, Dispute.state == "open")


def _free(row: Dispute) -> bool:
    """Whether nobody has the case in hand: a look that is being given is waited for."""
    state = db.session.scalar(select(Task.state).where(Task.id == row.task_id))
    return state not in ("held", "graded")


def _up(row: Dispute, case_id: int) -> None:
    """Ask somebody a step above, blind again; whoever let it lie is out of it."""
    void = update(Task).where(Task.id == row.task_id, Task.state == "waiting").values(state="void")
    db.session.execute(void.execution_options(synchronize_session=False))
    row.task_id = asking.ask_for(case_id, "dispute", needs_skill=skill_of(case_id, row.step + 1))
    row.state, row.by_id = "blind_look", None
    _begin_anew(row)


def _begin_anew(row: Dispute) -> None:
    row.climbed_at = clock.now()
    row.due_at = days_off.working_days_after(None, clock.now(), RESOLVE_DAYS)
    audit.note(SYSTEM, "climbed", "dispute", row.public_id, step=row.step)


def _slip_up(row: Dispute, case_id: int) -> bool:
    """Let those decide who lead every team, and no longer the leads who let it lie; whether there is one of them.

    Where there is none, the leads of the team are reminded.
    """
    marked_by = slips.scorers([case_id])[case_id]
    settler = select(Finding.settler_id).where(Finding.id == row.finding_id)
    free = [one for one in leads.above_case(case_id) if one not in {*marked_by, db.session.scalar(settler)}]
    if not free:
        _tell_leads(row, case_id)
        return False
    _begin_anew(row)
    for person_id in free:
        _tell(row, person_id, "climbed", "A contested process slip was not decided in time. It is yours now.")
    return True


def _tell_leads(row: Dispute, case_id: int) -> None:
    """A line for those who lead the agent's team; it names no case."""
    up_too = " a step up too" if row.climbed_at is not None else ""
    for person_id in db.session.scalars(leads.of_case(case_id)).all():
        _tell(row, person_id, "overdue", f"A dispute is overdue{up_too}. See who could decide it.")


def _tell(row: Dispute, person_id: int, what: str, line: str) -> None:
    notify.tell(
        person_id=person_id, kind=f"dispute_{what}", object_ref=row.public_id, line=line,
        url="/process-slips" if row.kind == slips.KIND else "/differences",
        dedupe_key=f"dispute-{what}-{row.public_id}-{person_id}",
    )  # fmt: skip
