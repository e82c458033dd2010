"""Assigning: an alert leads to a module by itself, and the lead is told; a lead can also ask for one.

Whoever imports this waits for all that builds modules; pages import `training.giving` instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from calibration.signals import corrections
from calibration.signals.corrections import Asked
from qa.core import audit, clock, formats, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.models import Person
from qa.policies import queries as policy_queries
from training import giving, modules, skill_keys, targeting
from training import sources as policies
from training.leads import tell, tell_leads
from training.models.learning import Assignment, AssignmentCause
from training.models.modules import Module, ModuleVersion
from training.modules import Draft
from training.queries import trials as trial_queries
from training.targeting import Target
from training.trials import trials


@dataclass(frozen=True, slots=True)
class Cause:
    """What leads to an assignment: its kind, its address, why in words, and the corrective action to report into."""

    kind: str
    ref: str
    why: str
    action: str | None = None
    assigned_by_id: int | None = None
    #: Where the start was drawn by chance.
    arm: str | None = None
    #: Where somebody said until when; by default some working days from now.
    due_on: date | None = None


def assign(actor: Actor) -> list[str]:
    """One assignment for every alert that asks for a module; the addresses of the new ones.

    Opens its own transactions, one for each alert, and builds the modules between them: never call it inside one.
    However often and in however many processes it runs, an alert leads to one assignment. Where starts are drawn by
    chance, those of the later arm wait for their day.
    """
    made = []
    if trials.is_to_follow():
        write(lambda: trials.follow(actor))
    asked = corrections.asked("module")
    known = policies.in_force(clock.now().date()) if asked else ()
    for one in asked:
        if trials.waits(trial_queries.place_of(one.signal)):
            continue
        target = targeting.of_signal(one, known)
        if not target.sections:
            write(lambda one=one: _nothing_to_teach(one))
            continue
        place_in_trial = trials.placed(actor, one, target)
        if trials.waits(place_in_trial):
            continue
        drafted = modules.draft(target, known)
        arm = place_in_trial.arm if place_in_trial is not None and place_in_trial.left_at is None else None
        cause = Cause("signal", one.signal, _why(one, target, arm), action=one.public_id, arm=arm)
        placed = write(lambda target=target, drafted=drafted, cause=cause: place(actor, target, drafted, cause))
        made += [placed] if placed else []
    return made


#: What the learner is told of a start that was drawn.
DRAWN = {
    None: "",
    "now": " Whether it begins at once or three weeks later was drawn by chance, so that its effect can be measured.",
    "later": " It begins three weeks after the alert: the day was drawn by chance, so that its effect can be measured.",
}


def _why(asked: Asked, target: Target, arm: str | None = None) -> str:
    """In words for the learner: since when, how many, in what."""
    where = ", ".join(policy_queries.labels(list(target.sections)).values())
    return (
        f"Accuracy alert of {formats.day(asked.crossed_at)}: {asked.errors} of {asked.n} graded decisions differ from "
        f"the settled ones. What they are about: {where}.{DRAWN[arm]}"
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
        giving.say(actor, cause.action, "under_way")
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
        due_on=giving.due_on(person_id, version.minutes, first=cause.kind == "policy", on=cause.due_on),
        assigned_at=clock.now(),
        assigned_by_id=cause.assigned_by_id,
        arm=cause.arm,
        state="proposed" if waits else "assigned",
        why=cause.why,
    )
    db.session.add(row)
    db.session.flush()
    return row


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
