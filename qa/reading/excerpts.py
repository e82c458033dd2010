"""Some sections of a long text, read as they are read in the whole of it: under the headings that stand above them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from qa.policies import corrections
from qa.policytext.sections import Document, parse, rekeyed

_BREAK = re.compile(r"\r\n|\r|\n")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S[^\r\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A text of which some sections are read, known by its hash; *sides*: hash of a unit -> its owner's word on it."""

    sha256: str
    markdown: str = field(compare=False, repr=False)
    slug: str = field(compare=False)
    title: str = field(compare=False)
    sides: Mapping[str, str] = field(compare=False, repr=False)


class Place(NamedTuple):
    """Where a section stands in a text, and which one it stands under (None: none)."""

    key: str
    parent: str | None
    line_from: int
    line_to: int


@lru_cache(maxsize=4)
def _references(source: Source) -> tuple[str, ...]:
    """The lines that say where links lead; they may stand far from the sections that use them."""
    return tuple(_REFERENCE.findall(source.markdown))


@lru_cache(maxsize=4)
def _starts(source: Source) -> array[int]:
    """Where each line of a text begins, and where the text ends."""
    return array("L", [0, *(found.end() for found in _BREAK.finditer(source.markdown)), len(source.markdown)])


def length(source: Source, place: Place) -> int:
    """How many characters a section has."""
    starts = _starts(source)
    return starts[min(place.line_to, len(starts) - 1)] - starts[place.line_from - 1]


def excerpt(source: Source, places: Sequence[Place], wanted: Collection[str]) -> Document:
    """The sections *wanted*, read with those that say on which side they are: the ones above, and the one before.

    Their lines are those of the excerpt.
    """
    lines, known = ["# " + (source.title or source.slug), ""], {}
    for place in _with_what_leads(places, wanted):
        if not place.key:
            lines = []
        own = _lines(source, place)
        known[len(lines) + 1] = place.key
        lines += own
    read = parse("\n".join([*lines, "", *_references(source)]), name=source.slug)
    spans = {(one.line_from, one.line_to): known[one.line_from] for one in read.sections if one.line_from in known}
    read = rekeyed(read, spans)
    only = tuple(one for one in read.sections if known.get(one.line_from) in wanted)
    return corrections.corrected(replace(read, sections=only), source.sides)


def _with_what_leads(places: Sequence[Place], wanted: Collection[str]) -> Iterator[Place]:
    by_key = {place.key: place for place in places}
    before: dict[str | None, str] = {}
    taken = set(wanted)
    for place in places:
        if place.key in wanted:
            taken.add(before.get(place.parent, place.key))
            taken |= set(_above(place, by_key))
        before[place.parent] = place.key
    yield from (place for place in places if place.key in taken and (place.key or "" in wanted))


def _above(place: Place, by_key: dict[str, Place]) -> Iterator[str]:
    seen = {place.key}
    while place.parent in by_key and place.parent not in seen:
        place = by_key[place.parent]
        seen.add(place.key)
        yield place.key


def _lines(source: Source, place: Place) -> list[str]:
    starts = _starts(source)
    last = min(place.line_to, len(starts) - 1)
    return _BREAK.sub("\n", source.markdown[starts[place.line_from - 1] : starts[last]]).removesuffix("\n").split("\n")
