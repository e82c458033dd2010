"""Questions as rows and as generation knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from qa.core.db import db
from training import skill_keys
from training.generation.export import item_from
from training.generation.material import Item
from training.models.modules import Item as ItemRow
from training.models.modules import Module, ModuleVersion

#: States in which a question may be asked.
ASKED = ("generated", "approved", "live")


def as_item(row: ItemRow) -> Item:
    """A stored question as generation knows it."""
    return item_from(as_json(row))


def as_json(row: ItemRow) -> dict[str, Any]:
    """A stored question as a module's JSON holds it."""
    key = skill_keys.read(row.skill)
    return {
        "id": row.ref, "kind": row.kind, "stem": row.stem, "options": row.options, "key": row.key,
        "citation": row.citation, "difficulty": row.difficulty or 0.5, "checks": row.checks,
        "unit_hash": row.unit_hash or "", "case": row.case_ref, "case_text": row.case_text, "critical": row.critical,
        "skill": {"kind": key.kind, "a": key.a, "b": key.b, "side": key.side},
    }  # fmt: skip


def newest_version(module_id: str, *, lock: bool = False) -> ModuleVersion | None:
    """The newest version of the module at an address."""
    query = select(ModuleVersion).join(Module, Module.id == ModuleVersion.module_id)
    query = query.where(Module.public_id == module_id).order_by(ModuleVersion.no.desc()).limit(1)
    return db.session.scalar(query.with_for_update(of=ModuleVersion) if lock else query)


def of_version(version_id: int, states: Sequence[str] = ASKED) -> list[ItemRow]:
    """The questions of a version in these states."""
    query = select(ItemRow).where(ItemRow.module_version_id == version_id, ItemRow.state.in_(states))
    return list(db.session.scalars(query.order_by(ItemRow.id)))
