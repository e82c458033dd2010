"""What the reading pages of policies show: one version with what hangs on it, and what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from qa import corrections, policy_queries
from qa.core import registries
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.registries import Touch
from qa.models.drafting import SectionChange
from qa.policy_queries import SectionRow, VersionLine, VersionRow
from qa.queries import translations
from qa.queries.translations import Translation
from qa.reading import texts
from qa.reading.changes import Changed, changes
from qa.reading.parts import Part
from qa.reading.texts import Text

#: Versions that are, or were, read by everybody.
READ = ("published", "withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    key: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A version with all that stands beside it."""

    version: VersionRow
    line: VersionLine
    versions: Sequence[VersionLine]
    contents: Sequence[Entry]
    parts: Sequence[Part]
    touches: Mapping[str, Sequence[Touch]]
    has_signs: bool
    with_rules: bool
    #: The language of a translation, "" for the version's own text; and those that there are.
    language: str
    languages: Sequence[str]
    #: Titles of sections of the version that the translation lacks.
    missing: Sequence[str]
    #: The version before this one, and the last day on which this one is in force, where there are such.
    before: VersionLine | None
    until: date | None

    def key(self, anchor: str) -> str:
        """The whole key of the section with this anchor."""
        return f"{self.version.policy_slug}/{anchor}" if anchor else self.version.policy_slug


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions of a policy."""

    version: VersionRow
    older: VersionRow | None
    versions: Sequence[VersionLine]
    sections: Sequence[Changed]
    #: Key of a reworded section without the policy -> "same" or "material", as its owner ruled.
    rulings: Mapping[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many sections changed in each way, the gravest first; those that did not are left out."""
        found: dict[str, int] = {}
        for one in self.sections:
            if one.kind != "unchanged":
                found[one.label] = found.get(one.label, 0) + 1
        return found


def in_force(slug: str, on: date | None) -> VersionRow:
    """The version of a policy that is in force on a day; without one today's, else the one that comes next."""
    if on is not None:
        found = policy_queries.version_in_force(slug, on)
        if found is None:
            raise NotFound("version of this policy in force on that day")
        return found
    version = policy_queries.present_version(slug)
    if version is None:
        raise NotFound("policy")
    return published(slug, version.number)


def published(slug: str, number: str) -> VersionRow:
    """One version, by its number or its address, once it is published."""
    version = policy_queries.version(slug, number)
    if version is None or version.state not in READ:
        raise NotFound("policy")
    return version


def spread(reader: Actor, version: VersionRow, *, rules: bool | None = None, language: str = "") -> Spread:
    """A version as *reader* sees it. *rules*: with signs beside its rules; None: unless it is very long.

    *language*: in a translation, whose sections bear the version's keys.
    """
    sections = policy_queries.sections_of(version.id)
    text, contents, missing = _text(version, sections), _contents(sections), ()
    if language:
        told = translations.translation(version.id, language)
        text = replace(text, **told.text)
        contents, missing = _translated(contents, told), _titles(sections, told.missing)
    with_rules = len(text.markdown) <= texts.AT_ONCE if rules is None else rules
    read = texts.reading(text, with_rules=with_rules)
    versions = _published(version.policy_slug)
    at = next(at for at, line in enumerate(versions) if line.number == version.number)
    later = versions[at - 1].effective_from if at else None
    return Spread(
        version=version,
        line=versions[at],
        versions=versions,
        contents=contents,
        parts=read.parts,
        touches=registries.touching(reader, [row.key for row in sections] + [version.policy_slug]),
        has_signs=read.has_signs,
        with_rules=with_rules,
        language=language,
        languages=translations.languages(version.id),
        missing=missing,
        before=versions[at + 1] if at + 1 < len(versions) else None,
        until=later - timedelta(days=1) if later else None,
    )


def comparison(slug: str, number: str, against: str | None) -> Comparison:
    """A version beside an older one: *against*, else the one before it; without such nothing is compared."""
    version = published(slug, number)
    versions = _published(slug)
    at = next(at for at, line in enumerate(versions) if line.number == number)
    if against is None and at + 1 < len(versions):
        against = versions[at + 1].number
    if against is None:
        return Comparison(version, None, versions, (), {})
    older = published(slug, against)
    both = [_text(one, policy_queries.sections_of(one.id)) for one in (older, version)]
    return Comparison(version, older, versions, changes(*both), _rulings(older.id, version.id))


def _published(slug: str) -> list[VersionLine]:
    """The versions that everybody may read, the newest first."""
    return [line for line in policy_queries.version_list(slug) if line.state in READ]


def _text(version: VersionRow, sections: Sequence[SectionRow]) -> Text:
    return texts.text_of(version, sections, corrections.sides_of(version.policy_slug))


def _rulings(older_id: int, newer_id: int) -> dict[str, str]:
    query = select(SectionChange.key, SectionChange.ruling).where(
        SectionChange.from_version_id == older_id,
        SectionChange.to_version_id == newer_id,
        SectionChange.ruling.is_not(None),
    )
    return {key.partition("/")[2]: ruling for key, ruling in db.session.execute(query)}


def _translated(contents: Sequence[Entry], told: Translation) -> list[Entry]:
    """The contents under the titles of a translation."""
    depths = {entry.key: entry.depth for entry in contents}
    return [Entry(key, title, depths.get(key, 0)) for key, title, _, _ in told.sections if key]


def _titles(sections: Sequence[SectionRow], keys: Sequence[str]) -> list[str]:
    return [row.title for row in sections if row.key.partition("/")[2] in keys]


def _contents(sections: Sequence[SectionRow]) -> list[Entry]:
    """The sections by their depth below the highest; the text above the first heading needs no line."""
    shown = [row for row in sections if row.key != row.policy_slug]
    top = min((row.level for row in shown), default=0)
    depths = {row.key: min(max(len(row.path) - 1, row.level - top), 3) for row in shown}
    return [Entry(row.key.split("/", 1)[1], row.title, depths[row.key]) for row in shown]
