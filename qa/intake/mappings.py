"""The mappings that are kept under a name, for the next file of the same kind."""

from __future__ import annotations

from sqlalchemy import delete, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.intake.mapping import Mapping
from qa.models import cases as models


def named(name: str) -> Mapping | None:
    """The mapping that is kept under *name*, if there is one."""
    mapping_id = db.session.scalar(select(models.Mapping.id).where(models.Mapping.name == name))
    if mapping_id is None:
        return None
    column = models.MappingColumn
    rows = db.session.execute(
        select(column.theirs, column.ours, column.kind).where(column.mapping_id == mapping_id).order_by(column.theirs)
    ).all()
    values: dict[str, dict[str, str]] = {}
    orders: dict[str, str] = {}
    value = models.MappingValue
    words = select(value.field, value.theirs, value.ours, value.is_writing).where(value.mapping_id == mapping_id)
    for of, theirs, ours, is_writing in db.session.execute(words.order_by(value.id)):
        if is_writing:
            orders[of] = ours
        else:
            values.setdefault(of, {})[theirs] = ours
    named_columns = {row[0]: row[1] for row in rows if row[1]}
    return Mapping(named_columns, {row[0]: row[2] for row in rows if row[2]}, values, orders)


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
    _keep_words(row.id, mapping)
    audit.note(actor, "kept", "mapping", row.id, columns=len(mapping.columns), classes=len(mapping.classes))
    db.session.flush()


def _keep_words(mapping_id: int, mapping: Mapping) -> None:
    value = models.MappingValue
    db.session.execute(delete(value).where(value.mapping_id == mapping_id))
    rows = [
        value(mapping_id=mapping_id, field=of, theirs=theirs, ours=ours, is_writing=False)
        for of, words in sorted(mapping.values.items())
        for theirs, ours in words.items()
    ]
    for of, order in sorted(mapping.writings.items()):
        rows.append(value(mapping_id=mapping_id, field=of, theirs="", ours=order, is_writing=True))
    db.session.add_all(rows)
