"""Calibration sessions: several people decide the same cases blind, then look at the spread and agree on an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db

STATES = ("draft", "voting", "closed", "revealed", "agreed", "archived")
VERDICTS = ("violates", "no_violation", "cannot_tell")


class SessionSeries(Row, db.Model):
    """A session that comes again every week, with cases drawn at random."""

    __tablename__ = "session_series"

    title: Mapped[str] = keeping(String(200))
    host_id: Mapped[int] = refers("person.id", "person", index=False)
    size: Mapped[int] = keeping()
    days_open: Mapped[int] = keeping()
    next_on: Mapped[date] = keeping()
    state: Mapped[str] = words("state", "live", "ended")
    #: What each session of it begins with: tolerance, whether names are shown.
    rules: Mapped[dict[str, Any]] = keeping(default=dict)


class CalibrationSession(Row, db.Model):
    """One session."""

    __tablename__ = "calibration_session"

    public_id: Mapped[str] = public_id()
    title: Mapped[str] = keeping(String(200))
    #: "covert": its cases come unmarked in the ordinary queue.
    kind: Mapped[str] = words("kind", "open", "covert")
    state: Mapped[str] = words("state", *STATES, index=True)
    host_id: Mapped[int] = refers("person.id", "person")
    #: Whose vote is the expert baseline, where the session has one.
    expert_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    series_id: Mapped[int | None] = refers("session_series.id", nullable=True)
    deadline_at: Mapped[datetime] = keeping()
    names_shown: Mapped[bool] = keeping(default=False)
    #: How far an answer may lie from the agreed one and still count as the same, by question.
    tolerance: Mapped[dict[str, Any]] = keeping(default=dict)
    #: The case that everybody looks at.
    step: Mapped[int] = keeping(default=1)
    #: Grows with every deed of the host: by it a page knows whether it is out of date.
    changes: Mapped[int] = keeping(default=0)
    opened_at: Mapped[datetime | None] = keeping()
    closed_at: Mapped[datetime | None] = keeping()
    revealed_at: Mapped[datetime | None] = keeping()
    agreed_at: Mapped[datetime | None] = keeping()
    reminded_at: Mapped[datetime | None] = keeping()


class SessionPerson(Row, db.Model):
    """Who takes part. A guest came by a link and sees this session alone."""

    __tablename__ = "session_person"

    session_id: Mapped[int] = refers("calibration_session.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    part: Mapped[str] = words("part", "voter", "guest")

    __table_args__ = (UniqueConstraint("session_id", "person_id"),)


class GuestLink(db.Model):
    """A guest's way in: used once, on the server."""

    __tablename__ = "guest_link"

    token_hash: Mapped[str] = keeping(String(64), primary_key=True)
    session_id: Mapped[int] = refers("calibration_session.id")
    person_id: Mapped[int] = refers("person.id", "person")
    created_at: Mapped[datetime] = keeping()
    expires_at: Mapped[datetime] = keeping()
    used_at: Mapped[datetime | None] = keeping()


class SessionCase(Row, db.Model):
    """A case of a session. `code` is what people call it there; random, tells nothing."""

    __tablename__ = "session_case"

    session_id: Mapped[int] = refers("calibration_session.id", index=False)
    case_id: Mapped[int] = refers("closed_case.id")
    place: Mapped[int] = keeping()
    code: Mapped[str] = keeping(String(16))
    how: Mapped[str] = words("how", "hand", "disagreement", "clause", "random")
    notes: Mapped[str] = outcome(default="")

    __table_args__ = (UniqueConstraint("session_id", "case_id"), UniqueConstraint("session_id", "place"))


class SessionVote(Row, db.Model):
    """One person's blind answer to a case of a session. A vote that was given anew closes the one before."""

    __tablename__ = "session_vote"

    session_case_id: Mapped[int] = refers("session_case.id", index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    no: Mapped[int] = keeping(default=1)
    #: In a covert session: the look in the ordinary queue that it was given by.
    task_id: Mapped[int | None] = refers("task.id", nullable=True, index=False)
    verdict: Mapped[str] = words("verdict", *VERDICTS, kind="outcome")
    section_key: Mapped[str] = outcome(String(400), default="none")
    action: Mapped[str | None] = outcome(String(64))
    answers: Mapped[dict[str, Any]] = outcome(default=dict)
    confidence: Mapped[str] = words("confidence", "low", "medium", "high", kind="outcome")
    note: Mapped[str] = outcome(default="")
    voted_at: Mapped[datetime] = keeping()
    replaced_at: Mapped[datetime | None] = keeping()
    #: SHA-256 over the answer, set when voting closes.
    hash: Mapped[str | None] = keeping(String(64))

    __table_args__ = (
        UniqueConstraint("session_case_id", "person_id", "no"),
        one_where("uq_session_vote_standing", "session_case_id", "person_id", where="replaced_at IS NULL"),
    )


class Consensus(Row, db.Model):
    """What a session agreed on: never a truth, and it need not be anybody's vote."""

    __tablename__ = "consensus"

    public_id: Mapped[str] = public_id()
    session_case_id: Mapped[int] = refers("session_case.id", unique=True, index=False)
    verdict: Mapped[str] = words("verdict", *VERDICTS, kind="outcome")
    section_key: Mapped[str] = outcome(String(400), default="none")
    action: Mapped[str | None] = outcome(String(64))
    #: Where the session compares it.
    severity: Mapped[str | None] = outcome(String(24))
    reason: Mapped[str] = outcome()
    #: "The policy is unclear here": a question to its owner was asked.
    unclear: Mapped[bool] = outcome(default=False)
    question_id: Mapped[int | None] = refers("policy_question.id", nullable=True, index=False)
    by_id: Mapped[int] = refers("person.id", "person", index=False)
    decided_at: Mapped[datetime] = keeping()
