"""A start drawn by chance: of alerts that are not severe half begin their training at once, half three weeks later.

An admin switches it on. A key is made then, and its hash goes into the audit log; alerts raised later are drawn by it,
so that nobody can choose who waits. What is severe never waits, and a lead can begin a training before its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from calibration.signals.corrections import Asked
from qa.core import access, audit, clock, formats, jobs, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from training.leads import tell_leads
from training.models.trials import TrainingTrial, TrialPlace
from training.queries import trials as queries
from training.targeting import Target
from training.trials import drawing

SETTING = "randomised_start"
#: How long the later arm waits.
WAITS = timedelta(weeks=3)
#: Kinds of alerts that never wait.
SEVERE_KINDS = ("critical",)
ASSIGN = "training.assign"


def is_to_follow() -> bool:
    """Whether the setting was switched since the last look."""
    return bool(preferences.get(SETTING)) != (queries.running() is not None)


def placed(actor: Actor, asked: Asked, target: Target) -> TrialPlace | None:
    """The place of an alert in the trial, drawn by a transaction of its own the first time; None outside of it."""
    known = queries.place_of(asked.signal)
    if known is not None or queries.running() is None or is_severe(asked, target.cases):
        return known
    write(lambda: enter(actor, asked, target.sections))
    return queries.place_of(asked.signal)


def follow(actor: Actor) -> None:
    """Begin a trial where the setting was switched on; where it was switched off, end it, and whoever waits begins."""
    running = queries.running()
    wanted = bool(preferences.get(SETTING))
    if wanted and running is None:
        key = drawing.new_key()
        row = TrainingTrial(key=key, begun_at=clock.now())
        db.session.add(row)
        db.session.flush()
        audit.note(actor, "began", "training_trial", row.public_id, key_sha256=drawing.hash_of(key))
    elif running is not None and not wanted:
        now = clock.now()
        db.session.execute(update(TrainingTrial).where(TrainingTrial.id == running.id).values(ended_at=now))
        waits = update(TrialPlace).where(TrialPlace.trial_id == running.id, TrialPlace.left_at.is_(None))
        waits = waits.where(TrialPlace.arm == "later", TrialPlace.starts_on > now.date())
        left = db.session.execute(
            waits.values(left_at=now, left_because="the trial was ended").returning(TrialPlace.id)
        ).all()
        audit.note(actor, "ended", "training_trial", running.public_id, waited=len(left))


def is_severe(asked: Asked, cases: Sequence[str]) -> bool:
    """Whether an alert must not wait: its kind, or an error of weight among the agent's *cases* behind it."""
    return asked.signal_kind in SEVERE_KINDS or queries.any_severe(cases)


def enter(actor: Actor, asked: Asked, sections: Sequence[str]) -> TrialPlace | None:
    """The place of an alert in the trial, drawn now if it can enter; None where it stands outside.

    It stands outside when it was raised before the trial began, or its agent is in the trial by another alert.
    """
    running = queries.running()
    if running is None or asked.raised_at < running.begun_at:
        return None
    if queries.has_entered(running.id, asked.agent_id):
        return None
    now = clock.now()
    arm = drawing.arm(running.key, asked.signal)
    row = TrialPlace(
        trial_id=running.id, signal_ref=asked.signal, person_id=asked.agent_id, arm=arm, entered_at=now,
        sections=list(sections),
        starts_on=now.date() if arm == "now" else (now + WAITS).date(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return queries.place_of(asked.signal)
    audit.note(actor, "drew", "trial_place", row.public_id, signal=asked.signal, arm=arm)
    if arm == "later":
        _tell(row)
    return row


def _tell(row: TrialPlace) -> None:
    person = db.session.get_one(Person, row.person_id)
    line = (
        f"Training for {person.name} after an accuracy alert begins on {formats.day(row.starts_on)}: its day was drawn "
        "by chance. You can begin it at once."
    )
    tell_leads(row.person_id, "training_waits", row.public_id, line)


def waits(place: TrialPlace | None) -> bool:
    """Whether the training of a place is not to be given out yet."""
    return place is not None and place.arm == "later" and place.left_at is None and place.starts_on > clock.now().date()


def start_now(actor: Actor, public_id: str, *, because: str) -> None:
    """Begin before its day what was to wait: it leaves the trial. NotFound for whom *actor* does not lead."""
    row = db.session.scalar(select(TrialPlace).where(TrialPlace.public_id == public_id).with_for_update())
    learner = access.actor(row.person_id) if row is not None else None
    if row is None or learner is None or learner.id == actor.id or not actor.sees_team(learner.team_id):
        raise NotFound("training")
    if not because.strip():
        raise BadInput(Problem("say why it should not wait", field="because"))
    if not waits(row):
        raise Refused("This training waits no longer.")
    row.left_at, row.left_by_id, row.left_because = clock.now(), actor.id, because.strip()[:500]
    db.session.flush()
    audit.note(actor, "left", "trial_place", row.public_id)
    jobs.enqueue(SYSTEM, ASSIGN, dedupe_key=f"periodic:{ASSIGN}")
