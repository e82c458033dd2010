"""Who was drawn into which arm, and who waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from calibration.models.signals import Signal
from qa import case_addresses
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.models.cases import ClosedCase
from training.models.trials import TrainingTrial, TrialPlace
from training.queries import assignments

#: An error there never waits.
SEVERE_WORKFLOWS, SEVERE = ("legal_request",), ("critical",)


def running() -> TrainingTrial | None:
    """The trial that is under way."""
    query = select(TrainingTrial).where(TrainingTrial.ended_at.is_(None)).order_by(TrainingTrial.id.desc())
    return db.session.scalar(query.limit(1))


def place_of(signal: str) -> TrialPlace | None:
    """The place of an alert, by its address."""
    return db.session.scalar(select(TrialPlace).where(TrialPlace.signal_ref == signal))


def has_entered(trial_id: int, person_id: int) -> bool:
    """Whether somebody is in a trial already."""
    query = select(TrialPlace.id).where(TrialPlace.trial_id == trial_id, TrialPlace.person_id == person_id)
    return db.session.scalar(query) is not None


def any_severe(cases: Collection[str]) -> bool:
    """Whether one of these cases is a legal request, or critical."""
    if not cases:
        return False
    query = select(ClosedCase.id).where(case_addresses.among(cases))
    severe = or_(ClosedCase.workflow.in_(SEVERE_WORKFLOWS), ClosedCase.severity.in_(SEVERE))
    return db.session.scalar(query.where(severe).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose training begins later, by chance."""

    public_id: str
    person: str
    starts_on: date


def waiting(actor: Actor) -> list[Waiting]:
    """Those whom *actor* leads and whose training waits for its day, by name."""
    led = {one.id: one.name for one in assignments.led(actor)}
    query = (
        select(TrialPlace.public_id, TrialPlace.person_id, TrialPlace.starts_on)
        .where(TrialPlace.person_id.in_(led), TrialPlace.arm == "later", TrialPlace.left_at.is_(None))
        .where(TrialPlace.starts_on > clock.now().date())
        .order_by(TrialPlace.id)
    )
    rows = [Waiting(ref, led[person_id], day) for ref, person_id, day in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row.person.casefold(), row.starts_on))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place as effects are measured from it."""

    person_id: int
    arm: str
    entered_at: datetime
    crossed_at: datetime
    sections: tuple[str, ...]
    has_left: bool


def drawn() -> list[Drawn]:
    """Every place of every trial, the oldest first."""
    query = (
        select(TrialPlace, Signal.crossed_at)
        .join(Signal, Signal.public_id == TrialPlace.signal_ref)
        .order_by(TrialPlace.id)
    )
    return [
        Drawn(row.person_id, row.arm, row.entered_at, crossed_at, tuple(row.sections), row.left_at is not None)
        for row, crossed_at in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the trial is: since when, and how many were drawn into each arm and left it."""

    begun_at: datetime
    ended_at: datetime | None
    now: int
    later: int
    left: int


def standing() -> Standing | None:
    """The newest trial; None when there never was one."""
    trial = db.session.scalar(select(TrainingTrial).order_by(TrainingTrial.id.desc()).limit(1))
    if trial is None:
        return None
    counted = select(TrialPlace.arm, func.count(TrialPlace.id), func.count(TrialPlace.left_at))
    rows = {
        arm: (number, left)
        for arm, number, left in db.session.execute(
            counted.where(TrialPlace.trial_id == trial.id).group_by(TrialPlace.arm)
        )
    }
    now, later = rows.get("now", (0, 0)), rows.get("later", (0, 0))
    return Standing(trial.begun_at, trial.ended_at, now[0], later[0], now[1] + later[1])
