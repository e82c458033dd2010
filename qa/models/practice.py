"""Practice: cases that are settled already, answered by a new grader before the first real queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers, words
from qa.core.db import Row, db
from qa.models.grading import VERDICTS


class Practice(Row, db.Model):
    """Whether a new grader practises still, or was said to be ready."""

    __tablename__ = "practice"

    person_id: Mapped[int] = refers("person.id", "person", unique=True, index=False)
    state: Mapped[str] = words("state", "practising", "ready")
    ready_at: Mapped[datetime | None] = keeping()
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)


class PracticeCase(Row, db.Model):
    """One settled case that somebody practises on, with their answer. It is no vote and counts for nothing."""

    __tablename__ = "practice_case"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person", index=False)
    case_id: Mapped[int] = refers("closed_case.id")
    workflow_id: Mapped[int] = refers("workflow.id", index=False)
    no: Mapped[int] = keeping()
    verdict: Mapped[str | None] = words("verdict", *VERDICTS, kind="outcome", nullable=True)
    section_key: Mapped[str] = outcome(String(400), default="none")
    action: Mapped[str | None] = outcome(String(64))
    answers: Mapped[dict[str, Any]] = outcome(default=dict)
    confidence: Mapped[str | None] = outcome(String(16))
    note: Mapped[str] = outcome(default="")
    answered_at: Mapped[datetime | None] = keeping()
    #: Whether the answer is the one that stands, on the levels that a look at the case settles.
    is_same: Mapped[bool | None] = outcome()

    __table_args__ = (UniqueConstraint("person_id", "no"), UniqueConstraint("person_id", "case_id"))
