"""What the pages of drafts show: the list, one draft with what stands in its way, its lines, its rules, its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from qa import clause_links, corrections, policy_days, policy_queries, section_changes
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.drafting import changes, drafts
from qa.drafting import lines as line_reading
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.models.policies import Policy, PolicyVersion
from qa.policytext.rules import Rule
from qa.policytext.sections import Document, Section

#: Lines, and rules, on one page.
LINES, RULES = 300, 60
STATES = {"draft": "being drafted", "reviewed": "reviewed", "published": "published", "dropped": "put away"}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    public_id: str
    title: str
    slug: str
    language: str
    state: str
    starts_on: date | None
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft, and what stands between it and its being published."""

    public_id: str
    title: str
    slug: str
    language: str
    file_name: str
    kind: str
    state: str
    number: str | None
    starts_on: date | None
    audience: str
    split_depth: int
    revision: int
    markdown: str
    oddities: Sequence[tuple[str, str]]
    sections: int
    rules: int
    base: str | None
    #: The number of the version that it became.
    version: str | None
    is_stub: bool
    #: Reworded sections that wait for a ruling.
    missing: int
    changed: int
    #: The last day on which a case was decided or reported under the policy.
    used_until: date | None
    reviewed_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether its text may be changed."""
        return self.state == "draft"


def listed() -> list[DraftLine]:
    """Drafts that may still become something, then the newest of the others."""
    query = (
        select(PolicyDraft, Person.name)
        .outerjoin(Person, Person.id == PolicyDraft.by_id)
        .order_by(PolicyDraft.state.in_(drafts.OPEN).desc(), PolicyDraft.id.desc())
        .limit(100)
    )
    return [
        DraftLine(
            row.public_id, row.title, row.slug, row.language, row.state, row.starts_on, name or "–", row.created_at
        )
        for row, name in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of policies is at work: drafts, links of which one side changed, and versions that wait for a ruling."""

    drafts: Sequence[DraftLine]
    flagged: int
    rulings: Sequence[section_changes.Waiting]


def waiting(_person: Actor) -> Waiting | None:
    """The card of whoever answers for policies; None when nothing is at work."""
    open_ones = [one for one in listed() if one.state in drafts.OPEN]
    flagged = sum(one.is_flagged for one in clause_links.listed())
    rulings = section_changes.waiting()
    return Waiting(open_ones[:5], flagged, rulings) if open_ones or flagged or rulings else None


def shown(public_id: str) -> DraftRow:
    """One draft. Raises NotFound."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    document = parsed(row.markdown, row.slug)
    found = () if row.language else changes.ruled(row, base)
    version = db.session.get(PolicyVersion, row.version_id) if row.version_id else None
    policy = db.session.scalar(select(Policy).where(Policy.slug == row.slug))
    reviewer = db.session.get(Person, row.reviewed_by_id) if row.reviewed_by_id else None
    oddities = [(str(place), str(said)) for place, said in row.oddities]
    oddities += [(f"line {one.line}", one.message) for one in document.oddities]
    return DraftRow(
        public_id=row.public_id, title=row.title, slug=row.slug, language=row.language, file_name=row.file_name,
        kind=row.kind, state=row.state, number=row.number, starts_on=row.starts_on, audience=row.audience,
        split_depth=row.split_depth, revision=row.revision, markdown=row.markdown, oddities=oddities,
        sections=sum(bool(one.key) for one in document.sections),
        rules=sum(len(one.rules) for one in document.sections),
        base=base.number if base else None, version=version.number if version else None,
        is_stub=policy is not None and policy.stub, missing=sum(one.is_missing for one in found),
        changed=sum(one.diff.kind not in ("unchanged", "cosmetic") for one in found),
        used_until=policy_days.last_use(row.slug) if policy is not None else None,
        reviewed_by=reviewer.name if reviewer else None,
    )  # fmt: skip


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
class Sheet:
    """Some of a long list: its rows, the numbers of the first and of all, and where the next begin."""

    rows: Sequence[Any]
    first: int
    total: int
    before: int | None
    after: int | None


def sheet_of(rows: Sequence[Any], first: int, size: int) -> Sheet:
    """The part of *rows* that holds the one with the number *first* (from 0), *size* of them at most."""
    at = max(0, min(first, len(rows) - 1) // size * size) if rows else 0
    after = at + size if at + size < len(rows) else None
    return Sheet(rows[at : at + size], at, len(rows), at - size if at else None, after)


def lines(public_id: str, first: int) -> tuple[Sheet, list[tuple[str, int, int]]]:
    """The lines of a draft from *first* on, and its outline: title, depth and line of each section."""
    row = drafts.load(public_id)
    document = changes.document_of(row, changes.base_of(row))
    read = line_reading.read(row.markdown)
    heads = dict.fromkeys(read.headings, 0)
    heads |= {one.line_from: one.level for one in document.sections if one.key}
    sides = {rule.line_from: rule.polarity for one in document.sections for rule in one.rules}
    source = row.markdown.split("\n")
    made = [
        SourceLine(
            number, line, heads.get(number), number in read.worded and number not in read.closed,
            sides.get(number) if sides.get(number) != "neither" else None,
        )
        for number, line in enumerate(source, 1)
    ]  # fmt: skip
    outline = [(one.title, len(one.path), one.line_from) for one in document.sections if one.key]
    return sheet_of(made, first - 1, LINES), outline


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


def rules(public_id: str, first: int) -> Sheet:
    """The rules of a draft in the order of its lines, *first* being the number of one of them."""
    row = drafts.load(public_id)
    sides = corrections.sides_of(row.slug)
    document = parsed(row.markdown, row.slug)
    held = corrections.corrected(document, sides).sections
    made = [
        RuleRow(
            f"{at}-{number}", section.title, rule.text, held[at].rules[number].role, rule.line_from, rule.depth,
            rule.polarity, held[at].rules[number].polarity, rule.unit_hash in sides,
        )
        for at, section, number, rule in _rules(document)
    ]  # fmt: skip
    return sheet_of(made, first, RULES)


def _rules(document: Document) -> list[tuple[int, Section, int, Rule]]:
    return [
        (at, section, number, rule)
        for at, section in enumerate(document.sections)
        for number, rule in enumerate(section.rules)
    ]


def rule_at(public_id: str, place: str) -> tuple[str, Rule, str] | None:
    """The policy, the rule as it is read at a place of the list, and its side without its owner's word on itself."""
    row = drafts.load(public_id)
    document = parsed(row.markdown, row.slug)
    found = {f"{at}-{number}": (at, number) for at, _, number, _ in _rules(document)}
    if place not in found:
        return None
    at, number = found[place]
    otherwise = corrections.side_without(document, corrections.sides_of(row.slug), found[place])
    return row.slug, document.sections[at].rules[number], otherwise


def policies_there() -> list[tuple[str, str]]:
    """Slug and title of every policy, for a list to choose from."""
    return [(line.policy_slug, line.title) for line in policy_queries.overview()]
