"""What the pages of drafts show of their changes: sections that differ, and which earlier ones the sections are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qa.core import registries
from qa.core.access import Actor
from qa.core.registries import ChangeCost, Touch
from qa.drafting import changes, drafts, filling, sheets
from qa.drafting.differing import Difference, KeyRow, UnitRow, before, difference, differing, earlier, key_rows, lost
from qa.drafting.sheets import Sheet, sheet_of
from qa.drafting.showing import SIZES
from qa.models.drafting import PolicyDraft
from qa.policies import clause_links
from qa.queries import drafts as queries
from qa.reading.changes import KINDS


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
    #: Units that differ and are not shown.
    more: int
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
    sheet = _differing(row, first)
    linked = clause_links.listed({one.key for one in sheet.rows if one.kind != "cosmetic"})
    touches = registries.touching(reader, [one.was for one in sheet.rows])
    rows = [
        ChangeRow(
            one.name, one.key, one.title, one.kind, KINDS[one.kind], one.needs_ruling, row.rulings.get(one.name),
            one.units, one.more, _links(one.key, linked), touches.get(one.was, ()),
        )
        for one in sheet.rows
    ]  # fmt: skip
    return replace(sheet, rows=rows)


def _differing(row: PolicyDraft, first: int) -> Sheet:
    """Some of the sections that differ, as `Difference` has them: of a long draft as they were kept."""
    if row.kept_revision is not None:
        kept = sheets.kept(row.id, "changes", first, SIZES["changes"])
        return replace(kept, rows=[_restored(one) for one in kept.rows])
    sheet = sheet_of(differing(changes.ruled(row, changes.base_of(row))), first, SIZES["changes"])
    return replace(sheet, rows=[difference(one, row.title) for one in sheet.rows])


def _restored(kept: dict[str, Any]) -> Difference:
    return Difference(**{**kept, "units": [UnitRow(**one) for one in kept["units"]]})


def to_rule(public_id: str) -> frozenset[str]:
    """What the rulings on a draft's reworded sections are kept by."""
    return frozenset(queries.shown(public_id).told.to_rule)


def _links(key: str, linked: Sequence[clause_links.LinkRow]) -> list[str]:
    carries = [f"It carries out “{one.public_label}”" for one in linked if one.internal_key == key]
    return carries + [f"“{one.internal_label}” carries it out" for one in linked if one.public_key == key]


@dataclass(frozen=True, slots=True)
class Keys:
    """Some sections of a draft, the earlier ones that they can be, and those that none of all sections is."""

    sheet: Sheet
    #: (key, title) of each earlier section.
    earlier: Sequence[tuple[str, str]]
    lost: Sequence[tuple[str, str]]
    stand_ins: Sequence[filling.StandIn]
    #: Own key -> the key that its owner chose, of all sections.
    chosen: Mapping[str, str]

    @property
    def rows(self) -> Sequence[KeyRow]:
        """The sections that are shown."""
        return self.sheet.rows


def keys(public_id: str, first: int = 0) -> Keys:
    """Which sections of before the sections of a draft are, from the one with the number *first* on."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    known = earlier(before(row, base))
    if row.kept_revision is not None:
        parts = {kind: sheets.kept(row.id, kind, at, SIZES[kind]) for kind, at in _parts(first)}
        sheet = replace(parts["keys"], rows=[KeyRow(*one) for one in parts["keys"].rows])
        stand_ins = [filling.StandIn(*one) for one in parts["stand_ins"].rows]
        return Keys(sheet, known, [(key, title) for key, title in parts["lost"].rows], stand_ins, row.chosen_keys)
    rows = key_rows(row, base)
    return Keys(sheet_of(rows, 0, max(1, len(rows))), known, lost(rows, known), filling.stand_ins(row), row.chosen_keys)


def _parts(first: int) -> tuple[tuple[str, int], ...]:
    return (("keys", first), ("lost", 0), ("stand_ins", 0))
