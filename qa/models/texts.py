"""What is covered in cases' texts, what came beside them, and what was erased on request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class Mask(Row, db.Model):
    """A part of a case's text that is covered, or might have to be. The words themselves stand in the text alone."""

    __tablename__ = "mask"

    case_id: Mapped[int] = refers("closed_case.id", index=False)
    #: "text", "translation", "message 3", "message 3 translation", "fact channel".
    place: Mapped[str] = keeping(String(250))
    begins: Mapped[int] = keeping()
    ends: Mapped[int] = keeping()
    kind: Mapped[str] = words("kind", "leak", "personal")
    #: One of `qa.redaction.spans.RULES`.
    rule: Mapped[str] = keeping(String(24))
    #: A case with a proposed leak is not released.
    state: Mapped[str] = words("state", "proposed", "applied", "harmless")
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    decided_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        UniqueConstraint("case_id", "place", "begins", "ends"),
        Index(
            "ix_mask_proposed",
            "case_id",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )


class Attachment(Row, db.Model):
    """A file that came beside a case, or a link. Its bytes lie in the instance's folder, under its address."""

    __tablename__ = "attachment"

    public_id: Mapped[str] = public_id()
    case_id: Mapped[int] = refers("closed_case.id", index=False)
    ordinal: Mapped[int] = keeping()
    #: "missing": the sheet names a file that did not come.
    kind: Mapped[str] = words("kind", "image", "file", "link", "missing")
    #: Of the file as it came.
    sha256: Mapped[str | None] = keeping(String(64))
    media_type: Mapped[str | None] = keeping(String(100))
    size: Mapped[int | None] = keeping()
    #: What the sheet calls it: a name or an address. Either may tell the outcome, so no blind page shows it.
    named: Mapped[str] = outcome(String(2000))
    purged_at: Mapped[datetime | None] = keeping()

    __table_args__ = (UniqueConstraint("case_id", "ordinal"),)


class Erasure(Row, db.Model):
    """A request to erase a person or a case, and what came of it: counts only."""

    __tablename__ = "erasure"

    public_id: Mapped[str] = public_id()
    subject_kind: Mapped[str] = words("subject_kind", "person", "case")
    #: The subject's address, which tells nothing of it.
    subject_ref: Mapped[str] = keeping(String(32), index=True)
    #: Of what the request called it, under the installation's key: by it a repeated request is known.
    mark: Mapped[str] = keeping(String(64), index=True)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    state: Mapped[str] = words("state", "asked", "running", "done")
    counts: Mapped[dict[str, Any]] = keeping(default=dict)
    ended_at: Mapped[datetime | None] = keeping()
