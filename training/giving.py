"""Assignments once they are asked for: given out, withdrawn, ended; and where what led to them hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from calibration.signals import corrections, signals
from qa.core import access, audit, clock, jobs, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.leave import days_off
from qa.core.models import Person
from qa.policies import queries as policy_queries
from training import certificates
from training.leads import tell
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, ModuleVersion
from training.queries import assignments

#: What a person is asked to do in a week, in minutes; more waits for the week after.
MINUTES_A_WEEK = 30
#: Weeks after which a corrective action's outcome is looked at.
CHECK_AFTER_WEEKS = 6
JOB_BY_HAND = "training.assign_by_hand"


def ask_for_all(actor: Actor, *, sections: Sequence[str], why: str) -> int:
    """Have modules built for everybody whom *actor* leads; how many people."""
    people = assignments.led(actor)
    for one in people:
        ask_by_hand(actor, person_id=one.public_id, sections=sections, why=why)
    return len(people)


def ask_by_hand(actor: Actor, *, person_id: str, sections: Sequence[str], why: str) -> None:
    """Have a module built for a person by a job. Raises NotFound for whom *actor* does not lead."""
    person = db.session.scalar(select(Person).where(Person.public_id == person_id, Person.active))
    learner = access.actor(person.id) if person is not None else None
    if learner is None or not learner.has("agent") or not actor.sees_team(learner.team_id):
        raise NotFound("person")
    there = {row.key for row in policy_queries.sections_in_force(clock.now().date())}
    if not sections or not set(sections) <= there:
        raise BadInput(Problem("choose sections of a policy in force", field="sections"))
    ref = f"{actor.public_id}:{clock.now():%Y-%m-%d}:{'+'.join(sorted(set(sections)))}"[:200]
    args = {"person_id": learner.id, "sections": sorted(set(sections)), "why": why, "ref": ref}
    jobs.enqueue(actor, JOB_BY_HAND, args, dedupe_key=f"{JOB_BY_HAND}:{learner.id}:{ref}"[:200])
    audit.note(actor, "asked_for_training", "person", learner.public_id, sections=len(set(sections)))


def led(actor: Actor, public_id: str) -> Assignment:
    """An assignment of somebody whom *actor* leads; any other is not there."""
    row = db.session.scalar(select(Assignment).where(Assignment.public_id == public_id))
    learner = access.actor(row.person_id) if row is not None else None
    if row is None or learner is None or learner.id == actor.id or not actor.sees_team(learner.team_id):
        raise NotFound("training")
    return row


def confirm(actor: Actor, public_id: str) -> None:
    """Give out what was proposed. A module without one full form waits for its items."""
    row = led(actor, public_id)
    version = db.session.get_one(ModuleVersion, row.module_version_id)
    if version.state not in ("live", "approved"):
        raise Refused("This module has no full form of questions yet. It needs author items first.")
    row.due_on = due_on(row.person_id, version.minutes)
    move(actor, row, "assigned", sources=("proposed",))
    title = db.session.scalars(select(Module.title).where(Module.id == version.module_id)).one()
    tell(row.person_id, "training_due", row.public_id, f"Training: “{title}”", f"/training/{row.public_id}")


def withdraw(actor: Actor, public_id: str) -> None:
    """Take an assignment back that was not begun yet."""
    row = led(actor, public_id)
    move(actor, row, "withdrawn", sources=("proposed", "assigned"))
    report(actor, row, "closed", result="withdrawn by the lead")


def end_coaching(actor: Actor, public_id: str, *, passed: bool, check_on: date | None = None) -> None:
    """The talk after the last retake was held; its corrective actions are looked at on the day that was agreed."""
    row = led(actor, public_id)
    move(actor, row, "passed" if passed else "closed", sources=("coaching",))
    report(actor, row, "done" if passed else "closed", result="coached", check_on=check_on)


def move(actor: Actor, row: Assignment, to: str, *, sources: Sequence[str]) -> None:
    """Move an assignment from one of *sources* to *to*. Raises Refused when it stands elsewhere."""
    ended: datetime | None = clock.now() if to in ("passed", "closed", "withdrawn") else None
    guarded = update(Assignment).where(Assignment.id == row.id, Assignment.state.in_(tuple(sources)))
    moved = db.session.execute(guarded.values(state=to, ended_at=ended).returning(Assignment.id)).all()
    if not moved:
        raise Refused("This training has moved on; that is not possible any more.")
    db.session.refresh(row)
    audit.note(actor, "moved", "assignment", row.public_id, state=to)
    if to == "passed":
        certificates.issue(actor, row)


def report(
    actor: Actor, row: Assignment, state: str, *, result: str | None = None, check_on: date | None = None
) -> None:
    """Say in the corrective actions behind an assignment what became of it."""
    query = select(AssignmentCause.ref).where(AssignmentCause.assignment_id == row.id, AssignmentCause.kind == "signal")
    for ref in db.session.scalars(query):
        action = corrections.of_signal(ref, "module")
        if action is not None and say(actor, action, state, result) and state == "done":
            later = (clock.now() + timedelta(weeks=CHECK_AFTER_WEEKS)).date()
            corrections.plan_check(action, check_on or later)


def say(actor: Actor, action: str, state: str, result: str | None = None) -> bool:
    """Tell calibration how far a corrective action is; False when it has ended there meanwhile."""
    try:
        signals.report(actor, action, state=state, result=result)
    except Refused:
        return False
    return True


def due_on(person_id: int, minutes: int, *, first: bool = False, on: date | None = None) -> date:
    """When a person should be done: *on* a day, else some working days from now.

    A week later for each week that is full already.

    What comes *first* waits for nothing: what was not begun and has no room beside it is due a week later.
    """
    days = int(preferences.get("training_due_days"))
    due = on or days_off.working_days_after(person_id, clock.now(), days).date()
    if first:
        _make_room(person_id, due, minutes)
        return due
    while _minutes_due(person_id, due - timedelta(days=6), due) + minutes > MINUTES_A_WEEK:
        if not _minutes_due(person_id, due - timedelta(days=6), due):
            break
        due += timedelta(days=7)
    return due


def _make_room(person_id: int, due: date, minutes: int) -> None:
    """Put off a week what was not begun and is no policy change, the latest first, until *minutes* fit."""
    query = select(Assignment).where(Assignment.person_id == person_id, Assignment.state.in_(("proposed", "assigned")))
    query = query.where(Assignment.due_on.between(due - timedelta(days=6), due))
    changes = select(AssignmentCause.assignment_id).where(AssignmentCause.kind == "policy")
    for row in db.session.scalars(query.where(Assignment.id.not_in(changes)).order_by(Assignment.id.desc())):
        if _minutes_due(person_id, due - timedelta(days=6), due) + minutes <= MINUTES_A_WEEK:
            break
        row.due_on += timedelta(days=7)
        db.session.flush()


def _minutes_due(person_id: int, first: date, last: date) -> int:
    query = (
        select(func.coalesce(func.sum(ModuleVersion.minutes), 0))
        .join(Assignment, Assignment.module_version_id == ModuleVersion.id)
        .where(Assignment.person_id == person_id, Assignment.due_on.between(first, last))
        .where(Assignment.state.in_(("proposed", "assigned", "begun")))
    )
    return int(db.session.scalar(query) or 0)
