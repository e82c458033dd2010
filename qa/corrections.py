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
from qa.policytext.hashing import text_hash
from qa.policytext.polarity import Polarity
from qa.policytext.rules import Rule
from qa.policytext.sections import Document

SIDES: tuple[str, ...] = get_args(Polarity)
#: Roles of what was not read as a norm; a side makes one of it.
_NO_NORM = ("element", "step", "facet", "qualifier")


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
    """*document* with its owner's word on its rules; a corrected rule has another hash, so what it made is stale."""
    if not sides:
        return document
    return replace(
        document,
        sections=tuple(
            replace(section, rules=tuple(_corrected(rule, sides) for rule in section.rules))
            if any(rule.unit_hash in sides for rule in section.rules)
            else section
            for section in document.sections
        ),
    )


def _corrected(rule: Rule, sides: Mapping[str, str]) -> Rule:
    side = sides.get(rule.unit_hash)
    if side is None or side == rule.polarity:
        return rule
    role = rule.role
    if side != "neither" and role in _NO_NORM:
        role = "rule"
    elif side == "neither" and role == "rule" and not rule.modality:
        role = "element"
    polarity = cast(Polarity, side)
    return replace(rule, polarity=polarity, role=role, unit_hash=text_hash(rule.text, side))


def correct(actor: Actor, slug: str, *, rule: Rule, side: str) -> None:
    """Put *rule* (as it is read) on *side*; on the side that it is read on, the correction ends."""
    if side not in SIDES:
        raise BadInput(Problem(f"one of {', '.join(SIDES)}", field="side", value=side))
    current = (
        update(RuleOverride)
        .where(RuleOverride.slug == slug, RuleOverride.unit_hash == rule.unit_hash, RuleOverride.replaced_at.is_(None))
        .values(replaced_at=clock.now())
    )
    db.session.execute(current)
    if side != rule.polarity:
        db.session.add(RuleOverride(slug=slug, unit_hash=rule.unit_hash, polarity=side, by_id=actor.id))
    audit.note(actor, "corrected", "rule", f"{slug}/{rule.unit_hash}", read=rule.polarity, side=side)
    db.session.flush()
