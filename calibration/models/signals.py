"""Streams of settled cases, the signals they raise, and what was done about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class Stream(Row, db.Model):
    """One agent's epoch: baseline and threshold are frozen when it opens; values are the cache of a replay."""

    __tablename__ = "stream"

    #: Empty once its time is over.
    agent_id: Mapped[int] = refers("person.id", "person", index=False, nullable=True)
    epoch: Mapped[int] = keeping()
    opened_at: Mapped[datetime] = keeping()
    cause: Mapped[str] = words("cause", "first", "act", "training", "role")
    planned_per_week: Mapped[float] = keeping()
    threshold: Mapped[float] = keeping()
    target: Mapped[float] = keeping()
    level: Mapped[str] = words("level", "verdict", "policy", "action")
    #: {"<play_key>|<tier>": error rate}
    baseline: Mapped[dict[str, Any]] = outcome()
    frontier_case_id: Mapped[int | None] = refers("closed_case.id", nullable=True, index=False)
    values: Mapped[dict[str, Any]] = outcome(default=dict)
    #: Of the open epoch: what its next case needs, as `calibration.signals.standings` has it.
    standing: Mapped[dict[str, Any]] = outcome(default=dict)

    __table_args__ = (UniqueConstraint("agent_id", "epoch"),)


class Scan(Row, db.Model):
    """One look for drops: later ones go on from there."""

    __tablename__ = "signal_scan"

    looked_at: Mapped[datetime] = keeping(index=True)
    level: Mapped[str] = words("level", "verdict", "policy", "action")
    is_full: Mapped[bool] = keeping()


class Signal(Row, db.Model):
    """A detected drop of one agent, with the policies that carry it."""

    __tablename__ = "signal"

    public_id: Mapped[str] = public_id()
    #: Empty once its time is over.
    agent_id: Mapped[int] = refers("person.id", "person", nullable=True)
    kind: Mapped[str] = words("kind", "drop", "below_standard", "critical")
    level: Mapped[str] = words("level", "watch", "act")
    epoch: Mapped[int] = keeping()
    crossed_case_id: Mapped[int] = refers("closed_case.id", index=False)
    #: When the case that crossed was closed.
    crossed_at: Mapped[datetime] = keeping()
    lead_key: Mapped[str | None] = outcome(String(400))
    #: {play_key: share of the policy streams}
    shares: Mapped[dict[str, Any]] = outcome()
    evidence: Mapped[dict[str, Any]] = outcome()
    n: Mapped[int] = outcome()
    errors: Mapped[int] = outcome()
    expected_false: Mapped[float | None] = keeping()
    raised_at: Mapped[datetime] = keeping()
    state: Mapped[str] = words("state", "raised", "owned", "acted_on", "closed", "dismissed", "withdrawn")
    owner_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: What a person found to be behind it: a reason of the kind "root_cause".
    cause: Mapped[str | None] = outcome(String(60))

    __table_args__ = (
        UniqueConstraint("agent_id", "kind", "level", "epoch", "crossed_case_id"),
        Index("ix_signal_state", "state", "raised_at"),
    )


class CorrectiveAction(Row, db.Model):
    """What was done about a signal or a question, with its check."""

    __tablename__ = "corrective_action"

    public_id: Mapped[str] = public_id()
    signal_id: Mapped[int | None] = refers("signal.id", nullable=True)
    question_id: Mapped[int | None] = refers("policy_question.id", nullable=True)
    kind: Mapped[str] = words("kind", "module", "coaching", "sampling", "question", "dismissed")
    owner_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: Section keys that the action is about.
    section_keys: Mapped[list[Any]] = keeping(default=list)
    #: Of whoever asked for it; empty when the scan did.
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    reason: Mapped[str] = keeping(default="")
    due_on: Mapped[date | None] = keeping()
    state: Mapped[str] = words("state", "asked", "under_way", "done", "checked", "closed")
    #: When it was done: a training ends the stream's epoch here.
    done_at: Mapped[datetime | None] = keeping()
    check_on: Mapped[date | None] = keeping()
    check_result: Mapped[str | None] = keeping()

    __table_args__ = (UniqueConstraint("signal_id", "kind"),)
