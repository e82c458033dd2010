"""Which unit of an old version is which of a new one, within its section and from one section to another."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from qa.policytext.matching import edited, matched, same
from qa.policytext.sections import Document, Section
from qa.policytext.units import Unit, units


@dataclass(slots=True)
class Pair:
    """A section in both versions (None: not there) with its units.

    *joined* is place in *after* -> place in *before*; *gone* says of units that stand elsewhere now where that is, and
    *come* of those that stood elsewhere where that was.
    """

    old: Section | None
    new: Section | None
    before: tuple[Unit, ...] = ()
    after: tuple[Unit, ...] = ()
    joined: dict[int, int] = field(default_factory=dict)
    gone: dict[int, tuple[Unit, str]] = field(default_factory=dict)
    come: dict[int, tuple[Unit, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The new version's key, else the old one's."""
        section = self.new or self.old
        return section.key if section is not None else ""

    def left_before(self) -> list[int]:
        """The units of the old version that were not found again so far."""
        taken = {*self.joined.values(), *self.gone}
        return [at for at in range(len(self.before)) if at not in taken]

    def left_after(self) -> list[int]:
        """The units of the new version that were not found in the old one so far."""
        return [at for at in range(len(self.after)) if at not in self.joined and at not in self.come]


def pairs(old: Document, new: Document) -> list[Pair]:
    """Every section of both versions with its units joined: the same words, then the same elsewhere, then an edit."""
    found = list(_sections(old, new))
    for by_side in (True, False):
        for pair in found:
            _join_same(pair, by_side=by_side)
    for by_side in (True, False):
        _join_elsewhere(found, by_side=by_side)
    for pair in found:
        _join_edited(pair)
    return found


def _sections(old: Document, new: Document) -> Iterator[Pair]:
    """The sections in the order of the new version; one that is gone follows the section that it followed."""
    before = matched(old.sections, new.sections)
    kept = {at: to for to, at in before.items()}
    follows: dict[int, list[Section]] = {}
    last = -1
    for at, section in enumerate(old.sections):
        last = kept.get(at, last)
        if at not in kept:
            follows.setdefault(last, []).append(section)
    yield from (Pair(section, None, units(section)) for section in follows.get(-1, ()))
    for to, section in enumerate(new.sections):
        known = old.sections[before[to]] if to in before else None
        yield Pair(known, section, units(known) if known is not None else (), units(section))
        yield from (Pair(gone, None, units(gone)) for gone in follows.get(to, ()))


def _join_same(pair: Pair, *, by_side: bool) -> None:
    rest, others = pair.left_before(), pair.left_after()
    found = same(
        [_identity(pair.before[at], by_side=by_side) for at in rest],
        [_identity(pair.after[at], by_side=by_side) for at in others],
    )
    pair.joined |= {others[to]: rest[at] for to, at in found.items()}


def _join_elsewhere(found: list[Pair], *, by_side: bool) -> None:
    """Join what left one section with what came into another; of equals the first line goes with the first."""
    before = [(pair, at) for pair in found for at in pair.left_before() if pair.before[at].kind != "title"]
    after = [(pair, at) for pair in found for at in pair.left_after() if pair.after[at].kind != "title"]
    before.sort(key=lambda place: place[0].before[place[1]].line_from)
    after.sort(key=lambda place: place[0].after[place[1]].line_from)
    joined = same(
        [_identity(pair.before[at], by_side=by_side) for pair, at in before],
        [_identity(pair.after[at], by_side=by_side) for pair, at in after],
    )
    for to, at in joined.items():
        (source, start), (target, end) = before[at], after[to]
        source.gone[start] = (target.after[end], target.key)
        target.come[end] = (source.before[start], source.key)


def _join_edited(pair: Pair) -> None:
    rest, others = pair.left_before(), pair.left_after()
    if 0 in rest and 0 in others:
        pair.joined[0] = 0
        rest, others = rest[1:], others[1:]
    found = edited([pair.before[at].words for at in rest], [pair.after[at].words for at in others])
    pair.joined |= {others[to]: rest[at] for to, at in found.items()}


def _identity(unit: Unit, *, by_side: bool) -> Hashable:
    return (unit.kind == "title", unit.words, unit.polarity if by_side else "")
