"""On which side a rule is, where its owner knows better than the reader of its words.

A correction is kept by the policy and by the hash of the rule as it is read, so it holds in every version that has the
same words on the same side, and ends by itself when either changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast, get_args

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models.drafting import RuleOverride
from qa.policytext.contexts import Passage
from qa.policytext.polarity import Polarity
from qa.policytext.rules import Rule, reread
from qa.policytext.sections import Document

SIDES: tuple[str, ...] = get_args(Polarity)


def sides_of(slug: str) -> dict[str, str]:
    """Hash of a rule as it is read -> the side that its owner put it on."""
    return sides_by_policy([slug]).get(slug, {})


def sides_by_policy(slugs: list[str]) -> dict[str, dict[str, str]]:
    """`sides_of` each of several policies, in one question."""
    query = select(RuleOverride.slug, RuleOverride.unit_hash, RuleOverride.polarity).where(
        RuleOverride.slug.in_(slugs), RuleOverride.replaced_at.is_(None)
    )
    found: dict[str, dict[str, str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.slug, {})[row.unit_hash] = row.polarity
    return found


def corrected(document: Document, sides: Mapping[str, str]) -> Document:
    """*document* with its owner's word on its rules, and what stands under them read accordingly.

    An item or an exception under a corrected rule follows it, unless its owner has spoken of it too. A rule on another
    side has another hash, so what was made of it is stale.
    """
    known = {
        at: {number: cast(Polarity, sides[rule.unit_hash]) for number, rule in enumerate(section.rules)
             if rule.unit_hash in sides}
        for at, section in enumerate(document.sections)
        if sides
    }  # fmt: skip
    known = {at: found for at, found in known.items() if found}
    if not known:
        return document
    passages, first = _passages(document)
    read = reread(passages, {at + first: found for at, found in known.items()})
    return replace(
        document,
        sections=tuple(
            replace(section, rules=read.get(at + first, section.rules)) for at, section in enumerate(document.sections)
        ),
    )


def _passages(document: Document) -> tuple[list[Passage], int]:
    """What the rules of a document were read from, and the number of the first section among them."""
    first = 0 if document.sections and document.sections[0].key == "" else 1
    places = {section.key: at + first for at, section in enumerate(document.sections)}
    passages = [Passage("", None, ())] * first
    for at, section in enumerate(document.sections):
        is_head = at + first == 0
        above = 0 if section.parent is None else places[section.parent]
        passages.append(Passage("" if is_head else section.title, None if is_head else above, section.blocks))
    return passages, first


def side_without(document: Document, sides: Mapping[str, str], place: tuple[int, int]) -> str:
    """The side of the rule at *place* (section, number in it) as it would be without its owner's word on itself."""
    at, number = place
    own = document.sections[at].rules[number].unit_hash
    others = {unit_hash: side for unit_hash, side in sides.items() if unit_hash != own}
    return corrected(document, others).sections[at].rules[number].polarity


def correct(actor: Actor, slug: str, *, rule: Rule, side: str, otherwise: str | None = None) -> None:
    """Put *rule* (as it is read) on *side*; on the side that it has *otherwise*, the correction ends.

    *otherwise* is the side as it reads, or, under a corrected rule, the one that it follows that rule to.
    """
    if side not in SIDES:
        raise BadInput(Problem(f"one of {', '.join(SIDES)}", field="side", value=side))
    current = (
        update(RuleOverride)
        .where(RuleOverride.slug == slug, RuleOverride.unit_hash == rule.unit_hash, RuleOverride.replaced_at.is_(None))
        .values(replaced_at=clock.now())
    )
    db.session.execute(current)
    if side != (otherwise or rule.polarity):
        db.session.add(RuleOverride(slug=slug, unit_hash=rule.unit_hash, polarity=side, by_id=actor.id))
    audit.note(actor, "corrected", "rule", f"{slug}/{rule.unit_hash}", read=rule.polarity, side=side)
    db.session.flush()
