"""Two versions of a policy, held against each other section by section and unit by unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.policytext import cues
from qa.policytext.hashing import canonical
from qa.policytext.matching import out_of_order
from qa.policytext.pairing import Pair, pairs
from qa.policytext.rules import Rule
from qa.policytext.sections import Document
from qa.policytext.units import Unit

Change = Literal["unchanged", "cosmetic", "wording", "material", "new", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class UnitDiff:
    """What became of one unit.

    *old* and *new* are the unit in each version, None where it is not there; *why* says in a word each what makes a
    change material (exception, modal, negation, condition, quantifier, number, side, action, code), or where a moved
    unit went or came from.
    """

    kind: Change
    old: Unit | None
    new: Unit | None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """What became of one section.

    *key* is that of the new version (of the old one where the section is removed) and *old_key* that of the old, None
    where the section is new; *needs_ruling* says that only the owner knows whether the changed words mean the same.
    """

    key: str
    old_key: str | None
    title: str
    kind: Change
    needs_ruling: bool
    units: tuple[UnitDiff, ...]


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """All sections of both versions in the order of the new one; what was removed stands where it was."""

    sections: tuple[SectionDiff, ...]


def diff(old: Document, new: Document) -> DocumentDiff:
    """What became of every section and unit of *old* in *new*; each unit of both is in the answer once.

    >>> from qa.policytext.sections import parse
    >>> old, new = (parse(f"# Spam\\n## Not allowed\\n- more than {n} links", name="p") for n in (3, 2))
    >>> [(one.key, one.kind, [unit.why for unit in one.units]) for one in diff(old, new).sections]
    [('', 'unchanged', [()]), ('not-allowed', 'material', [(), ('number',)])]
    """
    found = pairs(old, new)
    elsewhere = _elsewhere(found, old)
    return DocumentDiff(tuple(_section(pair, is_elsewhere=at in elsewhere) for at, pair in enumerate(found)))


def _elsewhere(found: Sequence[Pair], old: Document) -> set[int]:
    """The places of sections that stand under another section now, or in another order than before."""
    old_keys = {pair.new.key: pair.old.key for pair in found if pair.new is not None and pair.old is not None}
    places = {section.key: at for at, section in enumerate(old.sections)}
    rows: dict[str | None, dict[int, int]] = {}
    moved = set()
    for at, pair in enumerate(found):
        if pair.new is None or pair.old is None:
            continue
        parent = pair.new.parent
        if (old_keys.get(parent) if parent is not None else None) != pair.old.parent:
            moved.add(at)
        else:
            rows.setdefault(parent, {})[places[pair.old.key]] = at
    return moved | {row[place] for row in rows.values() for place in out_of_order(list(row))}


def _section(pair: Pair, *, is_elsewhere: bool) -> SectionDiff:
    found = tuple(_units(pair))
    section = pair.new or pair.old
    title = section.title if section is not None else ""
    kind = _kind(pair, found, is_elsewhere=is_elsewhere)
    holds_rules = any(unit.rule is not None for unit in (*pair.before, *pair.after))
    return SectionDiff(
        pair.key, pair.old.key if pair.old is not None else None, title, kind, kind == "wording" and holds_rules, found
    )


def _kind(pair: Pair, found: Sequence[UnitDiff], *, is_elsewhere: bool) -> Change:
    """The gravest of what became of the section and of its units."""
    if pair.old is None or pair.new is None:
        return "new" if pair.old is None else "removed"
    kinds = {unit.kind for unit in found}
    one_sided = [unit.new or unit.old for unit in found if unit.kind in ("new", "removed")]
    if "material" in kinds or any(unit is not None and _binds(unit) for unit in one_sided):
        return "material"
    if "wording" in kinds or one_sided:
        return "wording"
    if is_elsewhere or "moved" in kinds:
        return "moved"
    return "cosmetic" if "cosmetic" in kinds or pair.old.source_hash != pair.new.source_hash else "unchanged"


def _units(pair: Pair) -> Iterator[UnitDiff]:
    """The units in the order of the new version; what is gone follows the unit that it followed."""
    astray = out_of_order([pair.joined[to] for to in sorted(pair.joined)])
    kept = {at: to for to, at in pair.joined.items()}
    follows: dict[int, list[int]] = {}
    last = -1
    for at in range(len(pair.before)):
        last = kept.get(at, last)
        if at not in kept:
            follows.setdefault(last, []).append(at)
    for to in range(-1, len(pair.after)):
        if to in pair.joined:
            at = pair.joined[to]
            yield _edit(pair.before[at], pair.after[to], is_astray=at in astray)
        elif to >= 0:
            yield _arrival(pair, to)
        yield from (_departure(pair, at) for at in follows.get(to, ()))


def _arrival(pair: Pair, to: int) -> UnitDiff:
    unit = pair.after[to]
    if to not in pair.come:
        return UnitDiff("new", None, unit)
    before, key = pair.come[to]
    facts = _facts(before, unit)
    return UnitDiff("material" if facts else "moved", None, unit, (*facts, f"from {key or 'the top'}"))


def _departure(pair: Pair, at: int) -> UnitDiff:
    unit = pair.before[at]
    if at not in pair.gone:
        return UnitDiff("removed", unit, None)
    after, key = pair.gone[at]
    facts = _facts(unit, after)
    return UnitDiff("material" if facts else "moved", unit, None, (*facts, f"to {key or 'the top'}"))


def _edit(old: Unit, new: Unit, *, is_astray: bool) -> UnitDiff:
    facts = _facts(old, new)
    if old.words == new.words:
        if facts:
            return UnitDiff("material", old, new, facts)
        if is_astray or old.depth != new.depth:
            return UnitDiff("moved", old, new, ("order" if is_astray else "depth",))
        return UnitDiff("unchanged" if old.text == new.text else "cosmetic", old, new)
    why = (*cues.changed(old.text, new.text), *facts)
    if why == ("number",) and not (_binds(old) or _binds(new)):
        why = ()
    return UnitDiff("material" if why else "wording", old, new, why)


def _facts(old: Unit, new: Unit) -> tuple[str, ...]:
    """What was read from two units beside their words, where it differs."""
    found = ["side"] if old.polarity != new.polarity else []
    if old.rule is not None and new.rule is not None:
        found += [name for name in ("action", "code") if _fact(old.rule, name) != _fact(new.rule, name)]
    return tuple(found)


def _fact(rule: Rule, name: str) -> str:
    value: str | None = getattr(rule, name)
    return canonical(value or "")


def _binds(unit: Unit) -> bool:
    """Whether a unit holds a rule, or leads to a list of them."""
    return unit.rule is not None or unit.text.endswith(":")
