"""Precedents: what a session agreed on, kept on a clause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import evidence, keeping, outcome, public_id, refers, words
from qa.core.db import Row, db

ANSWERS = ("violates", "no_violation")


class Precedent(Row, db.Model):
    """A consensus that was worth keeping, on a clause."""

    __tablename__ = "precedent"

    public_id: Mapped[str] = public_id()
    section_key: Mapped[str] = keeping(String(400), index=True)
    version_id: Mapped[int | None] = refers("policy_version.id", nullable=True, index=False)
    consensus_id: Mapped[int] = refers("consensus.id", unique=True, index=False)
    #: Address of the case, so that its text can be taken out here too.
    case_ref: Mapped[str] = keeping(String(32), index=True)
    #: Masked copy of what was judged.
    text: Mapped[str] = evidence()
    title: Mapped[str] = outcome(String(200))
    verdict: Mapped[str] = words("verdict", *ANSWERS, kind="outcome")
    action: Mapped[str | None] = outcome(String(64))
    reason: Mapped[str] = outcome()
    state: Mapped[str] = words("state", "live", "stale", "retired", index=True)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    ended_at: Mapped[datetime | None] = keeping()
