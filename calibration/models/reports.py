"""Reports that were handed out, as they were; to whom, and which come by themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class ReportCopy(Row, db.Model):
    """A report as it was kept. Persons stand in it by their addresses, so that whoever is erased is named no more."""

    __tablename__ = "report_copy"

    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = keeping(String(20))
    days_from: Mapped[date] = keeping()
    days_to: Mapped[date] = keeping()
    named: Mapped[bool] = keeping(default=False)
    heading: Mapped[str] = outcome()
    #: Sentences of whoever handed it out.
    own: Mapped[list[Any]] = outcome(default=list)
    said: Mapped[list[Any]] = outcome(default=list)
    tables: Mapped[list[Any]] = outcome(default=list)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    #: The wish that it was made by; None: made on the page at once.
    wish_id: Mapped[int | None] = refers("report_wish.id", nullable=True, index=False)
    #: Figures that are other ones since, and when that was last looked at.
    changes: Mapped[list[Any] | None] = outcome(nullable=True)
    compared_at: Mapped[datetime | None] = keeping()


class ReportWish(Row, db.Model):
    """A report that is made in the background: once, each week or each month."""

    __tablename__ = "report_wish"

    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = keeping(String(20))
    named: Mapped[bool] = keeping(default=False)
    own: Mapped[list[Any]] = outcome(default=list)
    every: Mapped[str] = words("every", "once", "week", "month")
    #: Of the week from 0, Monday; of the month from 1 to 28.
    day: Mapped[int] = keeping(default=0)
    hour: Mapped[int] = keeping(default=0)
    zone: Mapped[str] = keeping(String(64), default="UTC")
    #: What is asked for once is of these days.
    days_from: Mapped[date | None] = keeping()
    days_to: Mapped[date | None] = keeping()
    state: Mapped[str] = words("state", "live", "ended")
    #: The moment whose report was last made.
    last_due_at: Mapped[datetime | None] = keeping()
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)


class ReportRecipient(Row, db.Model):
    """Who is told of the reports of a wish."""

    __tablename__ = "report_recipient"

    wish_id: Mapped[int] = refers("report_wish.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person", index=False)

    __table_args__ = (UniqueConstraint("wish_id", "person_id"),)


class ReportReader(Row, db.Model):
    """Whom a kept report was sent to."""

    __tablename__ = "report_reader"

    copy_id: Mapped[int] = refers("report_copy.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")

    __table_args__ = (UniqueConstraint("copy_id", "person_id"),)
