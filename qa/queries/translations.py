"""Translations of a version, as its readers find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.drafting import PolicyTranslation


@dataclass(frozen=True, slots=True)
class Translation:
    """A version in another language; its sections bear the version's keys where they were matched."""

    language: str
    title: str
    sha256: str
    markdown: str
    html: str
    #: (key without the policy, title, first line, last line) of each section that was matched.
    sections: tuple[tuple[str, str, int, int], ...]
    #: Titles of sections that the version does not have.
    extra: tuple[str, ...]
    #: Keys of the version's sections that are missing here.
    missing: tuple[str, ...]

    @property
    def text(self) -> dict[str, Any]:
        """What the translation puts in the place of its version's text."""
        keys = tuple((first, last, key) for key, _, first, last in self.sections)
        return {"sha256": self.sha256, "keys": keys, "title": self.title, "markdown": self.markdown, "html": self.html}


def languages(version_id: int) -> tuple[str, ...]:
    """The languages that a version was translated into."""
    query = select(PolicyTranslation.language).where(
        PolicyTranslation.version_id == version_id, PolicyTranslation.replaced_at.is_(None)
    )
    return tuple(db.session.scalars(query.order_by(PolicyTranslation.language)))


def translation(version_id: int, language: str) -> Translation:
    """One translation; NotFound for a language that there is none in."""
    query = select(PolicyTranslation).where(
        PolicyTranslation.version_id == version_id,
        PolicyTranslation.language == language,
        PolicyTranslation.replaced_at.is_(None),
    )
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("translation")
    return Translation(
        row.language, row.title, row.sha256, row.markdown, row.html,
        tuple((key, title, first, last) for key, title, first, last in row.sections),
        tuple(row.unmatched.get("extra", ())), tuple(row.unmatched.get("missing", ())),
    )  # fmt: skip
