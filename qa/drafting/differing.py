"""How a draft stands to the version before it, as its pages show it: sections that differ, and which one is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.drafting import changes, filling, translating
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.policies import queries as policy_queries
from qa.policies import section_keys
from qa.policies.queries import VersionRow
from qa.policytext.diff import UnitDiff
from qa.reading.changes import KINDS, WHY, words_of

#: More units of one section are counted and not shown.
MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that differs, its words marked: (kept "", gone "del" or come "ins"; the words)."""

    label: str
    why: Sequence[str]
    old: Sequence[Sequence[str]]
    new: Sequence[Sequence[str]]
    old_side: str
    new_side: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A section that differs; *name* is what a ruling on it is kept by, *was* the key that it bore."""

    name: str
    key: str
    was: str
    title: str
    kind: str
    needs_ruling: bool
    units: Sequence[UnitRow]
    #: Units that differ and are not among *units*.
    more: int = 0


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A section of a draft, and which earlier one it is."""

    own: str
    title: str
    depth: int
    line: int
    key: str


def differing(found: Sequence[changes.Ruled]) -> list[changes.Ruled]:
    """The sections that are shown as different, those that need a ruling first."""
    return sorted((one for one in found if one.diff.kind != "unchanged"), key=lambda one: not one.diff.needs_ruling)


def difference(one: changes.Ruled, title: str) -> Difference:
    """One section with what differs in it; the words before the first heading have the *title* of the text."""
    units = [unit for unit in one.diff.units if unit.kind != "unchanged"]
    return Difference(
        one.name, one.key, one.was, one.diff.title or title, one.diff.kind, one.diff.needs_ruling,
        [_unit(unit) for unit in units[:MOST_UNITS]], max(0, len(units) - MOST_UNITS),
    )  # fmt: skip


def _unit(unit: UnitDiff) -> UnitRow:
    old, new = words_of(unit.old.text if unit.old else "", unit.new.text if unit.new else "")
    sides = [part.polarity if part else "neither" for part in (unit.old, unit.new)]
    marked = [[(one.kind, one.text) for one in words] for words in (old, new)]
    return UnitRow(KINDS[unit.kind], [WHY.get(word, word) for word in unit.why], *marked, *sides)


def before(draft: PolicyDraft, base: VersionRow | None) -> VersionRow | None:
    """The version whose sections a draft's can be: that it follows or translates, or else the stand-in it fills."""
    return base or filling.stub_version(draft.slug)


def earlier(version: VersionRow | None) -> list[tuple[str, str]]:
    """Key and title of every section of a version."""
    rows = policy_queries.sections_of(version.id) if version is not None else ()
    return [(key, row.title) for row in rows if (key := section_keys.short(row.key))]


def key_rows(draft: PolicyDraft, base: VersionRow | None) -> list[KeyRow]:
    """Every section of a draft with the key that it bears, "" for a translation's that has no counterpart."""
    if before(draft, base) is None:
        return []
    if draft.language and base is not None:
        borne = dict(translating.match_of(draft, base).keys)
    else:
        borne = changes.keys_of(draft, before(draft, base))
    return [
        KeyRow(one.key, one.title, len(one.path), one.line_from, borne.get(one.key, ""))
        for one in parsed(draft.markdown, draft.slug).sections
        if one.key
    ]


def lost(rows: Sequence[KeyRow], known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The sections of before, of those *known*, that none of a draft's is."""
    taken = {one.key for one in rows}
    return [pair for pair in known if pair[0] not in taken]
