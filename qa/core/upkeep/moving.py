"""This database into another, empty one, of whichever kind: read in one transaction, written in one, then compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Table,
    Text,
    cast,
    create_engine,
    event,
    func,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from qa.core import audit, migrating
from qa.core.access import SYSTEM
from qa.core.db import db, is_sqlite, write
from qa.core.errors import ProductError, Refused
from qa.core.settings import driver_url

#: Rows that are in memory at once.
BATCH = 2_000
#: Tables and rows done so far, and the table at hand.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What another database now holds too."""

    tables: int
    rows: int
    where: str


def copy(url: str, progress: Progress | None = None) -> Moved:
    """Copy every row of the present database into the empty database at *url*, and compare table by table.

    Nothing is committed there before all of it is there and equal (a digest of each table's rows in the order of
    their keys, read back from there). Raises Refused where something is there already, where *url* is the present
    database or this one is not migrated, and ProductError when *url* cannot be opened or a table differs.
    """
    engine = _opened(url)
    where = engine.url.render_as_string(hide_password=True)
    try:
        with _reading() as source, engine.begin() as target:
            _refuse_if_old(source)
            _refuse_if_used(target, where)
            db.metadata.create_all(target)
            rows = 0
            tables = db.metadata.sorted_tables
            for number, table in enumerate(tables):
                if progress:
                    progress(number, len(tables), table.name)
                rows += _copy_table(source, target, table)
            stamp(target)
    finally:
        engine.dispose()
    write(lambda: audit.note(SYSTEM, "copied", "installation", "all", rows=rows))
    return Moved(len(tables), rows, where)


def _opened(url: str) -> Engine:
    """An engine on *url* that enforces what the product relies on."""
    try:
        found = make_url(driver_url(url))
        if found.get_backend_name() not in ("sqlite", "postgresql"):
            raise Refused(f"Expected the address of a SQLite file or a PostgreSQL database, not of {found.drivername}.")
        if _same(found, db.engine.url):
            raise Refused("That is the database that is open now; name an empty one.")
        engine = create_engine(found)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _begin_by_hand)
            event.listen(engine, "begin", lambda line: line.exec_driver_sql("BEGIN IMMEDIATE"))
        engine.connect().close()
    except ArgumentError:
        raise ProductError(
            "Expected an address like postgresql://user:password@host/name or sqlite:////folder/name.sqlite3."
        ) from None
    except OperationalError as error:
        where = found.render_as_string(hide_password=True)
        raise ProductError(f"The database at {where} does not open: {error.orig}") from None
    return engine


def _same(one: Any, other: Any) -> bool:
    if one.get_backend_name() != other.get_backend_name():
        return False
    if one.get_backend_name() == "sqlite":
        return Path(one.database or "").resolve() == Path(other.database or "").resolve()
    return (one.host, one.port or 5432, one.database) == (other.host, other.port or 5432, other.database)


def _begin_by_hand(line: Any, _record: Any) -> None:
    """SQLite's driver begins no transaction before CREATE TABLE by itself: half a copy could stay."""
    line.isolation_level = None


@contextmanager
def _reading() -> Iterator[Connection]:
    """The present database as of one moment."""
    with db.engine.connect() as line, line.begin():
        if not is_sqlite():
            line.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield line


def _refuse_if_old(source: Connection) -> None:
    found = MigrationContext.configure(source).get_current_revision()
    if found is None or found != ScriptDirectory(migrating.FOLDER).get_current_head():
        raise Refused("This database is not the one of this version. Run `flask setup` first.")


def stamp(line: Connection) -> None:
    """Say in a database whose tables were made from the models that every migration has been run."""
    scripts = ScriptDirectory(migrating.FOLDER)
    MigrationContext.configure(line).stamp(scripts, scripts.get_current_head() or "base")


def _refuse_if_used(target: Connection, where: str) -> None:
    if inspect(target).get_table_names():
        raise Refused(f"There are tables in {where} already. Name an empty database: nothing is ever overwritten.")


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    """Copy one table and compare; its rows."""
    put = _put_sqlite if target.dialect.name == "sqlite" else _put_postgresql
    told, counted = hashlib.sha256(), 0

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal counted
        for row in _rows(source, table):
            told.update(_digestible(row))
            counted += 1
            yield row

    put(target, table, rows())
    back = hashlib.sha256()
    for row in _rows(target, table):
        back.update(_digestible(row))
    if back.digest() != told.digest():
        raise ProductError(f"The table {table.name} came out different there. Nothing was kept of it.")
    return counted


def _rows(line: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of *table* in the order of their keys; JSON as its text, so that nothing of it is turned."""
    raw = type_coerce if line.dialect.name == "sqlite" else cast
    columns = [raw(column, Text).label(column.name) if _is_json(column) else column for column in table.columns]
    places = [place for place, column in enumerate(table.columns) if _is_json(column)]
    query = select(*columns).order_by(*table.primary_key.columns)
    for found in line.execute(query.execution_options(yield_per=BATCH)):
        row = list(found)
        for place in places:
            row[place] = _json_text(row[place])
        yield tuple(row)


def _json_text(value: str | float | None) -> str | None:
    """JSON as text. A bare number is a number in SQLite, which knows 1.0 as 1: written so for both."""
    if value is None or isinstance(value, str) and not value.lstrip("-")[:1].isdigit():
        return value
    number = json.loads(value) if isinstance(value, str) else value
    return json.dumps(int(number) if number == int(number) else number)


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _digestible(row: tuple[Any, ...]) -> bytes:
    return json.dumps([_plain(value) for value in row], ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _plain(value: Any) -> Any:
    """A value as both databases give it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def _put_sqlite(target: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
    """Into SQLite, JSON as the text that it is there anyway."""
    target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a row may refer to a later one
    dialect = target.dialect
    turns = [None if _is_json(column) else _turn(column, dialect) for column in table.columns]
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    command = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(turns))})'
    cursor = target.connection.cursor()
    while batch := [_turned(row, turns) for row in islice(rows, BATCH)]:
        cursor.executemany(command, batch)
    cursor.close()


def _put_postgresql(target: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
    """Into PostgreSQL, in one statement: a row may refer to a later one. Its numbers go on after the last."""
    turns = [None if _is_json(column) else _turn(column, target.dialect) for column in table.columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    line: Any = target.connection.driver_connection
    with line.cursor() as cursor, cursor.copy(command) as taking:
        for row in rows:
            taking.write_row(_turned(row, turns))
    if "id" in table.columns:
        last = target.scalar(select(func.max(table.c.id)))
        sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        if last is not None and sequence is not None:
            target.execute(select(func.setval(sequence, last)))


def _turn(column: Column[Any], dialect: Any) -> Callable[[Any], Any] | None:
    """What makes of a value that the product knows the one that the driver takes."""
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _turned(row: tuple[Any, ...], turns: list[Callable[[Any], Any] | None]) -> list[Any]:
    return [value if turn is None or value is None else turn(value) for value, turn in zip(row, turns, strict=True)]
