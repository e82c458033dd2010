"""Every column says what it holds, and with it how long that is kept."""

from __future__ import annotations

import re

import wsgi  # noqa: F401  (all rooms' tables must be known)
from qa.core.columns import RETENTION
from qa.core.db import Base

TABLES = Base.metadata.sorted_tables


def test_every_column_has_a_class_that_has_a_rule_of_retention() -> None:
    unclassed = [
        f"{column.table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if column.info.get("class") not in RETENTION
    ]

    assert TABLES and unclassed == []


def test_every_constraint_has_a_name_that_fits_both_databases() -> None:
    for table in TABLES:
        for part in [*table.constraints, *table.indexes]:
            assert part.name and len(str(part.name)) <= 63, (table.name, part)


def test_no_table_or_column_is_called_by_a_word_of_sql() -> None:
    reserved = {"case", "user", "order", "group", "table", "check", "column", "desc", "select", "where", "grant"}

    assert not {table.name for table in TABLES} & reserved
    assert not {column.name for table in TABLES for column in table.columns} & reserved


def test_moments_end_in_at_and_days_in_on() -> None:
    wrong = []

    for table in TABLES:
        for column in table.columns:
            kind = type(column.type).__name__
            if kind == "Moment" and not re.search(r"(_at|_until|_after|_from|_to|^at|_start)$", column.name):
                wrong.append(f"{table.name}.{column.name}")
            if kind == "Date" and not re.search(r"(_on|_from|_to|^on)$", column.name):
                wrong.append(f"{table.name}.{column.name}")

    assert wrong == []
