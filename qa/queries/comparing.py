"""What the page of changes shows of two versions of a policy: all of it, or of long texts one part after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from qa.core.db import db
from qa.models.policies import Section
from qa.policies import corrections, section_changes
from qa.policies import queries as policy_queries
from qa.policies.queries import VersionLine, VersionRow
from qa.policies.section_changes import Meaning
from qa.policytext.diff import diff
from qa.queries import reading
from qa.reading import excerpts
from qa.reading.changes import KINDS, Changed, changes, of_section
from qa.reading.excerpts import Place, Source
from qa.reading.texts import AT_ONCE

#: Sections and characters of one part of a long comparison; a section longer than a part is not taken apart.
SECTIONS, CHARACTERS = 12, 24_000


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the sections that differ are shown: the number of the first, of how many, and where others begin."""

    first: int
    shown: int
    total: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions of a policy."""

    version: VersionRow
    older: VersionRow | None
    versions: Sequence[VersionLine]
    sections: Sequence[Changed] = ()
    #: How many sections changed in each way, the gravest first; those that did not are left out.
    counts: Mapping[str, int] = field(default_factory=dict)
    #: Key of a section without the policy -> what became of it when the version was published, as its owner ruled.
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    part: Part | None = None

    @property
    def waiting(self) -> int:
        """How many reworded sections wait for their owner's word."""
        return sum(one.needs_ruling and one.ruling is None for one in self.meanings.values())


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two long texts: key of a section without the policy -> its place, its title and the hash of its words."""

    source: Source
    places: Mapping[str, Place]
    said: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two long texts side by side."""

    old: _Side
    new: _Side

    def length(self, key: str) -> int:
        """How many characters a section has in both texts."""
        both = (self.old, self.new)
        return sum(excerpts.length(one.source, one.places[key]) for one in both if key in one.places)


def comparison(slug: str, number: str, against: str | None, *, first: int = 0) -> Comparison:
    """A version beside an older one: *against*, else the one before it; without such nothing is compared.

    Of long texts the part is shown that holds the section with the number *first* of those that differ.
    """
    version = reading.published(slug, number)
    versions = reading.versions_of(slug)
    at = next(at for at, line in enumerate(versions) if line.number == number)
    if against is None and at + 1 < len(versions):
        against = versions[at + 1].number
    if against is None:
        return Comparison(version, None, versions)
    older = reading.published(slug, against)
    meanings = _short(section_changes.meanings(older.id, version.id))
    bare = Comparison(version, older, versions, meanings=meanings)
    if max(len(older.markdown), len(version.markdown)) <= AT_ONCE:
        found = changes(*(reading.text_of(one, policy_queries.sections_of(one.id)) for one in (older, version)))
        return replace(bare, sections=found, counts=_counts([one.kind for one in found]))
    sides = corrections.sides_of(slug)
    pair = _Pair(_side(older, sides), _side(version, sides))
    kinds = {key: one.kind for key, one in meanings.items()} or _between(slug, older.number, number)
    return _in_parts(bare, pair, kinds, first)


def _in_parts(bare: Comparison, pair: _Pair, kinds: Mapping[str, str], first: int) -> Comparison:
    found = dict(_differing(pair, kinds))
    counts = _counts(list(found.values()))
    waiting = {key for key, one in bare.meanings.items() if one.needs_ruling and one.ruling is None}
    keys = sorted(found, key=lambda key: key not in waiting)
    starts = list(_starts(pair, keys))
    at = max((number for number, start in enumerate(starts) if start <= first), default=0)
    if not starts:
        return replace(bare, counts=counts)
    ends = [*starts[1:], len(keys)]
    some = keys[starts[at] : ends[at]]
    after = ends[at] if ends[at] < len(keys) else None
    part = Part(starts[at], len(some), len(keys), starts[at - 1] if at else None, after)
    return replace(bare, sections=list(_changed(pair, some, found)), counts=counts, part=part)


def _differing(pair: _Pair, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each section that differs with what became of it, in the order of the newer text; what is gone comes last."""
    for key, now in pair.new.said.items():
        if key not in pair.old.said:
            yield key, "new"
        elif key in kinds or now != pair.old.said[key]:
            yield key, kinds.get(key, "changed")
    yield from ((key, "removed") for key in pair.old.said if key not in pair.new.said)


def _starts(pair: _Pair, keys: Sequence[str]) -> Iterator[int]:
    """The numbers of the sections that parts begin with; the text above the first heading is a part of its own."""
    sections, characters = 0, 0
    for at, key in enumerate(keys):
        more = pair.length(key)
        is_full = sections == SECTIONS or characters + more > CHARACTERS or not key or (at and not keys[at - 1])
        if at == 0 or is_full:
            yield at
            sections, characters = 0, 0
        sections, characters = sections + 1, characters + more


def _changed(pair: _Pair, keys: Sequence[str], kinds: Mapping[str, str]) -> Iterator[Changed]:
    """The sections of a part, taken apart; one whose kind is kept has that kind, which was found in the whole text."""
    near = {key for key in keys if pair.length(key) <= CHARACTERS}
    old, new = (excerpts.excerpt(one.source, list(one.places.values()), near) for one in (pair.old, pair.new))
    found = {(one.kind == "removed", one.key): one for one in diff(old, new).sections} if near else {}
    for key in keys:
        kind, is_gone = kinds[key], key not in pair.new.said
        one = found.get((is_gone, key))
        title = (pair.old if is_gone else pair.new).said[key][0]
        if one is None:
            shown = None if is_gone else key
            yield Changed(shown, title, kind, _label(kind), False, (), 0, is_whole=key not in near)
            continue
        kind = one.kind if kind == "changed" else kind
        yield replace(of_section(one), kind=kind, label=_label(kind))


def _label(kind: str) -> str:
    return KINDS.get(kind, "Changed")


def _counts(kinds: Sequence[str]) -> dict[str, int]:
    order = [*KINDS, "changed"]
    return {_label(kind): kinds.count(kind) for kind in order if kind != "unchanged" and kind in kinds}


def _side(version: VersionRow, sides: Mapping[str, str]) -> _Side:
    columns = (Section.key, Section.parent_key, Section.line_from, Section.line_to, Section.title, Section.text_hash)
    rows = db.session.execute(select(*columns).where(Section.version_id == version.id).order_by(Section.ordinal))
    start = len(version.policy_slug) + 1
    places, said = {}, {}
    for key, parent, first, last, title, text_hash in rows:
        places[key[start:]] = Place(key[start:], None if parent is None else parent[start:], first, last)
        said[key[start:]] = title, text_hash
    return _Side(Source(version.sha256, version.markdown, version.policy_slug, version.title, sides), places, said)


def _between(slug: str, older: str, newer: str) -> dict[str, str]:
    """Key without the policy -> what all changes between two versions that do not follow one another count as."""
    found = section_changes.since(slug, older, newer) or section_changes.since(slug, newer, older)
    return {_key(key): kind for key, kind in found.items()}


def _short(found: Mapping[str, Meaning]) -> dict[str, Meaning]:
    return {_key(key): one for key, one in found.items()}


def _key(key: str) -> str:
    return key.partition("/")[2]
