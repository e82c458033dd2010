"""Settlement, truth, findings, disputes and the roll-ups that are kept with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db


class Settlement(db.Model):
    """How far a drawn case is: one row for all draws that hold it."""

    __tablename__ = "settlement"

    case_id: Mapped[int] = refers("closed_case.id", primary_key=True, index=False, autoincrement=False)
    state: Mapped[str] = words(
        "state", "open", "difference", "adjudication", "settled", "ungradable", "unreached", index=True
    )
    looks_planned: Mapped[int] = keeping()
    looks_in: Mapped[int] = keeping(default=0)
    reason: Mapped[str | None] = keeping(String(200))
    #: What finds nobody goes to "Needs a person".
    needs_person: Mapped[bool] = keeping(default=False)
    #: Asked for by what has changed since.
    changed_at: Mapped[datetime] = keeping(index=True)
    created_at: Mapped[datetime] = keeping()

    __table_args__ = (
        Index(
            "ix_settlement_needs_person",
            "case_id",
            sqlite_where=text("needs_person = 1"),
            postgresql_where=text("needs_person"),
        ),
    )


class Truth(Row, db.Model):
    """The decision that stands."""

    __tablename__ = "truth"

    case_id: Mapped[int] = refers("closed_case.id", index=False)
    no: Mapped[int] = keeping(default=1)
    verdict: Mapped[str] = words("verdict", "violates", "no_violation", kind="outcome")
    section_id: Mapped[int | None] = refers("section.id", "outcome", nullable=True, index=False)
    section_key: Mapped[str] = outcome(String(400), default="none")
    #: None where the workflow does not settle actions.
    action: Mapped[str | None] = outcome(String(64))
    basis: Mapped[str] = words(
        "basis",
        "agreed",
        "majority",
        "adjudicated",
        "both_defensible",
        "dispute",
        "audit",
        "not_blind",
        kind="outcome",
    )
    settled_at: Mapped[datetime] = keeping(index=True)
    replaced_at: Mapped[datetime | None] = keeping()
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    #: Whether the case's decision matches, level by level; None where the level is not settled.
    right_verdict: Mapped[bool] = outcome()
    right_policy: Mapped[bool | None] = outcome()
    right_action: Mapped[bool | None] = outcome()

    __table_args__ = (
        UniqueConstraint("case_id", "no"),
        one_where("uq_truth_current", "case_id", where="replaced_at IS NULL"),
        Index(
            "ix_truth_replaced_at",
            "replaced_at",
            sqlite_where=text("replaced_at IS NOT NULL"),
            postgresql_where=text("replaced_at IS NOT NULL"),
        ),
    )


class Finding(Row, db.Model):
    """The settled outcome, as the agent gets it."""

    __tablename__ = "finding"

    public_id: Mapped[str] = public_id()
    case_id: Mapped[int] = refers("closed_case.id")
    truth_id: Mapped[int] = refers("truth.id", unique=True, index=False)
    agent_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    kind: Mapped[str] = words("kind", "correct", "false_positive", "false_negative", "wrong_selection", kind="outcome")
    process_slip: Mapped[str | None] = outcome(String(200))
    root_cause: Mapped[str | None] = outcome(String(64))
    harm: Mapped[int | None] = outcome()
    feedback: Mapped[str] = outcome(default="")
    #: Whose look settled it, and so writes cause and feedback.
    settler_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    explained_at: Mapped[datetime | None] = keeping()
    state: Mapped[str] = words("state", "held", "published", "acknowledged", "disputed", "replaced", index=True)
    publish_at: Mapped[datetime] = keeping()
    published_at: Mapped[datetime | None] = keeping()
    acknowledged_at: Mapped[datetime | None] = keeping()
    #: Until when it can be disputed; set when it is published.
    dispute_until: Mapped[datetime | None] = keeping()
    replaces_id: Mapped[int | None] = refers("finding.id", nullable=True, index=False)
    #: With what chance an undisputed result was looked at once more; empty: not considered yet.
    audit_chance: Mapped[float | None] = keeping()
    #: That further look, where the chance hit.
    audit_task_id: Mapped[int | None] = refers("task.id", nullable=True, index=False)


class Dispute(Row, db.Model):
    """The agent contests a finding."""

    __tablename__ = "dispute"

    public_id: Mapped[str] = public_id()
    finding_id: Mapped[int] = refers("finding.id", index=False)
    step: Mapped[int] = keeping(default=1)
    kind: Mapped[str] = outcome(String(64))
    proposed_verdict: Mapped[str | None] = outcome(String(24))
    proposed_section_key: Mapped[str | None] = outcome(String(400))
    proposed_action: Mapped[str | None] = outcome(String(64))
    text: Mapped[str] = outcome()
    state: Mapped[str] = words("state", "open", "blind_look", "argument_read", "decided", "withdrawn")
    task_id: Mapped[int | None] = refers("task.id", nullable=True)
    due_at: Mapped[datetime] = keeping()
    #: When it went a step up, because it was not decided in time.
    climbed_at: Mapped[datetime | None] = keeping()
    result: Mapped[str | None] = words("result", "upheld", "partly", "overturned", kind="outcome", nullable=True)
    reason: Mapped[str] = outcome(default="")
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    decided_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        UniqueConstraint("finding_id", "step"),
        one_where("uq_dispute_open", "finding_id", where="state IN ('open', 'blind_look', 'argument_read')"),
    )


class Challenge(Row, db.Model):
    """A grader asks for an adjudication to be heard again; once a case."""

    __tablename__ = "challenge"

    public_id: Mapped[str] = public_id()
    case_id: Mapped[int] = refers("closed_case.id", unique=True, index=False)
    #: The ruling that is challenged.
    truth_id: Mapped[int] = refers("truth.id", index=False)
    by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    text: Mapped[str] = outcome()
    #: "lapsed": the agent's dispute took its place.
    state: Mapped[str] = words("state", "blind_look", "argument_read", "upheld", "reopened", "lapsed")
    task_id: Mapped[int | None] = refers("task.id", nullable=True)
    decider_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    reason: Mapped[str] = outcome(default="")
    decided_at: Mapped[datetime | None] = keeping()


class TallyWord(db.Model):
    """A word that roll-ups hold as its number: a section, a tier, a language, a workflow, a severity."""

    __tablename__ = "tally_word"

    id: Mapped[int] = keeping(primary_key=True, autoincrement=True)
    word: Mapped[str] = keeping(String(400), unique=True)


class TallyPart(db.Model):
    """Some hundred drawn cases of one draw, packed by `qa.tallies`: what a figure asks of them, not what came out.

    A person's inside number stands in it without a foreign key, so that figures can lose the person.
    """

    __tablename__ = "tally_part"

    id: Mapped[int] = keeping(primary_key=True, autoincrement=True)
    draw_id: Mapped[int] = refers("draw.id")
    #: Closing of the first and of the last of its cases, in seconds since 1970.
    first_closed: Mapped[int] = keeping()
    last_closed: Mapped[int] = keeping()
    #: Inside numbers of the cases, ascending, each 8 bytes.
    cases: Mapped[bytes] = keeping(LargeBinary)
    #: `qa.tallies.tallies.RECORD` by case, in the same order.
    records: Mapped[bytes] = outcome(LargeBinary)


class TallyState(db.Model):
    """What came out of the cases of one part: a byte for each, changed in the transaction that settles the case."""

    __tablename__ = "tally_state"

    part_id: Mapped[int] = refers("tally_part.id", primary_key=True, index=False, autoincrement=False)
    draw_id: Mapped[int] = refers("draw.id")
    #: Begins at random and grows with every change of the part, so that two equal sums mean an equal content.
    changes: Mapped[int] = keeping()
    states: Mapped[bytes] = outcome(LargeBinary)


class VotePart(db.Model):
    """Some hundred committed looks planned at random, packed by `grading.votes` in the order of their commit."""

    __tablename__ = "vote_part"

    id: Mapped[int] = keeping(primary_key=True, autoincrement=True)
    votes: Mapped[int] = keeping()
    #: Closing of the first and of the last of their cases, in seconds since 1970.
    first_closed: Mapped[int] = keeping()
    last_closed: Mapped[int] = keeping()
    #: `qa.grading.votes.RECORD` by vote.
    records: Mapped[bytes] = outcome(LargeBinary)
