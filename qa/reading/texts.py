"""A version of a policy made ready to be read: its sections, with signs beside rules and links on defined words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markupsafe import Markup

from qa.policies import corrections
from qa.policies.queries import SectionRow, VersionRow
from qa.policytext.sections import Document, parse, rekeyed
from qa.reading import marks
from qa.reading.heads import head
from qa.reading.parts import Part, parts
from qa.reading.terms import terms

#: A longer text is read for its rules only when somebody asks for them: that takes a second the first time.
AT_ONCE = 80_000
#: A still longer one is never read for them, and a page shows a stretch of its sections.
LONG, STRETCH = 300_000, 120


@dataclass(frozen=True, slots=True)
class Text:
    """A version's text, known by what it holds: two requests for the same text share what was made of it."""

    version_id: int
    sha256: str
    #: First and last line of each section, and its key without the policy.
    keys: tuple[tuple[int, int, str], ...]
    #: Hash of a unit -> the side its owner corrected it to.
    sides: tuple[tuple[str, str], ...]
    slug: str = field(compare=False)
    title: str = field(compare=False)
    markdown: str = field(compare=False, repr=False)
    html: str = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section as the page draws it: its heading with all that belongs to it, and its text."""

    key: str
    head: Markup
    body: Markup


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page draws: the sections in order, and whether signs stand beside the rules."""

    chapters: tuple[Chapter, ...]
    has_signs: bool


def text_of(version: VersionRow, sections: Sequence[SectionRow], sides: Mapping[str, str]) -> Text:
    """The text of *version*, whose sections are *sections*, with its owner's word on the sides of its rules."""
    keys = tuple((row.line_from, row.line_to, row.key.partition("/")[2]) for row in sections)
    corrected = tuple(sorted(sides.items()))
    return Text(
        version.id, version.sha256, keys, corrected, version.policy_slug, version.title, version.markdown, version.html
    )


@lru_cache(maxsize=24)
def document(text: Text) -> Document:
    """The parsed document of a text, with the keys that its sections are kept by and its owner's word on its rules."""
    named = rekeyed(parse(text.markdown, name=text.slug), {(first, last): key for first, last, key in text.keys})
    return corrections.corrected(named, dict(text.sides))


@lru_cache(maxsize=48)
def reading(text: Text, *, place: str, with_rules: bool, asks: bool, only: frozenset[str] | None = None) -> Reading:
    """The text as it is read at *place*: with signs beside its rules and links on its terms, or just its sections.

    *asks*: with a link at each section to ask about it; *only*: nothing but the sections with these keys.
    """
    made = _with_rules(text) if with_rules else _plain(text)
    made = made if only is None else tuple(part for part in made if part.key in only)
    return Reading(
        tuple(Chapter(part.key, head(part, slug=text.slug, place=place, asks=asks), part.body) for part in made),
        has_signs=with_rules and any("rule-sign" in part.body for part in made),
    )


@lru_cache(maxsize=24)
def _plain(text: Text) -> tuple[Part, ...]:
    return parts(text.html, title=text.title)


@lru_cache(maxsize=24)
def _with_rules(text: Text) -> tuple[Part, ...]:
    read = document(text)
    signed = marks.with_signs(text.html, *marks.signs(read))
    defined = terms(read)
    rules = {section.key: section.rules for section in read.sections}
    made = []
    for part in parts(signed or text.html, title=text.title):
        body = marks.with_sentences(part.body, rules.get(part.key, ()))
        at_home = [word for word, term in defined.items() if term.section == part.key]
        made.append(replace(part, body=Markup(marks.with_terms(body, defined, at_home=at_home))))
    return tuple(made)
