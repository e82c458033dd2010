"""Assignments, attempts, mastery and what came of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class Assignment(Row, db.Model):
    """A module that a person is asked to do, and why."""

    __tablename__ = "assignment"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person")
    module_version_id: Mapped[int] = refers("module_version.id")
    due_on: Mapped[date] = keeping()
    assigned_at: Mapped[datetime] = keeping()
    assigned_by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: Set only where the start was randomised.
    arm: Mapped[str | None] = words("arm", "now", "later", nullable=True)
    state: Mapped[str] = words(
        "state", "proposed", "assigned", "begun", "coaching", "passed", "closed", "withdrawn", index=True
    )
    why: Mapped[str] = outcome(default="")
    ended_at: Mapped[datetime | None] = keeping()


class AssignmentCause(Row, db.Model):
    """What led to an assignment: a cause leads to one, one may answer several."""

    __tablename__ = "assignment_cause"

    assignment_id: Mapped[int] = refers("assignment.id")
    person_id: Mapped[int] = refers("person.id", "person", index=False)
    kind: Mapped[str] = words("kind", "signal", "policy", "hand", "onboarding")
    ref: Mapped[str] = keeping(String(200))

    __table_args__ = (UniqueConstraint("kind", "ref", "person_id"),)


class Attempt(Row, db.Model):
    """One sitting of a quiz, with everything as it was asked."""

    __tablename__ = "attempt"

    public_id: Mapped[str] = public_id()
    assignment_id: Mapped[int] = refers("assignment.id", index=False)
    no: Mapped[int] = keeping()
    purpose: Mapped[str] = keeping(String(24))
    state: Mapped[str] = words("state", "open", "closed", "expired", "void")
    opened_at: Mapped[datetime] = keeping()
    due_at: Mapped[datetime] = keeping()
    closed_at: Mapped[datetime | None] = keeping()
    #: [{"item", "kind", "stem", "case", "case_text", "sensitive", "key", "skill", "critical",
    #: "options": [{"id", "text", "feedback", "citation"}]}].
    #: It never leaves the server before the answer is in.
    snapshot: Mapped[list[Any]] = keeping()

    __table_args__ = (UniqueConstraint("assignment_id", "no"),)


class Answer(Row, db.Model):
    """What was chosen; once."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = refers("attempt.id", index=False)
    #: Place of the question in the attempt, from 1.
    ordinal: Mapped[int] = keeping()
    item_ref: Mapped[str] = keeping(String(64))
    chosen: Mapped[list[Any]] = outcome()
    right: Mapped[bool] = outcome()
    ms: Mapped[int | None] = keeping()
    answered_at: Mapped[datetime] = keeping()

    __table_args__ = (UniqueConstraint("attempt_id", "ordinal"),)


class AttemptScore(Row, db.Model):
    """The score of an attempt; a voided item makes the next one."""

    __tablename__ = "attempt_score"

    attempt_id: Mapped[int] = refers("attempt.id", index=False)
    no: Mapped[int] = keeping(default=1)
    right: Mapped[int] = outcome()
    of: Mapped[int] = outcome()
    by_key: Mapped[dict[str, Any]] = outcome()
    passed: Mapped[bool] = outcome()
    because: Mapped[str] = outcome()

    __table_args__ = (UniqueConstraint("attempt_id", "no"),)


class BlockRead(Row, db.Model):
    """A lesson block that a person has read."""

    __tablename__ = "block_read"

    assignment_id: Mapped[int] = refers("assignment.id", index=False)
    block_id: Mapped[int] = refers("lesson_block.id", index=False)

    __table_args__ = (UniqueConstraint("assignment_id", "block_id"),)


