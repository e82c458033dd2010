"""Policies, their dated versions, the sections of each, and what a workflow asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from qa.core.columns import keeping, personal, public_id, refers, words
from qa.core.db import Row, db


class Policy(Row, db.Model):
    """A Markdown document with dated states."""

    __tablename__ = "policy"

    public_id: Mapped[str] = public_id()
    slug: Mapped[str] = keeping(String(200), unique=True)
    title: Mapped[str] = keeping(String(300))
    owner_id: Mapped[int | None] = refers("person.id", nullable=True)
    audience: Mapped[str] = words("audience", "internal", "external")
    #: 0: the document is one policy in play; 1: each top section is one.
    split_depth: Mapped[int] = keeping(default=0)
    #: A stand-in made by an import, to be filled or merged.
    stub: Mapped[bool] = keeping(default=False)
    invented: Mapped[bool] = keeping(default=False)


class PolicyVersion(Row, db.Model):
    """One dated state of a policy. Which one is in force on a day is a query, never stored."""

    __tablename__ = "policy_version"

    public_id: Mapped[str] = public_id()
    policy_id: Mapped[int] = refers("policy.id")
    number: Mapped[str] = keeping(String(60))
    markdown: Mapped[str] = keeping()
    sha256: Mapped[str] = keeping(String(64))
    #: Rendered once, through the one sanitiser.
    html: Mapped[str] = keeping()
    front: Mapped[dict[str, Any]] = keeping(default=dict)
    #: None: since ever.
    effective_from: Mapped[date | None] = keeping()
    state: Mapped[str] = words("state", "draft", "reviewed", "published", "withdrawn")
    policy: Mapped[Policy] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("policy_id", "number"),
        UniqueConstraint("policy_id", "effective_from"),
    )


class Section(Row, db.Model):
    """One heading's text in one version; `key` is stable over the versions."""

    __tablename__ = "section"

    version_id: Mapped[int] = refers("policy_version.id", index=False)
    #: "<policy slug>/<section slug>", or the policy's slug alone for the text before any heading.
    key: Mapped[str] = keeping(String(400), index=True)
    path: Mapped[list[Any]] = keeping()
    parent_key: Mapped[str | None] = keeping(String(400))
    title: Mapped[str] = keeping(String(500))
    level: Mapped[int] = keeping()
    ordinal: Mapped[int] = keeping()
    line_from: Mapped[int] = keeping()
    line_to: Mapped[int] = keeping()
    text_hash: Mapped[str] = keeping(String(64))
    harm: Mapped[int | None] = keeping()
    version: Mapped[PolicyVersion] = relationship(lazy="raise_on_sql")

    __table_args__ = (UniqueConstraint("version_id", "key"),)


class Workflow(Row, db.Model):
    """A kind of case with its decision form. Versions append: a task pins the one it was made with."""

    __tablename__ = "workflow"

    key: Mapped[str] = keeping(String(64))
    version: Mapped[int] = keeping(default=1)
    label: Mapped[str] = keeping(String(200))
    #: {"verdicts": [{"key", "label", "help"}], "fields": [{"name", "label", "kind", "options", "required"}]}
    form: Mapped[dict[str, Any]] = keeping()
    #: Levels on which a look settles: a subset of verdict, policy, action.
    settle_levels: Mapped[list[Any]] = keeping()

    __table_args__ = (UniqueConstraint("key", "version"),)


class Action(Row, db.Model):
    """What can be done about a case in a workflow."""

    __tablename__ = "action"

    workflow: Mapped[str] = keeping(String(64))
    key: Mapped[str] = keeping(String(64))
    label: Mapped[str] = keeping(String(200))
    means: Mapped[str] = words("means", "violates", "no_violation", "either")
    rank: Mapped[int] = keeping(default=0)

    __table_args__ = (UniqueConstraint("workflow", "key"),)


class Reason(Row, db.Model):
    """A choice in a list of reasons."""

    __tablename__ = "reason"

    kind: Mapped[str] = words("kind", "skip", "root_cause", "dispute", "dismiss")
    key: Mapped[str] = keeping(String(64))
    label: Mapped[str] = keeping(String(200))
    active: Mapped[bool] = keeping(default=True)

    __table_args__ = (UniqueConstraint("kind", "key"),)


class PolicyQuestion(Row, db.Model):
    """A clause that people misread, as a question to its owner instead of training for everybody."""

    __tablename__ = "policy_question"

    public_id: Mapped[str] = public_id()
    section_key: Mapped[str] = keeping(String(400), index=True)
    version_id: Mapped[int | None] = refers("policy_version.id", nullable=True)
    kind: Mapped[str] = words("kind", "policy", "process")
    #: Of a process question: where the work goes wrong.
    about: Mapped[str | None] = words("about", "tool", "step", "translation", nullable=True)
    origin_kind: Mapped[str] = keeping(String(64))
    origin_ref: Mapped[str] = keeping(String(200))
    owner_id: Mapped[int | None] = refers("person.id", nullable=True)
    evidence: Mapped[dict[str, Any]] = keeping()
    text: Mapped[str] = keeping(default="")
    answer: Mapped[str | None] = keeping()
    state: Mapped[str] = words("state", "open", "with_owner", "answered", "closed")
    answered_at: Mapped[datetime | None] = keeping()
    closed_at: Mapped[datetime | None] = keeping()
    #: Who asked; None: a scan did. They are told of the answer.
    asked_by_id: Mapped[int | None] = refers("person.id", "person", nullable=True, index=False)
    #: The question as everybody may read it. `text` is for those who answer: it may speak of somebody's cases.
    wording: Mapped[str] = keeping(default="")
    #: The version that the answer led to.
    led_to_id: Mapped[int | None] = refers("policy_version.id", nullable=True, index=False)
    #: What else it led to, which an upper room keeps: where it is read, and its title of that day.
    led_to_url: Mapped[str | None] = keeping(String(300))
    led_to_title: Mapped[str | None] = keeping(String(200))

    __table_args__ = (UniqueConstraint("origin_kind", "origin_ref", "section_key"),)


class QuestionVoice(Row, db.Model):
    """Somebody who asked about a clause, in their own words; several may ask what is one question."""

    __tablename__ = "question_voice"

    question_id: Mapped[int] = refers("policy_question.id")
    #: Empty once figures lose people.
    person_id: Mapped[int | None] = refers("person.id", "person", nullable=True)
    text: Mapped[str] = personal(default="")
    #: Beside what it was asked: an own result, an own reveal, a quiz question, or nothing.
    origin_kind: Mapped[str] = words("voice_origin", "hand", "result", "reveal", "item")
    #: The address of that result or case to grade.
    origin_ref: Mapped[str] = keeping(String(200), default="")
