"""Known-answer cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db

ANSWERS = ("violates", "no_violation")


class Gold(Row, db.Model):
    """A known-answer case. Its answer is its own and never the case's settled decision.

    Its uses are the looks of purpose gold whose origin is its address: what it counted is counted anew each time.
    """

    __tablename__ = "gold"

    public_id: Mapped[str] = public_id()
    case_id: Mapped[int] = refers("closed_case.id")
    verdict: Mapped[str] = words("verdict", *ANSWERS, kind="outcome")
    section_key: Mapped[str] = outcome(String(400), default="none")
    action: Mapped[str | None] = outcome(String(64))
    reason: Mapped[str] = outcome()
    basis: Mapped[str] = words("basis", "consensus", "expert")
    #: The version that its answer was given by.
    version_id: Mapped[int | None] = refers("policy_version.id", nullable=True, index=False)
    #: The clause that decides it: where the answer is "no violation", the one in play.
    clause_key: Mapped[str] = keeping(String(400))
    state: Mapped[str] = words("state", "live", "stale", "retired", "challenged", "voided", index=True)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    challenge: Mapped[str] = outcome(default="")
    challenged_by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    ruled_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_gold_case", "case_id", where="state NOT IN ('retired', 'voided')"),)
