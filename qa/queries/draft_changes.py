"""What the pages of drafts show of their changes: sections that differ, and which earlier ones the sections are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.core import registries
from qa.core.access import Actor
from qa.core.registries import ChangeCost, Touch
from qa.drafting import changes, drafts, filling, translating
from qa.drafting.parsing import parsed
from qa.drafting.sheets import Sheet, sheet_of
from qa.policies import clause_links
from qa.policytext.diff import UnitDiff
from qa.reading.changes import KINDS, WHY, Words, words_of

#: Sections on one page.
SECTIONS = 40


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that differs, its words marked."""

    label: str
    why: Sequence[str]
    old: Sequence[Words]
    new: Sequence[Words]
    old_side: str
    new_side: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A section that differs, and what its owner ruled."""

    name: str
    key: str
    title: str
    kind: str
    label: str
    needs_ruling: bool
    ruling: str | None
    units: Sequence[UnitRow]
    #: What is linked with the section, in words: this change leaves it as it is.
    links: Sequence[str]
    #: What hangs on the section as it was.
    touches: Sequence[Touch]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A section that a draft changes, and what hangs on it."""

    key: str
    title: str
    label: str
    touches: Sequence[Touch]


def hanging(reader: Actor, public_id: str) -> list[Hanging]:
    """The sections that a draft changes in more than marks, and on which something hangs that *reader* may know of."""
    row = drafts.load(public_id)
    found = changes.ruled(row, changes.base_of(row))
    changed = {one.was: one for one in found if one.diff.kind not in ("unchanged", "cosmetic", "new")}
    touches = registries.touching(reader, list(changed)) if changed else {}
    return [
        Hanging(key, one.diff.title or row.title, KINDS[one.diff.kind], touches[key])
        for key, one in changed.items()
        if key in touches
    ]


def costs(reader: Actor, public_id: str) -> list[ChangeCost]:
    """What publishing a draft would ask of people: of sections that change in substance, a rewording until it is ruled
    to mean the same."""
    row = drafts.load(public_id)
    return registries.change_costs(
        reader, [one.was for one in changes.ruled(row, changes.base_of(row)) if _counts(one)]
    )


def _counts(one: changes.Ruled) -> bool:
    if one.diff.needs_ruling:
        return one.ruling in (None, "material")
    return one.diff.kind in ("material", "removed")


def changed(reader: Actor, public_id: str, first: int = 0) -> Sheet:
    """The sections of a draft that differ from the version before it, those that need a ruling first."""
    row = drafts.load(public_id)
    found = [one for one in changes.ruled(row, changes.base_of(row)) if one.diff.kind != "unchanged"]
    sheet = sheet_of(sorted(found, key=lambda one: not one.diff.needs_ruling), first, SECTIONS)
    linked = clause_links.listed({one.key for one in sheet.rows if one.diff.kind != "cosmetic"})
    touches = registries.touching(reader, [one.was for one in sheet.rows])
    rows = [
        ChangeRow(
            one.name, one.key, one.diff.title or row.title, one.diff.kind, KINDS[one.diff.kind], one.diff.needs_ruling,
            one.ruling, [_unit(unit) for unit in one.diff.units if unit.kind != "unchanged"], _links(one.key, linked),
            touches.get(one.was, ()),
        )
        for one in sheet.rows
    ]  # fmt: skip
    return replace(sheet, rows=rows)


def to_rule(public_id: str) -> frozenset[str]:
    """What the rulings on a draft's reworded sections are kept by."""
    row = drafts.load(public_id)
    return frozenset(one.name for one in changes.ruled(row, changes.base_of(row)) if one.diff.needs_ruling)


def _links(key: str, linked: Sequence[clause_links.LinkRow]) -> list[str]:
    carries = [f"It carries out “{one.public_label}”" for one in linked if one.internal_key == key]
    return carries + [f"“{one.internal_label}” carries it out" for one in linked if one.public_key == key]


def _unit(unit: UnitDiff) -> UnitRow:
    old, new = words_of(unit.old.text if unit.old else "", unit.new.text if unit.new else "")
    sides = [part.polarity if part else "neither" for part in (unit.old, unit.new)]
    return UnitRow(KINDS[unit.kind], [WHY.get(word, word) for word in unit.why], old, new, sides[0], sides[1])


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A section of a draft, and which earlier one it is."""

    own: str
    title: str
    depth: int
    line: int
    key: str
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Keys:
    """The sections of a draft, the earlier ones that they can be, and those that none of them is."""

    rows: Sequence[KeyRow]
    #: (key, title) of each earlier section.
    earlier: Sequence[tuple[str, str]]
    lost: Sequence[tuple[str, str]]
    stand_ins: Sequence[filling.StandIn]


def keys(public_id: str) -> Keys:
    """Which sections of before the sections of a draft are."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    if base is None and filling.stub_version(row.slug) is None:
        return Keys((), (), (), filling.stand_ins(row))
    document = parsed(row.markdown, row.slug)
    if row.language and base is not None:
        borne = dict(translating.match_of(row, base).keys)
    else:
        base = base or filling.stub_version(row.slug)
        borne = changes.keys_of(row, base)
    before = changes.document(changes.keyed_version(base)).sections if base else ()
    earlier = [(one.key, one.title) for one in before if one.key]
    rows = [
        KeyRow(one.key, one.title, len(one.path), one.line_from, borne.get(one.key, ""), row.chosen_keys.get(one.key))
        for one in document.sections
        if one.key
    ]
    taken = {one.key for one in rows}
    return Keys(rows, earlier, [pair for pair in earlier if pair[0] not in taken], filling.stand_ins(row))
