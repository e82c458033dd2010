"""Reports of danger, the calls that follow, and who answers them when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import evidence, keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class Danger(Row, db.Model):
    """A grader reports that somebody is in danger; or a call that tests whether somebody answers."""

    __tablename__ = "danger"

    public_id: Mapped[str] = public_id()
    #: None: a test.
    task_id: Mapped[int | None] = refers("task.id", nullable=True)
    person_id: Mapped[int] = refers("person.id", "person")
    line: Mapped[str] = evidence(String(300))
    #: "silent": what was decided before had ended the danger, so nobody was called.
    state: Mapped[str] = words("state", "raised", "undone", "silent", "paged", "acknowledged", "closed", kind="outcome")
    raised_at: Mapped[datetime] = keeping()
    #: When somebody was called last.
    called_at: Mapped[datetime | None] = outcome()
    acknowledged_at: Mapped[datetime | None] = outcome()
    #: Who answered the call, and what came of it.
    answered_by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    ended: Mapped[str] = outcome(default="")
    closed_at: Mapped[datetime | None] = outcome()

    __table_args__ = (UniqueConstraint("task_id", "person_id"),)


class DangerCall(Row, db.Model):
    """Somebody on call was told of a danger."""

    __tablename__ = "danger_call"

    danger_id: Mapped[int] = refers("danger.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    at: Mapped[datetime] = keeping()
    #: When a pager or phone service took the call, and how often it was asked to.
    rung_at: Mapped[datetime | None] = keeping()
    ring_tries: Mapped[int] = keeping(default=0)

    __table_args__ = (UniqueConstraint("danger_id", "person_id"),)


class OnCallShift(Row, db.Model):
    """From when to when somebody answers calls; the lower place is called first."""

    __tablename__ = "on_call_shift"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person")
    from_at: Mapped[datetime] = keeping()
    to_at: Mapped[datetime] = keeping(index=True)
    place: Mapped[int] = keeping(default=1)
