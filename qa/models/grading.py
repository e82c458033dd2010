"""Blind tasks, grades and batches."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from qa.core.columns import evidence, keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db

VERDICTS = ("violates", "no_violation", "cannot_tell")


class Task(Row, db.Model):
    """One grader's blind look at one case."""

    __tablename__ = "task"

    public_id: Mapped[str] = public_id()
    #: What people call it; random, tells nothing.
    code: Mapped[str] = keeping(String(16), unique=True)
    case_id: Mapped[int] = refers("closed_case.id")
    round: Mapped[int] = keeping(default=1)
    #: Empty while it waits for whoever comes; a task may also wait for one named person.
    person_id: Mapped[int | None] = refers("person.id", nullable=True)
    reserved: Mapped[bool] = keeping(default=False)
    #: A skill that whoever takes it must have ("adjudicate", "decide_dispute").
    needs_skill: Mapped[str | None] = keeping(String(40))
    #: The form that it was made with.
    workflow_id: Mapped[int] = refers("workflow.id")
    state: Mapped[str] = words("state", "waiting", "held", "graded", "committed", "revealed", "done", "skipped", "void")
    #: Random; each person reads on from an own random start.
    queue_number: Mapped[int] = keeping(BigInteger)
    release_at: Mapped[datetime] = keeping()
    held_at: Mapped[datetime | None] = keeping()
    lease_until: Mapped[datetime | None] = keeping()
    lease_token: Mapped[str | None] = keeping(String(32))
    reveal_after: Mapped[datetime | None] = keeping()

    __table_args__ = (
        UniqueConstraint("case_id", "person_id", "round"),
        Index("ix_task_queue", "state", "queue_number"),
        Index("ix_task_person_state", "person_id", "state"),
    )


class TaskPurpose(db.Model):
    """Why a task exists. Read by settlement and reports only, never by what a grader is shown."""

    __tablename__ = "task_purpose"

    task_id: Mapped[int] = refers("task.id", primary_key=True, index=False)
    purpose: Mapped[str] = words(
        "purpose",
        "first",
        "overlap",
        "second",
        "adjudication",
        "dispute",
        "audit",
        "gold",
        "repeat",
        "calibration",
        "practice",
    )
    origin: Mapped[str | None] = keeping(String(200))
    created_at: Mapped[datetime] = keeping()


class CaseHarm(db.Model):
    """A kind of harm that a case with tasks holds, as its import said: where the queue can ask for it."""

    __tablename__ = "case_harm"

    case_id: Mapped[int] = refers("closed_case.id", primary_key=True, index=False, autoincrement=False)
    harm_class: Mapped[str] = evidence(String(100), primary_key=True)


class Exposure(db.Model):
    """How many cases of one kind of harm were shown to a person on a day. Nobody else is shown it."""

    __tablename__ = "exposure"

    person_id: Mapped[int] = refers("person.id", "person", primary_key=True, index=False, autoincrement=False)
    shown_on: Mapped[date] = keeping(primary_key=True)
    harm_class: Mapped[str] = keeping(String(100), primary_key=True)
    shown: Mapped[int] = keeping()


class MixedIn(db.Model):
    """A day on which the daily release has put in what upper rooms mix into the queues."""

    __tablename__ = "mixed_in"

    mixed_on: Mapped[date] = keeping(primary_key=True)
    tasks: Mapped[int] = keeping()


class Skip(Row, db.Model):
    """A person passed a task on."""

    __tablename__ = "skip"

    task_id: Mapped[int] = refers("task.id")
    person_id: Mapped[int] = refers("person.id", "person")
    reason: Mapped[str] = keeping(String(64))
    at: Mapped[datetime] = keeping()


class Batch(Row, db.Model):
    """A sitting's grades; until it closes each can be taken back."""

    __tablename__ = "batch"

    public_id: Mapped[str] = public_id()
    person_id: Mapped[int] = refers("person.id", "person")
    state: Mapped[str] = words("state", "open", "closed")
    opened_at: Mapped[datetime] = keeping()
    last_at: Mapped[datetime] = keeping()
    closed_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_batch_open", "person_id", where="state = 'open'"),)


class Grade(Row, db.Model):
    """What came of a task. A grade that was taken back stays, the next one gets the next number."""

    __tablename__ = "grade"

    public_id: Mapped[str] = public_id()
    task_id: Mapped[int] = refers("task.id", index=False)
    no: Mapped[int] = keeping(default=1)
    batch_id: Mapped[int] = refers("batch.id")
    person_id: Mapped[int] = refers("person.id", "person")
    verdict: Mapped[str] = words("verdict", *VERDICTS, kind="outcome")
    section_id: Mapped[int | None] = refers("section.id", "outcome", nullable=True, index=False)
    #: Full key, or "none" for no violation.
    section_key: Mapped[str] = outcome(String(400), default="none")
    action: Mapped[str | None] = outcome(String(64))
    answers: Mapped[dict[str, Any]] = outcome(default=dict)
    confidence: Mapped[str] = words("confidence", "low", "medium", "high", kind="outcome")
    note: Mapped[str] = outcome(default="")
    translated: Mapped[bool] = keeping(default=False)
    seconds_shown: Mapped[int | None] = keeping()
    graded_at: Mapped[datetime] = keeping()
    taken_back_at: Mapped[datetime | None] = keeping()
    committed_at: Mapped[datetime | None] = keeping()
    hash: Mapped[str | None] = keeping(String(64))
    task: Mapped[Task] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("task_id", "no"),
        one_where("uq_grade_committed", "task_id", where="committed_at IS NOT NULL"),
        one_where("uq_grade_standing", "task_id", where="taken_back_at IS NULL"),
    )


class Adjudication(Row, db.Model):
    """The look of somebody who was not in it, where three answers differ; of a panel one row a member."""

    __tablename__ = "adjudication"

    public_id: Mapped[str] = public_id()
    case_id: Mapped[int] = refers("closed_case.id")
    task_id: Mapped[int] = refers("task.id", unique=True, index=False)
    person_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    #: The answers in the order shown, and whose is whose (never shown).
    shown: Mapped[list[Any] | None] = outcome(nullable=True)
    #: "own", "shown:<index>" or "both_defensible".
    ruling: Mapped[str | None] = outcome(String(32))
    reason: Mapped[str] = outcome(default="")
    #: "void": two others of the panel ruled the same before this one did.
    state: Mapped[str] = words("state", "waiting", "blind", "committed", "ruled", "void")
    #: Which asking of the case it belongs to, and which of how many members of its panel.
    round: Mapped[int] = keeping(default=1)
    seat: Mapped[int] = keeping(default=1)
    seats: Mapped[int] = keeping(default=1)
    ruled_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        UniqueConstraint("case_id", "round", "seat"),
        one_where("uq_adjudication_open", "case_id", "seat", where="state NOT IN ('ruled', 'void')"),
    )