class Mastery(Row, db.Model):
    """How far a person is with a skill."""

    __tablename__ = "mastery"

    person_id: Mapped[int] = refers("person.id", "person", index=False)
    skill_key_id: Mapped[int] = refers("skill_key.id")
    policy_version: Mapped[str] = keeping(String(300))
    state: Mapped[str] = words("state", "none", "provisional", "retained", "needs_recheck", "retired", kind="outcome")
    #: Checks passed on the way to "retained"; a miss goes back one.
    step: Mapped[int] = keeping(default=0)
    next_check_on: Mapped[date | None] = keeping(index=True)
    #: Checks missed since the quiz was passed; the second ends the ladder until a person has looked.
    misses: Mapped[int] = outcome(default=0)
    #: Right answers on cases that the person had not seen before.
    cases_right: Mapped[int] = outcome(default=0)
    #: Since when the section is to be read again.
    reopened_at: Mapped[datetime | None] = keeping()

    __table_args__ = (UniqueConstraint("person_id", "skill_key_id"),)


class MasteryEvent(Row, db.Model):
    """A move of a person's mastery, and why."""

    __tablename__ = "mastery_event"

    mastery_id: Mapped[int] = refers("mastery.id")
    from_state: Mapped[str] = outcome(String(24))
    to_state: Mapped[str] = outcome(String(24))
    because: Mapped[str] = outcome(String(300))
    at: Mapped[datetime] = keeping()


class Certificate(Row, db.Model):
    """That somebody passed a module's version, and until when that holds."""

    __tablename__ = "certificate"

    public_id: Mapped[str] = public_id()
    assignment_id: Mapped[int] = refers("assignment.id", unique=True, index=False)
    person_id: Mapped[int] = refers("person.id", "person")
    module_version_id: Mapped[int] = refers("module_version.id", index=False)
    #: [{"slug", "version", "title"}] of the policies that it is about.
    policies: Mapped[list[Any]] = keeping()
    issued_on: Mapped[date] = keeping()
    expires_on: Mapped[date] = keeping()
    #: When a section that it is about changed in substance, and what. Empty again once what changed was answered.
    ended_on: Mapped[date | None] = keeping()
    ended_because: Mapped[str] = keeping(String(300), default="", server_default="")


class CoachingNote(Row, db.Model):
    """What a lead and an agent talked over and agreed; seen by the two alone."""

    __tablename__ = "coaching_note"

    public_id: Mapped[str] = public_id()
    lead_id: Mapped[int] = refers("person.id", "person")
    agent_id: Mapped[int] = refers("person.id", "person")
    text: Mapped[str] = outcome()
    #: What the two agreed to do, if anything.
    agreed: Mapped[str] = outcome(default="")
    #: The training or the alert that it came from.
    origin_kind: Mapped[str | None] = words("origin_kind", "assignment", "signal", nullable=True)
    origin_ref: Mapped[str | None] = keeping(String(64))
    #: The day on which the two look at it again.
    check_on: Mapped[date | None] = keeping(index=True)
    #: When the agent said that it was so.
    confirmed_at: Mapped[datetime | None] = keeping()


class Effect(Row, db.Model):
    """The measured change after training."""

    __tablename__ = "effect"

    assignment_id: Mapped[int | None] = refers("assignment.id", nullable=True)
    module_id: Mapped[int | None] = refers("module.id", nullable=True)
    #: What it is the figure of: figures of the same follow each other.
    ref: Mapped[str | None] = keeping(nullable=True)
    arm: Mapped[str | None] = keeping(String(24))
    windows: Mapped[dict[str, Any]] = keeping()
    n_pre: Mapped[int] = outcome()
    n_post: Mapped[int] = outcome()
    pre: Mapped[float | None] = outcome()
    shrunken_pre: Mapped[float | None] = outcome()
    post: Mapped[float | None] = outcome()
    change: Mapped[float | None] = outcome()
    expected_by_chance: Mapped[float | None] = outcome()
    low: Mapped[float | None] = outcome()
    high: Mapped[float | None] = outcome()
    kind: Mapped[str] = words("kind", "change", "effect")
    note: Mapped[str] = keeping(default="")
    #: Hash of what it was computed from: the same figures make no second row.
    input_hash: Mapped[str] = keeping(String(64), unique=True)
