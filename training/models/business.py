"""Sheets of the business case that were kept: every line and every assumption as it stood."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers
from qa.core.db import Row, db


class BusinessSheet(Row, db.Model):
    """A sheet as it was kept, under a name."""

    __tablename__ = "business_sheet"

    public_id: Mapped[str] = public_id()
    name: Mapped[str] = outcome(String(100))
    days_from: Mapped[date] = keeping()
    days_to: Mapped[date] = keeping()
    #: What money is called on it.
    money: Mapped[str] = keeping(String(8))
    #: What the address of the page asked for, by which the same is worked out anew.
    asked: Mapped[dict[str, Any]] = keeping(default=dict)
    #: Assumption -> the number that was given.
    assumed: Mapped[dict[str, Any]] = keeping(default=dict)
    #: The parts of the sheet, each its lines; and the balance, where there was one.
    put_in: Mapped[list[Any]] = outcome(default=list)
    came_out: Mapped[list[Any]] = outcome(default=list)
    saved: Mapped[list[Any]] = outcome(default=list)
    balance: Mapped[list[Any] | None] = outcome(nullable=True)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
