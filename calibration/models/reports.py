"""Reports that were handed out, as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers
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
