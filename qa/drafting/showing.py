"""What is shown of a draft once its text is read: its lines, its outline, its rules, and what is told of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.drafting import lines
from qa.policies import corrections
from qa.policytext.rules import Rule
from qa.policytext.sections import Document, Section

#: Lines, entries of the outline, rules, sections that differ, and sections with their keys on one page.
SIZES = {
    "told": 1,
    "lines": 300,
    "outline": 300,
    "rules": 60,
    "changes": 40,
    "keys": 120,
    "lost": 200,
    "stand_ins": 200,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a whole draft."""

    sections: int
    rules: int
    #: (place, what was done about it) of what could not be read as it stood.
    oddities: Sequence[tuple[str, str]]
    #: Sections that differ from the version before, and those that wait for a ruling.
    changed: int = 0
    missing: int = 0
    #: What the rulings on reworded sections are kept by.
    to_rule: Sequence[str] = ()
    #: The version that it was held against.
    base_id: int | None = None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a draft's text, and what begins or stands on it."""

    number: int
    text: str
    #: Level of the section that begins on this line; 0: the document's title; None: nothing begins here.
    level: int | None
    #: Where a heading could be made of it.
    may_be_section: bool
    side: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A section in the outline."""

    title: str
    depth: int
    line: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule with its side as read and as its owner has it."""

    place: str
    section: str
    text: str
    role: str
    line: int
    depth: int
    read: str
    side: str
    #: Whether its owner spoke of this very rule; one on another side that is not follows the rule above it.
    is_corrected: bool

    @property
    def follows(self) -> bool:
        """Whether it is on another side than it reads because the rule above it was corrected."""
        return self.read != self.side and not self.is_corrected


def source_lines(markdown: str, document: Document) -> list[SourceLine]:
    """Every line of a draft; *document* has its owner's word on its rules."""
    read = lines.read(markdown)
    heads = dict.fromkeys(read.headings, 0)
    heads |= {one.line_from: one.level for one in document.sections if one.key}
    sides = {rule.line_from: rule.polarity for one in document.sections for rule in one.rules}
    return [
        SourceLine(
            number, line, heads.get(number), number in read.worded and number not in read.closed,
            sides.get(number) if sides.get(number) != "neither" else None,
        )
        for number, line in enumerate(markdown.split("\n"), 1)
    ]  # fmt: skip


def outline(document: Document) -> list[Entry]:
    """Every section under a heading."""
    return [Entry(one.title, len(one.path), one.line_from) for one in document.sections if one.key]


def rule_rows(document: Document, sides: Mapping[str, str]) -> list[RuleRow]:
    """Every rule in the order of its lines; *sides* is the owner's word on them."""
    held = corrections.corrected(document, sides).sections
    return [
        RuleRow(
            f"{at}-{number}", section.title, rule.text, held[at].rules[number].role, rule.line_from, rule.depth,
            rule.polarity, held[at].rules[number].polarity, rule.unit_hash in sides,
        )
        for at, section, number, rule in _rules(document)
    ]  # fmt: skip


def rule_at(document: Document, sides: Mapping[str, str], place: str) -> tuple[Rule, str] | None:
    """The rule as it is read at a place of the list, and its side without its owner's word on itself."""
    found = {f"{at}-{number}": (at, number) for at, _, number, _ in _rules(document)}
    if place not in found:
        return None
    at, number = found[place]
    return document.sections[at].rules[number], corrections.side_without(document, sides, found[place])


def _rules(document: Document) -> list[tuple[int, Section, int, Rule]]:
    return [
        (at, section, number, rule)
        for at, section in enumerate(document.sections)
        for number, rule in enumerate(section.rules)
    ]
