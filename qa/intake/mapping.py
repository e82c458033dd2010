"""How the columns of somebody's file are called and classed with us."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.models import cases as models

CLASSES = ("evidence", "outcome", "person", "bookkeeping", "drop")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Their column -> ours, and their column -> its class; a column without a class is never evidence."""

    columns: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)

    def ours(self, theirs: str) -> str:
        """What we call a column of theirs."""
        return self.columns.get(theirs, theirs)

    def kind(self, theirs: str) -> str | None:
        """The class of a column, given under its own name or under ours."""
        return self.classes.get(theirs) or self.classes.get(self.ours(theirs))

    def with_renames(self, renames: dict[str, str]) -> Mapping:
        """The same with further renamed columns."""
        return Mapping({**self.columns, **renames}, self.classes)

    def digest(self, *options: object) -> str:
        """A hash of the mapping and of what else a file is read with."""
        return hashlib.sha256(json.dumps([self.columns, self.classes, options], sort_keys=True).encode()).hexdigest()


def from_toml(text: str, *, file: str) -> Mapping:
    """The mapping in a TOML text with the tables [columns] and [classes]. Raises BadInput."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(Problem(f"TOML that can be read ({error})", file=file)) from error
    for name in found:
        if name not in ("columns", "classes"):
            raise BadInput(Problem("the tables [columns] and [classes]", file=file, field=name))
    return Mapping(_texts(found, "columns", file), _classes(_texts(found, "classes", file), file))


def _texts(found: dict[str, Any], table: str, file: str) -> dict[str, str]:
    rows = found.get(table, {})
    if not isinstance(rows, dict):
        raise BadInput(Problem(f"a table [{table}]", file=file, field=table))
    for theirs, ours in rows.items():
        if not isinstance(ours, str) or not ours:
            raise BadInput(Problem("a text", file=file, field=f"{table}.{theirs}", value=str(ours)))
    return dict(rows)


def _classes(classes: dict[str, str], file: str) -> dict[str, str]:
    for theirs, kind in classes.items():
        if kind not in CLASSES:
            raise BadInput(Problem(f"one of {', '.join(CLASSES)}", file=file, field=f"classes.{theirs}", value=kind))
    return classes


def named(name: str) -> Mapping | None:
    """The mapping that is kept under *name*, if there is one."""
    mapping_id = db.session.scalar(select(models.Mapping.id).where(models.Mapping.name == name))
    if mapping_id is None:
        return None
    column = models.MappingColumn
    rows = db.session.execute(
        select(column.theirs, column.ours, column.kind).where(column.mapping_id == mapping_id).order_by(column.theirs)
    ).all()
    return Mapping({row[0]: row[1] for row in rows if row[1]}, {row[0]: row[2] for row in rows if row[2]})


def keep(actor: Actor, name: str, mapping: Mapping) -> None:
    """Keep *mapping* under *name* for the next file; what is kept there already is replaced."""
    if named(name) == mapping:
        return
    row = db.session.scalar(select(models.Mapping).where(models.Mapping.name == name))
    if row is None:
        row = models.Mapping(name=name)
        db.session.add(row)
        db.session.flush()
    db.session.execute(delete(models.MappingColumn).where(models.MappingColumn.mapping_id == row.id))
    for theirs in sorted({*mapping.columns, *mapping.classes}):
        db.session.add(
            models.MappingColumn(
                mapping_id=row.id, theirs=theirs, ours=mapping.columns.get(theirs), kind=mapping.classes.get(theirs)
            )
        )
    audit.note(actor, "kept", "mapping", row.id, columns=len(mapping.columns), classes=len(mapping.classes))
    db.session.flush()
