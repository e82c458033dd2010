"""Sheets of earlier QA that somebody kept. Nothing here enters any accuracy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, outcome, personal, public_id, refers
from qa.core.db import Row, db


class EarlierSheet(Row, db.Model):
    """A sheet of QA results from before, or from elsewhere: neither blind nor drawn at random."""

    __tablename__ = "earlier_sheet"

    public_id: Mapped[str] = public_id()
    name: Mapped[str] = keeping(String(300))
    #: What of ours each column was read as: agent, decision, qa, at, case.
    columns: Mapped[dict[str, Any]] = keeping(default=dict)
    #: Lines that were left out for a missing value, and lines whose day could not be read.
    blank: Mapped[list[Any]] = keeping(default=list)
    undated: Mapped[list[Any]] = keeping(default=list)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    #: The plan of its blind check, and when that was asked for.
    plan_id: Mapped[int | None] = refers("plan.id", nullable=True, index=False)
    check_asked_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_earlier_sheet_plan", "plan_id", where="plan_id IS NOT NULL"),)


class EarlierResult(Row, db.Model):
    """One row of a sheet: who decided, what, and what QA said, who saw the decision."""

    __tablename__ = "earlier_result"

    sheet_id: Mapped[int] = refers("earlier_sheet.id")
    #: The imported case that its row names, once one is known.
    case_id: Mapped[int | None] = refers("closed_case.id", nullable=True)
    #: What the sheet calls the case.
    case_ref: Mapped[str | None] = keeping(String(200))
    #: As the sheet writes it; None once figures know the person no more.
    agent: Mapped[str | None] = personal(String(200))
    decision: Mapped[str] = outcome()
    qa: Mapped[str] = outcome()
    decided_on: Mapped[date | None] = keeping()
