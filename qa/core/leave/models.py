"""What somebody asks for before it is in the calendar."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, public_id, refers, words
from qa.core.db import Row, db


class LeaveRequest(Row, db.Model):
    """Days of leave that somebody asked for. Once granted, the days stand in the calendar."""

    __tablename__ = "leave_request"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person")
    from_on: Mapped[date] = keeping()
    to_on: Mapped[date] = keeping()
    state: Mapped[str] = words("state", "asked", "granted", "declined", "withdrawn", index=True)
    decided_by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    decided_at: Mapped[datetime | None] = keeping()

    __table_args__ = (CheckConstraint("from_on <= to_on", name="days_in_order"),)
