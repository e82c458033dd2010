"""Coaching notes: what a lead and an agent talked over and agreed. Nobody but the two ever sees them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from calibration.models.signals import Signal
from calibration.signals import corrections
from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from training import giving
from training.leads import tell
from training.models.learning import Assignment, CoachingNote

#: What a note may be about.
TRAINING, ALERT = "assignment", "signal"


def write_note(
    actor: Actor, *, person_id: str, text: str, agreed: str = "", about: tuple[str, str] | None = None,
    check_on: date | None = None,
) -> str:  # fmt: skip
    """Keep a note on a talk with somebody whom *actor* leads; its address. The agent is told that there is one.

    *about*: the kind and the address of a training or an alert of that person. Where an alert asked for a talk, this
    was it.
    """
    learner = _learner(actor, person_id)
    if not text.strip():
        raise BadInput(Problem("write something", field="text"))
    if check_on is not None and check_on <= clock.now().date():
        raise BadInput(Problem("choose a day to come", field="check_on"))
    if about is not None:
        _is_theirs(learner, *about)
    row = CoachingNote(
        lead_id=actor.id, agent_id=learner.id, text=text.strip()[:4000], agreed=agreed.strip()[:1000],
        origin_kind=about[0] if about else None, origin_ref=about[1] if about else None, check_on=check_on,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "wrote", "coaching_note", row.public_id)
    if about is not None and about[0] == ALERT:
        _was_asked_for(actor, about[1], check_on)
    tell(row.agent_id, "coaching_note", row.public_id, "Your lead kept a note on a talk with you.", "/coaching")
    return str(row.public_id)


def _learner(actor: Actor, person_id: str) -> Actor:
    person = db.session.scalar(select(Person).where(Person.public_id == person_id, Person.active))
    learner = access.actor(person.id) if person is not None else None
    if learner is None or learner.id == actor.id or not learner.has("agent") or not actor.sees_team(learner.team_id):
        raise NotFound("person")
    return learner


def _is_theirs(learner: Actor, kind: str, ref: str) -> None:
    """Raises NotFound for the training or the alert of somebody else."""
    query = {
        TRAINING: select(Assignment.id).where(Assignment.public_id == ref, Assignment.person_id == learner.id),
        ALERT: select(Signal.id).where(Signal.public_id == ref, Signal.agent_id == learner.id),
    }.get(kind)
    if query is None or db.session.scalar(query) is None:
        raise NotFound("training" if kind == TRAINING else "alert")


def _was_asked_for(actor: Actor, signal: str, check_on: date | None) -> None:
    action = corrections.of_signal(signal, "coaching")
    if action is not None and giving.say(actor, action, "done") and check_on is not None:
        corrections.plan_check(action, check_on)


def hold_talk(actor: Actor, assignment_id: str, *, text: str, agreed: str, check_on: date | None, passed: bool) -> str:
    """The talk after the last retake: what was discussed, what was agreed, when it is looked at again. It ends the
    training, and with it the corrective action; the address of its note."""
    row = giving.led(actor, assignment_id)
    if not agreed.strip():
        raise BadInput(Problem("say what you agreed", field="agreed"))
    if check_on is None:
        raise BadInput(Problem("choose the day of the next check", field="check_on"))
    learner = db.session.scalars(select(Person.public_id).where(Person.id == row.person_id)).one()
    giving.end_coaching(actor, assignment_id, passed=passed, check_on=check_on)
    return write_note(
        actor, person_id=learner, text=text, agreed=agreed, about=(TRAINING, assignment_id), check_on=check_on
    )


def confirm(actor: Actor, note_id: str) -> None:
    """The agent says that it was so. NotFound for everybody else."""
    query = select(CoachingNote).where(CoachingNote.public_id == note_id, CoachingNote.agent_id == actor.id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("note")
    if row.confirmed_at is not None:
        raise Refused("You have confirmed this before.")
    row.confirmed_at = clock.now()
    db.session.flush()
    audit.note(actor, "confirmed", "coaching_note", row.public_id)
