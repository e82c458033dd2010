"""Announcements: a process or a product changed, and who has read and understood it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, public_id, refers, words
from qa.core.db import Row, db


class Announcement(Row, db.Model):
    """What changed, for whom, and until when it is to be read."""

    __tablename__ = "announcement"

    public_id: Mapped[str] = public_id()
    kind: Mapped[str] = words("kind", "process", "product")
    title: Mapped[str] = keeping(String(200))
    body: Mapped[str] = keeping()
    audience: Mapped[str] = words("audience", "agents", "graders", "both")
    #: Empty: all teams.
    team_id: Mapped[int | None] = refers("team.id", nullable=True, index=False)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    published_at: Mapped[datetime] = keeping()
    due_on: Mapped[date] = keeping()


class AnnouncementRead(Row, db.Model):
    """That somebody has read and understood one."""

    __tablename__ = "announcement_read"

    announcement_id: Mapped[int] = refers("announcement.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    read_at: Mapped[datetime] = keeping()

    __table_args__ = (UniqueConstraint("announcement_id", "person_id"),)
