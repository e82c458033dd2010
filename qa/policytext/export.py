"""A parsed policy, and what changed in one, as the JSON that `flask policy parse` and `diff` print."""

from typing import Any

from qa.policytext.diff import DocumentDiff, SectionDiff, UnitDiff
from qa.policytext.links import Link, aliases, links
from qa.policytext.rules import Rule
from qa.policytext.sections import Document, Section
from qa.policytext.units import Unit


def as_json(document: Document, file: str) -> dict[str, Any]:
    """One entry of `documents[]`: what was read from *file*, with every section and rule."""
    found: dict[str, list[Link]] = {}
    for link in links(document):
        found.setdefault(link.section, []).append(link)
    return {
        "file": file,
        "slug": document.slug,
        "title": document.title,
        "front": dict(document.front),
        "sections": [_section(section, found.get(section.key, [])) for section in document.sections],
        "oddities": [{"line": oddity.line, "message": oddity.message} for oddity in document.oddities],
    }


def _section(section: Section, found: list[Link]) -> dict[str, Any]:
    return {
        "key": section.key,
        "path": list(section.path),
        "title": section.title,
        "level": section.level,
        "parent": section.parent,
        "line_from": section.line_from,
        "line_to": section.line_to,
        "text_hash": section.text_hash,
        "aliases": [alias for alias in aliases(section.title) if alias != section.title],
        "links": [
            {
                "words": link.words,
                "address": link.address,
                "line": link.line,
                "policy": link.policy,
                "target": link.target,
            }
            for link in found
        ],
        "rules": [_rule(rule) for rule in section.rules],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    limit = rule.threshold
    return {
        "text": rule.text,
        "role": rule.role,
        "polarity": rule.polarity,
        "line_from": rule.line_from,
        "line_to": rule.line_to,
        "parent": rule.parent,
        "modality": rule.modality,
        "threshold": limit and {"value": limit.value, "unit": limit.unit, "comparator": limit.comparator},
        "action": rule.action,
        "code": rule.code,
        "examples": list(rule.examples),
        "unit": rule.unit,
        "depth": rule.depth,
        "unit_hash": rule.unit_hash,
        "conditions": list(rule.conditions),
        "exceptions": list(rule.exceptions),
        "lead_in": rule.lead_in,
    }


def diff_json(found: DocumentDiff, *, policy: str = "") -> dict[str, Any]:
    """Every section that changed, with its units that did; *policy* is the slug that goes before the keys."""
    return {"sections": [_section_diff(one, policy) for one in found.sections if one.kind != "unchanged"]}


def _section_diff(section: SectionDiff, policy: str) -> dict[str, Any]:
    return {
        "key": full_key(policy, section.key),
        "old_key": None if section.old_key is None else full_key(policy, section.old_key),
        "title": section.title,
        "change": section.kind,
        "needs_ruling": section.needs_ruling,
        "units": [_unit_diff(unit) for unit in section.units if unit.kind != "unchanged"],
    }


def full_key(policy: str, key: str) -> str:
    """A section's key with the policy's slug before it, where there is one.

    >>> full_key("spam", "links"), full_key("spam", ""), full_key("", "links")
    ('spam/links', 'spam', 'links')
    """
    return "/".join(part for part in (policy, key) if part)


def _unit_diff(unit: UnitDiff) -> dict[str, Any]:
    return {"change": unit.kind, "why": list(unit.why), "old": _unit(unit.old), "new": _unit(unit.new)}


def _unit(unit: Unit | None) -> dict[str, Any] | None:
    if unit is None:
        return None
    return {
        "kind": unit.kind,
        "text": unit.text,
        "line_from": unit.line_from,
        "line_to": unit.line_to,
        "polarity": unit.polarity,
        "is_rule": unit.rule is not None,
        "unit_hash": unit.unit_hash,
    }
