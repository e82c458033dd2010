"""Retention checks: three questions on what was passed, some days and weeks later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import evidence, keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db


class RetentionCheck(Row, db.Model):
    """One check of one person, over all skills that are due together."""

    __tablename__ = "retention_check"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person")
    due_on: Mapped[date] = keeping()
    state: Mapped[str] = words("state", "due", "open", "closed", "expired")
    opened_at: Mapped[datetime | None] = keeping()
    closed_at: Mapped[datetime | None] = keeping()
    #: As of an attempt: what was asked, with the key. It never leaves the server before the answer is in.
    snapshot: Mapped[list[Any]] = evidence(default=list)
    right: Mapped[int | None] = outcome()
    of: Mapped[int | None] = outcome()

    __table_args__ = (one_where("uq_retention_check_current", "person_id", where="state IN ('due', 'open')"),)


class CheckAnswer(Row, db.Model):
    """What was chosen in a check; once."""

    __tablename__ = "check_answer"

    check_id: Mapped[int] = refers("retention_check.id", index=False)
    #: Place of the question in the check, from 1.
    ordinal: Mapped[int] = keeping()
    item_ref: Mapped[str] = keeping(String(64))
    chosen: Mapped[list[Any]] = outcome()
    right: Mapped[bool] = outcome()
    ms: Mapped[int | None] = keeping()
    answered_at: Mapped[datetime] = keeping()

    __table_args__ = (UniqueConstraint("check_id", "ordinal"),)
