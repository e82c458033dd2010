"""Modules: what is taught, with the clause behind every sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import evidence, keeping, outcome, public_id, refers, words
from qa.core.db import Row, db


class SkillKey(Row, db.Model):
    """What can be known or not known: a section, a pair, a boundary's side, an action, a procedure."""

    __tablename__ = "skill_key"

    kind: Mapped[str] = words("kind", "section", "pair", "boundary", "action", "procedure")
    section_key_a: Mapped[str] = keeping(String(400))
    section_key_b: Mapped[str] = keeping(String(400), default="")
    side: Mapped[str] = keeping(String(24), default="")

    __table_args__ = (UniqueConstraint("kind", "section_key_a", "section_key_b", "side"),)


class SkillEvidence(Row, db.Model):
    """An error as evidence on a skill; it follows its finding."""

    __tablename__ = "skill_evidence"

    finding_id: Mapped[int] = refers("finding.id", index=False)
    skill_key_id: Mapped[int] = refers("skill_key.id")
    agent_id: Mapped[int] = refers("person.id", "person")
    weight: Mapped[float] = outcome()
    source: Mapped[str] = keeping(String(64), default="finding")
    closed_at: Mapped[datetime | None] = keeping()

    __table_args__ = (UniqueConstraint("finding_id", "skill_key_id"),)


class Module(Row, db.Model):
    """Lessons and items on some sections."""

    __tablename__ = "module"

    public_id: Mapped[str] = public_id()
    title: Mapped[str] = keeping(String(300))
    #: Hash of the sections, the contrast and the learner's evidence that it was made for.
    focus_hash: Mapped[str] = keeping(String(64), unique=True)
    focus: Mapped[dict[str, Any]] = keeping()
    owner_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    state: Mapped[str] = words("state", "draft", "approved", "live", "stale", "retired")


class ModuleVersion(Row, db.Model):
    """One build of a module from dated policy versions."""

    __tablename__ = "module_version"

    public_id: Mapped[str] = public_id()
    module_id: Mapped[int] = refers("module.id", index=False)
    no: Mapped[int] = keeping()
    seed: Mapped[int] = keeping()
    builder: Mapped[str] = keeping(String(64))
    policy_versions: Mapped[list[Any]] = keeping()
    sha256: Mapped[str] = keeping(String(64))
    minutes: Mapped[int] = keeping()
    coverage: Mapped[list[Any]] = keeping()
    shortage: Mapped[str | None] = keeping()
    state: Mapped[str] = words("state", "draft", "approved", "live", "stale", "retired")

    __table_args__ = (UniqueConstraint("module_id", "no"),)


class LessonBlock(Row, db.Model):
    """A block of a lesson; what cannot cite is not here."""

    __tablename__ = "lesson_block"

    module_version_id: Mapped[int] = refers("module_version.id", index=False)
    lesson: Mapped[str] = keeping(String(64))
    lesson_title: Mapped[str] = keeping(String(300))
    ordinal: Mapped[int] = keeping()
    kind: Mapped[str] = words("kind", "quote", "contrast", "example", "ladder", "definition", "why")
    markdown: Mapped[str] = keeping()
    citation: Mapped[dict[str, Any]] = keeping()
    #: All clauses, where sections stand side by side.
    citations: Mapped[list[Any]] = keeping(default=list)
    unit_hash: Mapped[str | None] = keeping(String(64))
    #: The case that it shows, by its address.
    case_ref: Mapped[str | None] = keeping(String(32), index=True)
    #: The case's text stays covered until it is asked for.
    sensitive: Mapped[bool] = keeping(default=False)

    __table_args__ = (UniqueConstraint("module_version_id", "ordinal"),)


class Item(Row, db.Model):
    """One question."""

    __tablename__ = "item"

    public_id: Mapped[str] = public_id()
    module_version_id: Mapped[int] = refers("module_version.id", index=False)
    #: Its name inside the module's JSON.
    ref: Mapped[str] = keeping(String(64))
    kind: Mapped[str] = keeping(String(32))
    stem: Mapped[str] = keeping()
    #: [{"id", "text", "feedback", "citation"}]
    options: Mapped[list[Any]] = keeping()
    key: Mapped[list[Any]] = keeping()
    citation: Mapped[dict[str, Any]] = keeping()
    skill: Mapped[str] = keeping(String(900), default="")
    difficulty: Mapped[float | None] = keeping()
    checks: Mapped[dict[str, Any]] = keeping()
    unit_hash: Mapped[str | None] = keeping(String(64))
    case_ref: Mapped[str | None] = keeping(String(32), index=True)
    #: The words of that case as they stand in the stem.
    case_text: Mapped[str | None] = evidence()
    #: The case's text stays covered until it is asked for.
    sensitive: Mapped[bool] = keeping(default=False)
    #: A miss on it fails the form.
    critical: Mapped[bool] = keeping(default=False)
    #: generated, author (written by a person), or scenario (a case that a person wrote).
    origin: Mapped[str] = keeping(String(64), default="generated")
    state: Mapped[str] = words("state", "generated", "approved", "live", "suspended", "stale", "void")
    #: Who wrote it, where a person did.
    author_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    #: Why it is asked no more.
    reason: Mapped[str] = keeping(String(500), default="")

    __table_args__ = (UniqueConstraint("module_version_id", "ref"),)


class ItemFlag(Row, db.Model):
    """Somebody who answered a question says that something is wrong with it, and what came of that."""

    __tablename__ = "item_flag"

    public_id: Mapped[str] = public_id()
    item_id: Mapped[int] = refers("item.id")
    person_id: Mapped[int] = refers("person.id", "person", index=False)
    comment: Mapped[str] = evidence()
    answer: Mapped[str | None] = keeping(String(500))
    answered_by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    answered_at: Mapped[datetime | None] = keeping()

    __table_args__ = (UniqueConstraint("item_id", "person_id"),)


class QuizForm(Row, db.Model):
    """Which items stand in which sitting."""

    __tablename__ = "quiz_form"

    module_version_id: Mapped[int] = refers("module_version.id", index=False)
    purpose: Mapped[str] = words("purpose", "initial", "retake-1", "retake-2", "retention", "delta")
    #: Refs of items, in order.
    items: Mapped[list[Any]] = keeping()
    seed: Mapped[int] = keeping()

    __table_args__ = (UniqueConstraint("module_version_id", "purpose"),)
