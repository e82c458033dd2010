"""A module as JSON, and back: the interchange form that commands print and checks read."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from qa.policytext.sections import Document, parse
from training.generation.material import Block, Citation, Coverage, Item, Lesson, Module, Option, Source
from training.generation.skills import SkillKey

Json = dict[str, Any]


def as_json(module: Module) -> Json:
    """The module as plain values; the policies' texts come along, so that the file can be checked by itself."""
    return {
        "policies": [_policy(source) for source in module.policies],
        "focus": {
            "sections": list(module.sections),
            "contrast": list(module.contrast) if module.contrast is not None else None,
        },
        "seed": module.seed,
        "minutes": module.minutes,
        "lessons": [_lesson(lesson) for lesson in module.lessons],
        "items": [item_json(item) for item in module.items],
        "forms": {purpose: list(ids) for purpose, ids in module.forms.items()},
        "shared_rules": dict(module.shared_rules),
        "coverage": [asdict(row) | {"kinds": list(row.kinds)} for row in module.coverage],
        "shortage": module.shortage,
    }


def _policy(source: Source) -> Json:
    return {
        "slug": source.slug,
        "version": source.version,
        "sha256": source.sha256,
        "title": source.title,
        "markdown": source.markdown,
        "sections": [
            {"key": section.key, "line_from": section.line_from, "line_to": section.line_to}
            for section in source.document.sections
        ],
    }


def _lesson(lesson: Lesson) -> Json:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "blocks": [asdict(b) | {"citations": [asdict(c) for c in b.citations]} for b in lesson.blocks],
    }


def item_json(item: Item) -> Json:
    """One item as plain values."""
    return asdict(item) | {
        "options": [asdict(option) for option in item.options],
        "key": list(item.key),
        "checks": dict(item.checks),
    }


def from_json(data: Mapping[str, Any]) -> Module:
    """The module that `as_json` wrote.

    Raises
    ------
    KeyError, TypeError : a field is missing, or is none of a module's.
    """
    contrast = data["focus"]["contrast"]
    return Module(
        policies=tuple(_source(policy) for policy in data["policies"]),
        sections=tuple(data["focus"]["sections"]),
        contrast=(contrast[0], contrast[1]) if contrast is not None else None,
        seed=data["seed"],
        lessons=tuple(
            Lesson(lesson["id"], lesson["title"], tuple(_block(block) for block in lesson["blocks"]))
            for lesson in data["lessons"]
        ),
        items=tuple(item_from(item) for item in data["items"]),
        forms={purpose: tuple(ids) for purpose, ids in data["forms"].items()},
        coverage=tuple(Coverage(**row | {"kinds": tuple(row["kinds"])}) for row in data["coverage"]),
        shortage=data["shortage"],
        shared_rules=dict(data["shared_rules"]),
        minutes=data["minutes"],
    )


def _source(policy: Mapping[str, Any]) -> Source:
    document = parse(policy["markdown"], name=policy["slug"])
    keys = {(row["line_from"], row["line_to"]): row["key"] for row in policy["sections"]}
    sections = tuple(replace(s, key=keys.get((s.line_from, s.line_to), s.key)) for s in document.sections)
    known = {old.key: new.key for old, new in zip(document.sections, sections, strict=True)}
    sections = tuple(replace(s, parent=known.get(s.parent) if s.parent is not None else None) for s in sections)
    same = Document(policy["slug"], policy["title"], document.front, sections, document.oddities)
    return Source(policy["slug"], policy["version"], policy["title"], policy["sha256"], policy["markdown"], same)


def _block(block: Mapping[str, Any]) -> Block:
    citations = tuple(Citation(**citation) for citation in block["citations"])
    return Block(**{**block, "citation": Citation(**block["citation"]), "citations": citations})


def item_from(item: Mapping[str, Any]) -> Item:
    """The item that `item_json` wrote."""
    options = tuple(Option(**{**option, "citation": Citation(**option["citation"])}) for option in item["options"])
    return Item(
        **{
            **item,
            "options": options,
            "key": tuple(item["key"]),
            "citation": Citation(**item["citation"]),
            "skill": SkillKey(**item["skill"]),
        }
    )
