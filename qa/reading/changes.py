"""What changed between two versions of a policy, as a page shows it: sections, units, and the words that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby

from qa.policytext.diff import SectionDiff, UnitDiff, diff
from qa.reading.texts import Text, document

#: Kind of a change -> how a page calls it. The gravest first.
KINDS = {
    "material": "Changed in substance",
    "new": "New",
    "removed": "Removed",
    "wording": "Reworded",
    "moved": "Moved",
    "cosmetic": "Cosmetic",
    "unchanged": "Unchanged",
}
#: What makes a change one of substance -> how a page says it.
WHY = {
    "modal": "must, may or should",
    "negation": "a not",
    "number": "a number",
    "exception": "an exception",
    "quantifier": "all, any or only",
    "condition": "a condition",
    "side": "the side it is on",
    "action": "what is done",
    "code": "the code",
    "order": "another place in the order",
    "depth": "another depth in the list",
}
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer units are shown old and new without marks: comparing their words costs too much.
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a unit: kept, gone ("del") or come ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One unit that differs: its words in both versions, those that differ marked."""

    kind: str
    label: str
    why: tuple[str, ...]
    old: tuple[Words, ...]
    new: tuple[Words, ...]
    old_side: str
    new_side: str
    #: What else was read from the unit and differs: (what, before, now).
    facts: tuple[tuple[str, str, str], ...]

    @property
    def says_the_same(self) -> bool:
        """Whether the words are the same in both versions, so that showing them once is enough."""
        return bool(self.old) and [one.text for one in self.old] == [one.text for one in self.new]


@dataclass(frozen=True, slots=True)
class Changed:
    """One section with what differs in it; *key* is its anchor in the newer version, None where it is gone."""

    key: str | None
    title: str
    kind: str
    label: str
    needs_ruling: bool
    #: What differs; neighbours that differ in the same fact and not in their words stand together.
    groups: tuple[tuple[Change, ...], ...]
    same: int
    #: Whether it is too long to be taken apart.
    is_whole: bool = False


@lru_cache(maxsize=24)
def changes(old: Text, new: Text) -> tuple[Changed, ...]:
    """What became of every section of *old* in *new*, in the order of *new*."""
    return tuple(of_section(one) for one in diff(document(old), document(new)).sections)


def of_section(one: SectionDiff) -> Changed:
    """One section as a page shows it."""
    differing = [unit for unit in one.units if unit.kind != "unchanged"]
    return Changed(
        key=None if one.kind == "removed" else one.key,
        title=one.title,
        kind=one.kind,
        label=KINDS[one.kind],
        needs_ruling=one.needs_ruling,
        groups=tuple(_grouped([_change(unit) for unit in differing])),
        same=len(one.units) - len(differing),
    )


def _grouped(changes: list[Change]) -> Iterator[tuple[Change, ...]]:
    """Changes in their order, joined where they say the very same of units whose words stayed."""
    for _, group in groupby(enumerate(changes), key=lambda one: one[1].facts if one[1].says_the_same else one[0]):
        yield tuple(change for _, change in group)


def _change(unit: UnitDiff) -> Change:
    before, after = (unit.old.text if unit.old else ""), (unit.new.text if unit.new else "")
    old, new = words_of(before, after)
    return Change(
        unit.kind,
        KINDS[unit.kind],
        tuple(WHY.get(word, word) for word in unit.why),
        old,
        new,
        unit.old.polarity if unit.old else "neither",
        unit.new.polarity if unit.new else "neither",
        tuple(_facts(unit)),
    )


def _facts(unit: UnitDiff) -> Iterator[tuple[str, str, str]]:
    before, after = (one.rule if one is not None else None for one in (unit.old, unit.new))
    if before is None or after is None:
        return
    for name in ("action", "code"):
        if name in unit.why:
            yield WHY[name], getattr(before, name) or "nothing", getattr(after, name) or "nothing"


def words_of(old: str, new: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """The words of both texts, each marked as kept, gone or come; either side together is the whole text again.

    >>> old, new = words_of("no more than 3 links", "no more than 2 links")
    >>> [(one.kind, one.text) for one in old]
    [('', 'no more than '), ('del', '3'), ('', ' links')]
    """
    if not old or not new or max(len(old), len(new)) > _LONGEST:
        return _all("del", old), _all("ins", new)
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    gone, come = [], []
    for tag, *span in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "".join(before[span[0] : span[1]]), "".join(after[span[2] : span[3]])
        gone.append(Words("" if tag == "equal" else "del", left))
        come.append(Words("" if tag == "equal" else "ins", right))
    return tuple(one for one in gone if one.text), tuple(one for one in come if one.text)


def _all(kind: str, text: str) -> tuple[Words, ...]:
    return (Words(kind, text),) if text else ()
