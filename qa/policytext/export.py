"""A parsed policy as the JSON that `flask policy parse` prints."""

from typing import Any

from qa.policytext.rules import Rule
from qa.policytext.sections import Document, Section


def as_json(document: Document, file: str) -> dict[str, Any]:
    """One entry of `documents[]`: what was read from *file*, with every section and rule."""
    return {
        "file": file,
        "slug": document.slug,
        "title": document.title,
        "front": dict(document.front),
        "sections": [_section(section) for section in document.sections],
        "oddities": [{"line": oddity.line, "message": oddity.message} for oddity in document.oddities],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "path": list(section.path),
        "title": section.title,
        "level": section.level,
        "parent": section.parent,
        "line_from": section.line_from,
        "line_to": section.line_to,
        "text_hash": section.text_hash,
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
    }
