"""How people are told: what each chose, and what was sent of which notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, personal, public_id, refers, words
from qa.core.db import Row, db


class NoticeChoice(Row, db.Model):
    """How one person wants to be told by e-mail; without a row the defaults hold."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = refers("person.id", "person", unique=True, index=False)
    how: Mapped[str] = words("how", "none", "at_once", "digest", kind="person")
    #: Hours of the person's own day, 0 to 23.
    digest_hour: Mapped[int] = personal(default=8)
    #: Nothing but what is urgent comes from the first to the second; empty: it may come at any hour.
    quiet_from: Mapped[int | None] = personal(nullable=True)
    quiet_to: Mapped[int | None] = personal(nullable=True)


class Delivery(Row, db.Model):
    """One notice on one way out. What it says is made when it is sent, and is kept nowhere."""

    __tablename__ = "delivery"

    public_id: Mapped[str] = public_id()
    notice_id: Mapped[int] = refers("notice.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    way: Mapped[str] = words("way", "mail", "channel")
    #: "dropped": it was read meanwhile, or its receiver may not know of it any more, or wants none.
    state: Mapped[str] = words("state", "waiting", "sent", "failed", "dropped", index=True)
    #: Those of one person that are due at the same time go out together.
    together: Mapped[bool] = keeping(default=False)
    due_at: Mapped[datetime] = keeping()
    attempts: Mapped[int] = keeping(default=0)
    sent_at: Mapped[datetime | None] = keeping()
    error: Mapped[str] = keeping(String(300), default="")

    __table_args__ = (UniqueConstraint("notice_id", "way"),)


class Channel(Row, db.Model):
    """A chat channel that is told what everybody may know: one row, numbered 1."""

    __tablename__ = "channel"

    #: Whoever has it can write into the channel; shown to nobody, noted nowhere.
    url: Mapped[str] = keeping(String(2000))
    #: Kinds of notices that go there.
    kinds: Mapped[list[Any]] = keeping()
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    changed_at: Mapped[datetime] = keeping()
