"""Tables about access: tokens for programs, and who opened whose page."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, personal, public_id, refers
from qa.core.db import Row, db


class ApiToken(Row, db.Model):
    """A key by which a program acts as a person. The program holds the token, the row only its hash."""

    __tablename__ = "api_token"

    public_id: Mapped[str] = public_id()
    token_hash: Mapped[str] = keeping(String(64), unique=True)
    person_id: Mapped[int] = refers("person.id", "person")
    #: What it is for, as whoever made it said.
    label: Mapped[str] = personal(String(200), default="")
    expires_at: Mapped[datetime] = keeping()
    revoked_at: Mapped[datetime | None] = keeping()
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)


class PageOpening(Row, db.Model):
    """On one day, somebody opened a page with another person's figures."""

    __tablename__ = "page_opening"

    #: Whose page it was.
    person_id: Mapped[int] = refers("person.id", "person", index=False)
    reader_id: Mapped[int] = refers("person.id", "person")
    #: What was opened, in a word: figures, cases.
    what: Mapped[str] = keeping(String(40))
    opened_on: Mapped[date] = keeping()
    times: Mapped[int] = keeping(default=1)
    last_at: Mapped[datetime] = keeping()

    __table_args__ = (
        UniqueConstraint("person_id", "reader_id", "what", "opened_on"),
        Index("ix_page_opening_opened_on", "opened_on"),
    )
