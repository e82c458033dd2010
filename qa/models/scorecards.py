"""Scorecards for the quality of the work: their versions, and what was marked on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db
from qa.grading.scoring import MARKS


class Scorecard(Row, db.Model):
    """One version of the scorecard. Versions append; one is in force."""

    __tablename__ = "scorecard"

    public_id: Mapped[str] = public_id()
    name: Mapped[str] = keeping(String(120))
    version: Mapped[int] = keeping(default=1)
    #: `qa.grading.scoring.Part` as plain data.
    parts: Mapped[list[Any]] = keeping()
    state: Mapped[str] = words("state", "live", "replaced")
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)

    __table_args__ = (
        UniqueConstraint("name", "version"),
        one_where("uq_scorecard_live", "state", where="state = 'live'"),
    )


class Score(Row, db.Model):
    """The scorecard of one look: drawn when its task was made, open once the look is revealed, marked once."""

    __tablename__ = "score"

    public_id: Mapped[str] = public_id()
    task_id: Mapped[int] = refers("task.id", unique=True, index=False)
    scorecard_id: Mapped[int] = refers("scorecard.id", index=False)
    #: With what chance the look got one.
    chance: Mapped[float] = keeping(Float)
    person_id: Mapped[int] = refers("person.id", "person")
    state: Mapped[str] = words("state", "drawn", "given")
    #: Share of the weights that count; empty where nothing applied.
    total: Mapped[float | None] = outcome(Float)
    critical_missed: Mapped[bool] = outcome(default=False)
    comment: Mapped[str] = outcome(default="")
    given_at: Mapped[datetime | None] = keeping()
    #: From when the agent may see it, once the result is there too.
    publish_at: Mapped[datetime | None] = keeping()
    #: Taken back after a dispute: it counts no more.
    voided_at: Mapped[datetime | None] = keeping()


class ScoreMark(db.Model):
    """What was marked for one criterion."""

    __tablename__ = "score_mark"

    score_id: Mapped[int] = refers("score.id", primary_key=True, index=False, autoincrement=False)
    key: Mapped[str] = keeping(String(64), primary_key=True)
    mark: Mapped[str] = words("mark", *MARKS, kind="outcome")
    #: Why it was not met: the key of a root cause.
    cause: Mapped[str | None] = outcome(String(64))
