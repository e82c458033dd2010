"""Paths: trainings in an order, each opened by the one before, for a person, a team, everybody or whoever starts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, public_id, refers, words
from qa.core.db import Row, db


class TrainingPath(Row, db.Model):
    """What is to be learnt in which order, and why."""

    __tablename__ = "training_path"

    public_id: Mapped[str] = public_id()
    title: Mapped[str] = keeping(String(200))
    kind: Mapped[str] = words("kind", "onboarding", "policy", "process", "other")
    why: Mapped[str] = keeping(String(500), default="")
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: Whose new agents walk it by themselves; empty: those of all teams.
    team_id: Mapped[int | None] = refers("team.id", nullable=True, index=False)
    #: Whoever starts from this day on walks it by itself; empty: nobody does.
    starters_from: Mapped[date | None] = keeping()
    begun_at: Mapped[datetime] = keeping()
    ended_at: Mapped[datetime | None] = keeping()


class PathStep(Row, db.Model):
    """One training of a path."""

    __tablename__ = "path_step"

    path_id: Mapped[int] = refers("training_path.id", index=False)
    #: From 1.
    no: Mapped[int] = keeping()
    #: Keys of the sections that are taught.
    sections: Mapped[list[Any]] = keeping()
    #: Working days: after the step opened, of a new agent after the first day at work.
    days: Mapped[int] = keeping()

    __table_args__ = (UniqueConstraint("path_id", "no"),)


class PathPlace(Row, db.Model):
    """How far one person is on a path."""

    __tablename__ = "path_place"

    path_id: Mapped[int] = refers("training_path.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    #: Number of the step that is open, or was the last.
    step: Mapped[int] = keeping(default=1)
    state: Mapped[str] = words("state", "open", "done", "ended", index=True)
    joined_at: Mapped[datetime] = keeping()
    #: The training of the open step, once it was built.
    assignment_id: Mapped[int | None] = refers("assignment.id", nullable=True, index=False)

    __table_args__ = (UniqueConstraint("path_id", "person_id"),)
