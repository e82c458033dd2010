"""Assignments: an alert leads to one by itself, the lead is told and can withdraw it; a lead can also ask for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from calibration import corrections, signals
from calibration.corrections import Asked
from qa import policy_queries
from qa.core import access, audit, clock, formats, jobs, preferences, working_days
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from training import modules, skill_keys, targeting
from training import sources as policies
from training.leads import tell, tell_leads
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, ModuleVersion
from training.modules import Draft
from training.targeting import Target

#: What a person is asked to do in a week, in minutes; more waits for the week after.
MINUTES_A_WEEK = 30
#: Weeks after which a corrective action's outcome is looked at.
CHECK_AFTER_WEEKS = 6
JOB_BY_HAND = "training.assign_by_hand"


@dataclass(frozen=True, slots=True)
class Cause:
    """What leads to an assignment: its kind, its address, why in words, and the corrective action to report into."""

    kind: str
    ref: str
    why: str
    action: str | None = None
    assigned_by_id: int | None = None


def assign(actor: Actor) -> list[str]:
    """One assignment for every alert that asks for a module; the addresses of the new ones.

    Opens its own transactions, one for each alert, and builds the modules between them: never call it inside one.
    However often and in however many processes it runs, an alert leads to one assignment.
    """
    made = []
    asked = corrections.asked("module")
    known = policies.in_force(clock.now().date()) if asked else ()
    for one in asked:
        target = targeting.of_signal(one, known)
        if not target.sections:
            write(lambda one=one: _nothing_to_teach(one))
            continue
        drafted = modules.draft(target, known)
        cause = Cause("signal", one.signal, _why(one, target), action=one.public_id)
        placed = write(lambda target=target, drafted=drafted, cause=cause: place(actor, target, drafted, cause))
        made += [placed] if placed else []
    return made


def _why(asked: Asked, target: Target) -> str:
    """In words for the learner: since when, how many, in what."""
    where = ", ".join(policy_queries.labels(list(target.sections)).values())
    return (
        f"Accuracy alert of {formats.day(asked.crossed_at)}: {asked.errors} of {asked.n} graded decisions differ from "
        f"the settled ones. What they are about: {where}."
    )


def _nothing_to_teach(asked: Asked) -> None:
    """No policy in force has a section for the evidence: a person has to look."""
    line = "An accuracy alert names no section of a policy in force; its training needs a person."
    tell_leads(asked.agent_id, "training_needs_person", asked.signal, line, f"/signals/{asked.signal}")


def place(actor: Actor, target: Target, drafted: Draft, cause: Cause) -> str | None:
    """Give the module to the person, once for each cause; None when the cause has led to one already."""
    known = select(AssignmentCause.id).where(
        AssignmentCause.kind == cause.kind, AssignmentCause.ref == cause.ref,
        AssignmentCause.person_id == target.person_id,
    )  # fmt: skip
    if db.session.scalar(known) is not None:
        return None
    version = modules.keep(actor, drafted)
    row = _same_open(target.person_id, version.id)
    is_new = row is None
    try:
        with db.session.begin_nested():
            row = row or _new(actor, target.person_id, version, cause, waits=_waits(version, drafted))
            db.session.add(
                AssignmentCause(assignment_id=row.id, person_id=target.person_id, kind=cause.kind, ref=cause.ref)
            )
            db.session.flush()
    except IntegrityError:
        return None
    skill_keys.note_evidence(target.person_id, target.findings)
    if cause.action is not None:
        say(actor, cause.action, "under_way")
    audit.note(actor, "assigned", "assignment", row.public_id, cause=cause.kind, ref=cause.ref, state=row.state)
    if is_new:
        _tell_all(row, version)
    return row.public_id


def _same_open(person_id: int, version_id: int) -> Assignment | None:
    """An assignment of the same version that the person has not ended: it answers a further cause too."""
    query = select(Assignment).where(Assignment.person_id == person_id, Assignment.module_version_id == version_id)
    return db.session.scalar(query.where(Assignment.state.in_(("proposed", "assigned", "begun"))).limit(1))


def _waits(version: ModuleVersion, drafted: Draft) -> bool:
    """Whether a person has to look before the module is given out."""
    return version.state != "live" or drafted.unsure or bool(preferences.get("confirm_assignments"))


def _new(actor: Actor, person_id: int, version: ModuleVersion, cause: Cause, *, waits: bool) -> Assignment:
    row = Assignment(
        person_id=person_id,
        module_version_id=version.id,
        due_on=_due_on(person_id, version.minutes),
        assigned_at=clock.now(),
        assigned_by_id=cause.assigned_by_id,
        state="proposed" if waits else "assigned",
        why=cause.why,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _due_on(person_id: int, minutes: int) -> date:
    """Some working days from now; a week later for each week that is full already."""
    days = int(preferences.get("training_due_days"))
    due = working_days.after(clock.now(), days).date()
    while _minutes_due(person_id, due - timedelta(days=6), due) + minutes > MINUTES_A_WEEK:
        if not _minutes_due(person_id, due - timedelta(days=6), due):
            break
        due += timedelta(days=7)
    return due


def _minutes_due(person_id: int, first: date, last: date) -> int:
    query = (
        select(func.coalesce(func.sum(ModuleVersion.minutes), 0))
        .join(Assignment, Assignment.module_version_id == ModuleVersion.id)
        .where(Assignment.person_id == person_id, Assignment.due_on.between(first, last))
        .where(Assignment.state.in_(("proposed", "assigned", "begun")))
    )
    return int(db.session.scalar(query) or 0)


def _tell_all(row: Assignment, version: ModuleVersion) -> None:
    person = db.session.get_one(Person, row.person_id)
    title = db.session.scalars(select(Module.title).where(Module.id == version.module_id)).one()
    if row.state == "proposed":
        waits = "needs author items" if version.state != "live" else "waits for you"
        line = f"Training for {person.name}, “{title}”, is proposed: it {waits}."
        tell_leads(row.person_id, "training_proposed", row.public_id, line)
        return
    tell_leads(row.person_id, "training_assigned", row.public_id, f"{person.name} was given training: “{title}”.")
    tell(row.person_id, "training_due", row.public_id, f"Training: “{title}”", f"/training/{row.public_id}")


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


def by_hand(actor: Actor, *, person_id: int, sections: Sequence[str], why: str, ref: str) -> str | None:
    """Give a person a module on *sections* now; opens its own transaction. None when this was done already."""
    today = clock.now().date()
    known = policies.in_force(today)
    target = targeting.of_sections(person_id, sections, known)
    if not target.sections:
        raise BadInput(Problem("choose sections of a policy in force", field="sections"))
    drafted = modules.draft(target, known)
    cause = Cause("hand", ref, why.strip() or "Your lead asked for it.", assigned_by_id=actor.id)
    return write(lambda: place(actor, target, drafted, cause))


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
    row.due_on = _due_on(row.person_id, version.minutes)
    move(actor, row, "assigned", sources=("proposed",))
    title = db.session.scalars(select(Module.title).where(Module.id == version.module_id)).one()
    tell(row.person_id, "training_due", row.public_id, f"Training: “{title}”", f"/training/{row.public_id}")


def withdraw(actor: Actor, public_id: str) -> None:
    """Take an assignment back that was not begun yet."""
    row = led(actor, public_id)
    move(actor, row, "withdrawn", sources=("proposed", "assigned"))
    report(actor, row, "closed", result="withdrawn by the lead")


def end_coaching(actor: Actor, public_id: str, *, passed: bool) -> None:
    """The talk after the last retake was held."""
    row = led(actor, public_id)
    move(actor, row, "passed" if passed else "closed", sources=("coaching",))
    report(actor, row, "done" if passed else "closed", result="coached")


def move(actor: Actor, row: Assignment, to: str, *, sources: Sequence[str]) -> None:
    """Move an assignment from one of *sources* to *to*. Raises Refused when it stands elsewhere."""
    ended: datetime | None = clock.now() if to in ("passed", "closed", "withdrawn") else None
    guarded = update(Assignment).where(Assignment.id == row.id, Assignment.state.in_(tuple(sources)))
    moved = db.session.execute(guarded.values(state=to, ended_at=ended).returning(Assignment.id)).all()
    if not moved:
        raise Refused("This training has moved on; that is not possible any more.")
    db.session.refresh(row)
    audit.note(actor, "moved", "assignment", row.public_id, state=to)


def report(actor: Actor, row: Assignment, state: str, *, result: str | None = None) -> None:
    """Say in the corrective actions behind an assignment what became of it."""
    query = select(AssignmentCause.ref).where(AssignmentCause.assignment_id == row.id, AssignmentCause.kind == "signal")
    for ref in db.session.scalars(query):
        action = corrections.of_signal(ref, "module")
        if action is not None and say(actor, action, state, result) and state == "done":
            corrections.plan_check(action, (clock.now() + timedelta(weeks=CHECK_AFTER_WEEKS)).date())


def say(actor: Actor, action: str, state: str, result: str | None = None) -> bool:
    """Tell calibration how far a corrective action is; False when it has ended there meanwhile."""
    try:
        signals.report(actor, action, state=state, result=result)
    except Refused:
        return False
    return True
