"""Where people's own words stand in the database, found by its own map: a table that is new is reached by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Enum,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    or_,
    select,
    update,
)

from qa.core.db import db

#: Free texts that are short enough to have a length.
SHORT = {("danger", "line"), ("attachment", "named")}
_KEYS = (ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint)
#: What holds a case's facts and what people filled in about it.
FACTS = {("closed_case", "evidence"), ("closed_case", "withheld"), ("grade", "answers"), ("case_event", "detail")}
#: Policies are published, settings and the audit hold no words of anybody.
NOT_OURS = {"audit_entry", "audit_anchor", "setting", "policy", "policy_version", "section", "policy_draft",
            "policy_translation", "workflow", "action", "reason", "mapping", "mapping_column", "erasure"}  # fmt: skip


@cache
def of_cases() -> dict[str, tuple[tuple[str, str], ...]]:
    """Table -> (column, table) of all ways by which its rows are about a case; cases themselves first, without one.

    A table is about a case when it refers to it by `case_id`, or to a row that is about one by that table's name.
    """
    ways: dict[str, tuple[tuple[str, str], ...]] = {"closed_case": ()}
    while True:
        found = {
            table.name: here
            for table in db.metadata.sorted_tables
            if table.name not in ways and (here := tuple(sorted(_refers(table, set(ways)))))
        }
        if not found:
            return ways
        ways |= found


def _refers(table: Table, known: set[str]) -> Iterator[tuple[str, str]]:
    for key in table.foreign_keys:
        target = key.column.table.name
        if len(key.column.table.primary_key.columns) > 1:
            continue
        if target in known and key.parent.name == ("case_id" if target == "closed_case" else f"{target}_id"):
            yield key.parent.name, target


def blank(case_ids: Collection[int]) -> Counter[str]:
    """Take every free text about these cases out, in the caller's transaction: table -> rows that held one."""
    counts: Counter[str] = Counter()
    for name in of_cases():
        table = db.metadata.tables[name]
        columns = [column for column in table.columns if _is_free(table, column)]
        if columns:
            ids = _about(name, case_ids)
            held = or_(*(_holds(column) for column in columns))
            emptied = update(table).where(ids, held).values({column: _nothing(column) for column in columns})
            counts[name] += int(db.session.execute(emptied).rowcount)
    return +counts


def addresses(case_ids: Collection[int]) -> set[str]:
    """The addresses of these cases and of all rows about them: by these, other rows speak of them."""
    found: set[str] = set()
    for name in of_cases():
        table = db.metadata.tables[name]
        if "public_id" in table.columns:
            found |= set(db.session.scalars(select(table.c.public_id).where(_about(name, case_ids))))
    return found


def _about(name: str, case_ids: Collection[int]) -> Any:
    """The condition for the rows of a table that are about these cases."""
    table, ways = db.metadata.tables[name], of_cases()[name]
    if not ways:
        return table.c.id.in_(case_ids)
    return or_(*(table.c[column].in_(_keys(target, case_ids)) for column, target in ways))


def _keys(name: str, case_ids: Collection[int]) -> Any:
    """What refers to a table's rows that are about these cases."""
    if name == "closed_case":
        return case_ids
    (key,) = db.metadata.tables[name].primary_key.columns
    return select(key).where(_about(name, case_ids))


def _is_free(table: Table, column: Column[Any]) -> bool:
    place = (table.name, column.name)
    if place in SHORT or place in FACTS:
        return True
    return type(column.type) is Text and column.info.get("class") in ("evidence", "outcome")


def _holds(column: Column[Any]) -> Any:
    nothing = _nothing(column)
    if isinstance(column.type, JSON):
        return and_(column.is_not(None), cast(column, Text).not_in(("{}", "[]", "null")))
    return column.is_not(None) if nothing is None else column != nothing


def _nothing(column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        return {}
    return None if column.nullable else ""


def everywhere() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table with its columns of text that are neither key nor word of a list."""
    for table in db.metadata.sorted_tables:
        if table.name in NOT_OURS or len(table.primary_key.columns) != 1:
            continue
        keys = (one for one in table.constraints if isinstance(one, _KEYS))
        unique = {column for key in keys for column in key.columns}
        columns = [
            column
            for column in table.columns
            if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum) and column not in unique
        ]
        if columns:
            yield table, columns
