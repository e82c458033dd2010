"""Policies at work: drafts, what owners rule and correct, links between clauses, translations, merged stand-ins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, public_id, refers, words
from qa.core.db import Row, db


class PolicyDraft(Row, db.Model):
    """A text on its way to a version (or to a translation of one). What is published stands elsewhere and stays."""

    __tablename__ = "policy_draft"

    public_id: Mapped[str] = public_id()
    slug: Mapped[str] = keeping(String(200), index=True)
    #: "" is the policy's own text; else the language of a translation.
    language: Mapped[str] = keeping(String(35), default="")
    file_name: Mapped[str] = keeping(String(200))
    kind: Mapped[str] = words("kind", "markdown", "html", "docx")
    #: Of what was handed in, before it was converted.
    source_sha256: Mapped[str] = keeping(String(64))
    #: [place, message] of what could not be read as it stood.
    oddities: Mapped[list[Any]] = keeping(default=list)
    markdown: Mapped[str] = keeping()
    #: Counts changes of the text, so that nobody writes over what they have not seen.
    revision: Mapped[int] = keeping(default=1)
    #: The revision of which `draft_sheet` holds what pages show of a long text; None: it is short, and read when shown.
    kept_revision: Mapped[int | None] = keeping()
    title: Mapped[str] = keeping(String(300))
    number: Mapped[str | None] = keeping(String(60))
    starts_on: Mapped[date | None] = keeping()
    audience: Mapped[str] = words("audience", "internal", "external")
    split_depth: Mapped[int] = keeping(default=0)
    #: Own section key -> the key that it bears, where the owner said which section it is.
    chosen_keys: Mapped[dict[str, Any]] = keeping(default=dict)
    #: "key|old text|new text" -> same or material.
    rulings: Mapped[dict[str, Any]] = keeping(default=dict)
    #: The version that it was compared with when it was reviewed.
    base_version_id: Mapped[int | None] = refers("policy_version.id", nullable=True, index=False)
    state: Mapped[str] = words("state", "draft", "reviewed", "published", "dropped")
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    reviewed_by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    reviewed_at: Mapped[datetime | None] = keeping()
    version_id: Mapped[int | None] = refers("policy_version.id", nullable=True, index=False)


class DraftSheet(Row, db.Model):
    """A page of what was read from a long draft, kept so that no page waits until all of it is read again."""

    __tablename__ = "draft_sheet"

    draft_id: Mapped[int] = refers("policy_draft.id", index=False)
    kind: Mapped[str] = words("kind", "told", "lines", "outline", "rules")
    #: Of the first row among all rows of the kind, from 0; and how many those are.
    first: Mapped[int] = keeping()
    total: Mapped[int] = keeping()
    rows: Mapped[list[Any]] = keeping()

    __table_args__ = (UniqueConstraint("draft_id", "kind", "first"),)


class DifferenceSheet(Row, db.Model):
    """A page of how a long draft stands to the version before it, kept as `draft_sheet` keeps what was read of it."""

    __tablename__ = "difference_sheet"

    draft_id: Mapped[int] = refers("policy_draft.id", index=False)
    kind: Mapped[str] = words("kind", "changes", "keys", "lost", "stand_ins")
    #: Of the first row among all rows of the kind, from 0; and how many those are.
    first: Mapped[int] = keeping()
    total: Mapped[int] = keeping()
    rows: Mapped[list[Any]] = keeping()

    __table_args__ = (UniqueConstraint("draft_id", "kind", "first"),)


class RuleOverride(Row, db.Model):
    """The owner's word on which side a rule is; it holds in every version that has the same words on the same side."""

    __tablename__ = "rule_override"

    slug: Mapped[str] = keeping(String(200))
    #: Of the rule as it is read without the override.
    unit_hash: Mapped[str] = keeping(String(64))
    polarity: Mapped[str] = words("polarity", "prohibited", "permitted", "neither")
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    replaced_at: Mapped[datetime | None] = keeping()

    __table_args__ = (one_where("uq_rule_override_current", "slug", "unit_hash", where="replaced_at IS NULL"),)


class SectionChange(Row, db.Model):
    """What became of a section from one version to the next, and what the owner ruled on it."""

    __tablename__ = "section_change"

    from_version_id: Mapped[int] = refers("policy_version.id", index=False)
    to_version_id: Mapped[int] = refers("policy_version.id")
    key: Mapped[str] = keeping(String(400))
    kind: Mapped[str] = words("kind", "cosmetic", "wording", "material", "new", "removed", "moved")
    #: Whether only the owner can say what the new words mean; until then the change counts as one of substance.
    needs_ruling: Mapped[bool] = keeping(default=False)
    #: None where nothing had to be ruled, or nobody has ruled yet.
    ruling: Mapped[str | None] = words("ruling", "same", "material", nullable=True)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)

    __table_args__ = (UniqueConstraint("from_version_id", "to_version_id", "key"),)


class ClauseLink(Row, db.Model):
    """An internal section that carries out a public one, with both texts as they were when somebody last looked."""

    __tablename__ = "clause_link"

    public_id: Mapped[str] = public_id()
    internal_key: Mapped[str] = keeping(String(400))
    public_key: Mapped[str] = keeping(String(400))
    internal_hash: Mapped[str] = keeping(String(64))
    public_hash: Mapped[str] = keeping(String(64))
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    replaced_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        one_where("uq_clause_link_current", "internal_key", "public_key", where="replaced_at IS NULL"),
        Index("ix_clause_link_internal_key", "internal_key"),
        Index("ix_clause_link_public_key", "public_key"),
    )


class PolicyTranslation(Row, db.Model):
    """A version in another language: a text of its own whose sections bear the version's keys."""

    __tablename__ = "policy_translation"

    version_id: Mapped[int] = refers("policy_version.id")
    language: Mapped[str] = keeping(String(35))
    title: Mapped[str] = keeping(String(300))
    markdown: Mapped[str] = keeping()
    sha256: Mapped[str] = keeping(String(64))
    html: Mapped[str] = keeping()
    #: [key, title, first line, last line] of each section that was matched.
    sections: Mapped[list[Any]] = keeping(default=list)
    #: Titles of sections that the version does not have, and keys of the version's that are missing here.
    unmatched: Mapped[dict[str, Any]] = keeping(default=dict)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
    replaced_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        one_where("uq_policy_translation_current", "version_id", "language", where="replaced_at IS NULL"),
    )


class SectionMerge(Row, db.Model):
    """A stand-in section that turned out to be another one: its key is read as that one's from then on."""

    __tablename__ = "section_merge"

    from_key: Mapped[str] = keeping(String(400), unique=True)
    to_key: Mapped[str] = keeping(String(400), index=True)
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)
