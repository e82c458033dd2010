"""Imported cases and what came with them. They never change: what happened later is a new row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core import clock
from qa.core.columns import evidence, keeping, one_where, outcome, public_id, refers, words
from qa.core.db import Row, db


class Mapping(Row, db.Model):
    """A named way to read a kind of file."""

    __tablename__ = "mapping"

    name: Mapped[str] = keeping(String(100), unique=True)


class MappingColumn(Row, db.Model):
    """How one column of theirs is called and classed with us; without a class it is withheld."""

    __tablename__ = "mapping_column"

    mapping_id: Mapped[int] = refers("mapping.id", index=False)
    theirs: Mapped[str] = keeping(String(200))
    ours: Mapped[str | None] = keeping(String(100))
    kind: Mapped[str | None] = words("kind", "evidence", "outcome", "person", "bookkeeping", "drop", nullable=True)

    __table_args__ = (UniqueConstraint("mapping_id", "theirs"),)


class MappingValue(Row, db.Model):
    """What a word in a column of somebody's file stands for with us, or how moments are written there."""

    __tablename__ = "mapping_value"

    mapping_id: Mapped[int] = refers("mapping.id", index=False)
    #: Our name of the column.
    field: Mapped[str] = keeping(String(100))
    #: Their word; empty: a cell without any.
    theirs: Mapped[str] = keeping(String(300))
    ours: Mapped[str] = keeping(String(400))
    #: Whether `ours` is a way of writing moments, and not a word.
    is_writing: Mapped[bool] = keeping()

    __table_args__ = (UniqueConstraint("mapping_id", "field", "theirs", "is_writing"),)


class Sheet(Row, db.Model):
    """A file that was handed in and is being understood: it lies aside until it was taken in or put away."""

    __tablename__ = "sheet"

    public_id: Mapped[str] = public_id()
    #: What the file is called where it lies; the zip beside it likewise.
    token: Mapped[str] = keeping(String(64))
    beside: Mapped[str | None] = keeping(String(64))
    file_name: Mapped[str] = keeping(String(300))
    kind: Mapped[str] = words("kind", "cases", "events")
    source: Mapped[str] = keeping(String(100))
    #: What its choices are kept under; none were made before there is one.
    mapping_name: Mapped[str | None] = keeping(String(100))
    #: The job that last read it, or reads it.
    job_id: Mapped[int | None] = refers("job.id", nullable=True, index=False)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: When its file was let go.
    ended_at: Mapped[datetime | None] = keeping(index=True)


class ImportRun(Row, db.Model):
    """One file's way in. Its state is the one row that makes its cases visible."""

    __tablename__ = "import_run"

    public_id: Mapped[str] = public_id()
    #: "cases", or "events": what happened to cases later, which come all at once.
    kind: Mapped[str] = keeping(String(24), default="cases", server_default="cases")
    source: Mapped[str] = keeping(String(100))
    file_name: Mapped[str] = keeping(String(300))
    file_sha256: Mapped[str] = keeping(String(64))
    #: Hash of the mapping and the options that it was read with.
    mapping_hash: Mapped[str] = keeping(String(64))
    number_key_id: Mapped[int | None] = refers("number_key.id", nullable=True)
    state: Mapped[str] = words(
        "state", "loading", "checked", "published", "refused", "removed", "withdrawn", index=True
    )
    #: Rows of the file that are stored already: where a killed import goes on.
    next_offset: Mapped[int] = keeping(default=0)
    read: Mapped[int] = keeping(default=0)
    added: Mapped[int] = keeping(default=0)
    unchanged: Mapped[int] = keeping(default=0)
    changed: Mapped[int] = keeping(default=0)
    refused: Mapped[int] = keeping(default=0)
    #: Rows of cases that were erased, of which nothing is taken.
    skipped: Mapped[int] = keeping(default=0)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    published_at: Mapped[datetime | None] = keeping(index=True)
    latest_closed_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        one_where(
            "uq_import_run_unended",
            "source",
            "file_sha256",
            "mapping_hash",
            where="state IN ('loading', 'checked')",
        ),
    )


class ImportReject(Row, db.Model):
    """A row that was refused, and why."""

    __tablename__ = "import_reject"

    run_id: Mapped[int] = refers("import_run.id")
    line: Mapped[int] = keeping()
    field: Mapped[str | None] = keeping(String(100))
    value_start: Mapped[str | None] = evidence(String(100))
    expected: Mapped[str] = keeping(String(500))


