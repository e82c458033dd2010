"""Targets with the day from which they hold, and events that a trend is read with."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, public_id, refers, words
from qa.core.db import Row, db


class DatedTarget(Row, db.Model):
    """A target accuracy of everything, of one workflow or of one policy in play, from a day on."""

    __tablename__ = "dated_target"

    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = words("kind", "all", "workflow", "policy")
    #: Of the workflow or the policy; "" for everything.
    key: Mapped[str] = keeping(String(400), default="")
    from_on: Mapped[date] = keeping()
    #: From 0 to 1.
    share: Mapped[float] = keeping()
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)

    __table_args__ = (
        UniqueConstraint("kind", "key", "from_on"),
        CheckConstraint("share > 0 AND share < 1", name="share_inside"),
    )


class TrendEvent(Row, db.Model):
    """Something that happened on a day, as somebody who leads wrote it: "policy v3 in force"."""

    __tablename__ = "trend_event"

    public_id: Mapped[str] = public_id()
    happened_on: Mapped[date] = keeping()
    said: Mapped[str] = keeping(String(200))
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
