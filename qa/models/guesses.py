"""Guesses of the original decision: asked on some looks once a batch has closed, before its reveals open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, refers, words
from qa.core.db import Row, db


class Guess(Row, db.Model):
    """What a grader believes that was decided, after the own grade is locked and before the decision shows."""

    __tablename__ = "guess"

    task_id: Mapped[int] = refers("task.id", unique=True, index=False)
    batch_id: Mapped[int] = refers("batch.id")
    person_id: Mapped[int] = refers("person.id", "person")
    #: "passed": no idea. One that is still "asked" when the reveals open stays unanswered.
    state: Mapped[str] = words("state", "asked", "given", "passed")
    verdict: Mapped[str | None] = words("verdict", "violates", "no_violation", kind="outcome", nullable=True)
    #: Where the grader dared to guess it too.
    action: Mapped[str | None] = outcome(String(64))
    #: When the batch's reveals open even if nobody guesses.
    opens_at: Mapped[datetime] = keeping()
    given_at: Mapped[datetime | None] = keeping()

    __table_args__ = (Index("ix_guess_given", "given_at"),)