class ClosedCase(Row, db.Model):
    """A case with its decision, as it was imported."""

    __tablename__ = "closed_case"

    #: Made and looked up by `qa.case_addresses`, which needs no index of it.
    public_id: Mapped[str] = keeping(String(32))
    source: Mapped[str] = keeping(String(100))
    external_id: Mapped[str] = keeping(String(200))
    no: Mapped[int] = keeping(default=1)
    run_id: Mapped[int] = refers("import_run.id")
    agent_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    agent_team_id: Mapped[int | None] = refers("team.id", "person", nullable=True, index=False)
    #: `qa.draws.former_agents`: who decided, once figures lost the person, and since when they have.
    former_agent: Mapped[str | None] = keeping(String(32))
    agent_lost_at: Mapped[datetime | None] = keeping()
    decided_by: Mapped[str] = words("decided_by", "person", "rule", "model", kind="outcome")
    workflow: Mapped[str] = keeping(String(64))
    queue: Mapped[str | None] = outcome(String(200))
    locale: Mapped[str | None] = keeping(String(35))
    severity: Mapped[str | None] = words("severity", "low", "medium", "high", "critical", kind="outcome", nullable=True)
    opened_at: Mapped[datetime | None] = keeping()
    first_response_at: Mapped[datetime | None] = keeping()
    due_at: Mapped[datetime | None] = keeping()
    closed_at: Mapped[datetime] = keeping()
    #: Section of the version in force at `closed_at`; None with `decided_key` "none" for no violation.
    decided_section_id: Mapped[int | None] = refers("section.id", "outcome", nullable=True, index=False)
    decided_key: Mapped[str] = outcome(String(400))
    action: Mapped[str] = outcome(String(64))
    reported_key: Mapped[str | None] = evidence(String(400))
    #: The policy in play, fixed at import; never looks at the truth.
    play_key: Mapped[str] = keeping(String(400))
    confidence: Mapped[str | None] = words("confidence", "low", "medium", "high", kind="outcome", nullable=True)
    handle_seconds: Mapped[int | None] = outcome()
    handled_by: Mapped[list[Any] | None] = outcome(nullable=True)
    sensitivity: Mapped[list[Any] | None] = evidence(nullable=True)
    #: Columns classed as evidence: {name: value}.
    evidence: Mapped[dict[str, Any]] = evidence()
    #: Everything else that came: never part of a blind task.
    withheld: Mapped[dict[str, Any]] = outcome()
    content_hash: Mapped[str] = keeping(String(64))
    #: Permanent random number under the key of the period in which the import began.
    number: Mapped[int] = keeping(BigInteger)
    replaced_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        # Each row stands in one of the two: a case has one current row, and one earlier (or waiting) row of a number.
        one_where("uq_closed_case_current", "source", "external_id", where="replaced_at IS NULL"),
        one_where("uq_closed_case_earlier", "source", "external_id", "no", where="replaced_at IS NOT NULL"),
        Index("ix_closed_case_agent_closed", "agent_id", "closed_at"),
    )


class CaseText(db.Model):
    """The only home of a case's long text, so that a purge is one table; its rows go by their case's number."""

    __tablename__ = "case_text"

    case_id: Mapped[int] = refers("closed_case.id", primary_key=True, autoincrement=False, index=False)
    created_at: Mapped[datetime] = keeping(default=clock.now)
    text: Mapped[str | None] = evidence()
    language: Mapped[str | None] = evidence(String(35))
    translation: Mapped[str | None] = evidence()
    purged_at: Mapped[datetime | None] = keeping()
    #: When it was looked through for what could tell its outcome; from then on its masks are the rows of `mask`.
    scanned_at: Mapped[datetime | None] = keeping()


class Message(Row, db.Model):
    """One message of a case's thread."""

    __tablename__ = "message"

    case_id: Mapped[int] = refers("closed_case.id", index=False)
    ordinal: Mapped[int] = keeping()
    at: Mapped[datetime | None] = evidence()
    author_role: Mapped[str] = words("author_role", "reporter", "subject", "agent", "system", kind="evidence")
    text: Mapped[str] = evidence()
    language: Mapped[str | None] = evidence(String(35))
    translation: Mapped[str | None] = evidence()
    #: Written by the agent or the system, or after the decision: not shown before the commit.
    withheld: Mapped[bool] = keeping()

    __table_args__ = (UniqueConstraint("case_id", "ordinal"),)


class CaseEvent(Row, db.Model):
    """What happened to a case after it was closed."""

    __tablename__ = "case_event"

    case_id: Mapped[int] = refers("closed_case.id", index=False)
    at: Mapped[datetime] = outcome()
    kind: Mapped[str] = words(
        "kind",
        "reopened",
        "appealed_upheld",
        "appealed_overturned",
        "corrected",
        "bulk_action",
        kind="outcome",
    )
    detail: Mapped[dict[str, Any]] = outcome()
    detail_hash: Mapped[str] = keeping(String(64))
    run_id: Mapped[int | None] = refers("import_run.id", nullable=True)

    __table_args__ = (UniqueConstraint("case_id", "at", "kind", "detail_hash"),)


class Touch(Row, db.Model):
    """Somebody had to do with a case, and is therefore never given it."""

    __tablename__ = "touch"

    case_id: Mapped[int] = refers("closed_case.id", index=False)
    #: None once figures lost the person, where draws go on asking whether the case was used.
    person_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    how: Mapped[str] = words(
        "how",
        "decided",
        "handled",
        "graded",
        "voted",
        "adjudicated",
        "disputed",
        "opened",
        "wrote_item",
        kind="outcome",
    )

    __table_args__ = (UniqueConstraint("case_id", "person_id", "how"),)


class NumberKey(Row, db.Model):
    """The secret of a period's random numbers: promised by its hash, told when the period has ended."""

    __tablename__ = "number_key"

    period: Mapped[str] = keeping(String(20), unique=True)
    key: Mapped[str] = keeping(String(64))
    sha256: Mapped[str] = keeping(String(64))
    published_at: Mapped[datetime] = keeping()
    ends_at: Mapped[datetime] = keeping()
    revealed_at: Mapped[datetime | None] = keeping()


class AddressKey(Row, db.Model):
    """The installation's secret under which the addresses of cases hide their numbers: one row, numbered 1."""

    __tablename__ = "address_key"

    key: Mapped[str] = keeping(String(64))
