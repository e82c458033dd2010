"""A start drawn by chance: the trial, and who was drawn into which arm of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, public_id, refers, words
from qa.core.db import Row, db


class TrainingTrial(Row, db.Model):
    """From the day on which the setting was switched on until it was switched off."""

    __tablename__ = "training_trial"

    public_id: Mapped[str] = public_id()
    #: What arms are drawn by. Made before the first alert that can enter; its hash stands in the audit log since then.
    key: Mapped[str] = keeping(String(64))
    begun_at: Mapped[datetime] = keeping()
    ended_at: Mapped[datetime | None] = keeping()


class TrialPlace(Row, db.Model):
    """One alert that was drawn: when its training begins. A person enters a trial once."""

    __tablename__ = "trial_place"

    public_id: Mapped[str] = public_id()
    trial_id: Mapped[int] = refers("training_trial.id")
    #: Address of the alert.
    signal_ref: Mapped[str] = keeping(String(32), unique=True)
    person_id: Mapped[int] = refers("person.id", "person")
    arm: Mapped[str] = words("arm", "now", "later")
    #: Keys of the sections that are to be taught, the same for whoever waits and whoever does not.
    sections: Mapped[list[Any]] = keeping()
    entered_at: Mapped[datetime] = keeping()
    #: The day from which on the training of the later arm is given out.
    starts_on: Mapped[date] = keeping()
    #: When somebody began it before its day, who, and why: from then on it is none of the trial's.
    left_at: Mapped[datetime | None] = keeping()
    left_by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    left_because: Mapped[str] = keeping(String(500), default="")

    __table_args__ = (UniqueConstraint("trial_id", "person_id"),)
