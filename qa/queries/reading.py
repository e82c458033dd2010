"""What the reading pages of policies show: one version with what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from markupsafe import Markup

from qa import questions
from qa.core import registries
from qa.core.access import Actor
from qa.core.errors import NotFound
from qa.core.registries import Touch
from qa.policies import corrections
from qa.policies import queries as policy_queries
from qa.policies.queries import SectionRow, VersionLine, VersionRow
from qa.queries import translations
from qa.queries.translations import Translation
from qa.reading import texts
from qa.reading.texts import Reading, Text

#: Versions that are, or were, read by everybody.
READ = ("published", "withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    key: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, and what hangs on the section (by its whole key) whose heading comes last in it."""

    html: Markup
    key: str
    touches: Sequence[Touch]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which sections of a long text are shown: the number of the first, of how many, and where the others begin."""

    first: int
    shown: int
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Spread:
    """A version with all that stands beside it."""

    version: VersionRow
    line: VersionLine
    versions: Sequence[VersionLine]
    contents: Sequence[Entry]
    #: The text in pieces, each ending where something hangs on the section whose heading it ends with.
    pieces: Sequence[Piece]
    has_signs: bool
    #: None: it is too long to be read for them.
    with_rules: bool | None
    stretch: Stretch | None
    #: The language of a translation, "" for the version's own text; and those that there are.
    language: str
    languages: Sequence[str]
    #: Titles of sections of the version that the translation lacks.
    missing: Sequence[str]
    #: The version before this one, and the last day on which this one is in force, where there are such.
    before: VersionLine | None
    until: date | None

    @property
    def has_touches(self) -> bool:
        """Whether anything stands beside the text."""
        return any(piece.touches for piece in self.pieces)


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


def spread(
    reader: Actor, version: VersionRow, *, rules: bool | None = None, language: str = "", at: str = ""
) -> Spread:
    """A version as *reader* sees it. *rules*: with signs beside its rules; None: unless it is very long.

    *language*: in a translation, whose sections bear the version's keys. *at*: a section without the policy; of a long
    text only the stretch that holds it is shown.
    """
    sections = policy_queries.sections_of(version.id)
    text, contents, missing = text_of(version, sections), _contents(sections), ()
    if language:
        told = translations.translation(version.id, language)
        text = replace(text, **told.text)
        contents, missing = _translated(contents, told), _titles(sections, told.missing)
    is_long = len(text.markdown) > texts.LONG
    stretch, contents = _stretch(contents, at) if is_long else (None, contents)
    only = (
        None
        if stretch is None
        else frozenset({entry.key for entry in contents} | ({""} if not stretch.first else set()))
    )
    with_rules = not is_long and (len(text.markdown) <= texts.AT_ONCE if rules is None else rules)
    place = f"/policies/{version.policy_slug}/{version.number}" + (f"?lang={language}" if language else "")
    read = texts.reading(text, place=place, with_rules=with_rules, asks=reader.has(*questions.OWNERS), only=only)
    shown = [row.key for row in sections if only is None or row.key.partition("/")[2] in only]
    touches = registries.touching(reader, shown + [version.policy_slug])
    versions = versions_of(version.policy_slug)
    at = next(at for at, line in enumerate(versions) if line.number == version.number)
    later = versions[at - 1].effective_from if at else None
    return Spread(
        version=version,
        line=versions[at],
        versions=versions,
        contents=contents,
        pieces=_pieces(version.policy_slug, read, touches),
        has_signs=read.has_signs,
        with_rules=None if is_long else with_rules,
        stretch=stretch,
        language=language,
        languages=translations.languages(version.id),
        missing=missing,
        before=versions[at + 1] if at + 1 < len(versions) else None,
        until=later - timedelta(days=1) if later else None,
    )


def _pieces(slug: str, read: Reading, touches: Mapping[str, Sequence[Touch]]) -> list[Piece]:
    made, run, key = [Piece(Markup(), slug, touches.get(slug, ()))], list[Markup](), slug
    for chapter in read.chapters:
        run.append(chapter.head)
        key = f"{slug}/{chapter.key}"
        if chapter.key and key in touches:
            made.append(Piece(Markup().join(run), key, touches[key]))
            run = []
        run.append(chapter.body)
    return [*made, Piece(Markup().join(run), key, ())]


def versions_of(slug: str) -> list[VersionLine]:
    """The versions that everybody may read, the newest first."""
    return [line for line in policy_queries.version_list(slug) if line.state in READ]


def text_of(version: VersionRow, sections: Sequence[SectionRow]) -> Text:
    """A version's text, with its owner's word on the sides of its rules."""
    return texts.text_of(version, sections, corrections.sides_of(version.policy_slug))


def _translated(contents: Sequence[Entry], told: Translation) -> list[Entry]:
    """The contents under the titles of a translation."""
    depths = {entry.key: entry.depth for entry in contents}
    return [Entry(key, title, depths.get(key, 0)) for key, title, _, _ in told.sections if key]


def _stretch(contents: Sequence[Entry], at: str) -> tuple[Stretch, Sequence[Entry]]:
    """The part of a long text's contents that holds the section *at*, the first part without one."""
    size = texts.STRETCH
    first = next((number for number, entry in enumerate(contents) if entry.key == at), 0) // size * size
    starts = {number: entry.key for number, entry in enumerate(contents) if number % size == 0}
    some = contents[first : first + size]
    return Stretch(first, len(some), len(contents), starts.get(first - size), starts.get(first + size)), some


def _titles(sections: Sequence[SectionRow], keys: Sequence[str]) -> list[str]:
    return [row.title for row in sections if row.key.partition("/")[2] in keys]


def _contents(sections: Sequence[SectionRow]) -> list[Entry]:
    """The sections by their depth below the highest; the text above the first heading needs no line."""
    shown = [row for row in sections if row.key != row.policy_slug]
    top = min((row.level for row in shown), default=0)
    depths = {row.key: min(max(len(row.path) - 1, row.level - top), 3) for row in shown}
    return [Entry(row.key.split("/", 1)[1], row.title, depths[row.key]) for row in shown]
