"""A copy of the whole database as of one moment, while people work, and its way back into an empty one.

SQLite: its own backup, in one reading transaction (a file that is merely copied while somebody writes is torn, or lacks
what was acknowledged). PostgreSQL: every table by COPY, all in one REPEATABLE READ transaction, so that they fit.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy.engine import make_url

from qa.core.db import db, is_sqlite
from qa.core.errors import ProductError, Refused

_FILE = "database.sqlite3"
_VERSION = "alembic_version"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_COLUMNS = """SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()
              AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""


def copy_out(folder: Path) -> dict[str, Any]:
    """Copy the present database into *folder*; for the manifest: its kind, its migration, the rows of each table."""
    return _sqlite_out(folder) if is_sqlite() else _postgresql_out(folder)


def copy_in(folder: Path, said: Mapping[str, Any]) -> None:
    """Put the copy that lies in *folder* into the present database, whose tables it must fit."""
    (_sqlite_in if is_sqlite() else _postgresql_in)(folder, said)


def refuse_if_used() -> None:
    """Raise Refused where the present database is not empty: a restore never overwrites."""
    if is_sqlite():
        path = _path()
        tables = _names(path) if path.exists() else []
    else:
        with _connection() as connection:
            tables = [row[0] for row in connection.execute(_TABLES)]
    if tables:
        where = db.engine.url.render_as_string(hide_password=True)
        raise Refused(
            f"There is a database already: {where}. A restore never overwrites one. Name an empty place: "
            "another folder in SECOND_LOOK_INSTANCE, or another DATABASE_URL."
        )


def _path() -> Path:
    name = make_url(db.engine.url).database
    if not name or name == ":memory:":
        raise ProductError("This database lives in memory alone; there is nothing to keep.")
    return Path(name)


def _names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as line:
        return [row[0] for row in line.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def _sqlite_out(folder: Path) -> dict[str, Any]:
    target = folder / _FILE
    with closing(sqlite3.connect(_path())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)  # all pages at one go: nobody's writing makes it begin anew
        copy.execute("PRAGMA journal_mode=DELETE")
        wrong = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        if wrong != ["ok"] or copy.execute("PRAGMA foreign_key_check").fetchone():
            raise ProductError(f"The copy does not hold together: {wrong[0]}. Run `flask doctor`.")
        tables = [name for name in _names(target) if not name.startswith("sqlite_")]
        rows = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
        revision = copy.execute(f"SELECT version_num FROM {_VERSION}").fetchone() if _VERSION in tables else None
    return {"database": "sqlite", "revision": revision and revision[0], "rows": rows}


def _sqlite_in(folder: Path, said: Mapping[str, Any]) -> None:
    db.engine.dispose()
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in ("", "-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)
    shutil.move(folder / _FILE, path)
    with closing(sqlite3.connect(path)) as line:
        _compare(said, {name: line.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in said["rows"]})


@contextmanager
def _connection() -> Iterator[Any]:
    """A line of its own to PostgreSQL, as the driver gives it."""
    raw = db.engine.raw_connection()
    try:
        yield raw.driver_connection
        raw.driver_connection.commit()
    finally:
        raw.close()


def _postgresql_out(folder: Path) -> dict[str, Any]:
    with _connection() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        there = {row[0] for row in connection.execute(_TABLES)}
        # Each table after those that it refers to: in this order they go back in.
        ordered = [table.name for table in db.metadata.sorted_tables if table.name in there]
        columns = {name: [row[0] for row in connection.execute(_COLUMNS, (name,))] for name in ordered}
        rows = {}
        for name in ordered:
            command = sql.SQL("COPY {} ({}) TO STDOUT").format(*_named(name, columns[name]))
            with (folder / f"{name}.copy").open("xb") as handle, connection.cursor() as cursor:
                with cursor.copy(command) as given:
                    for chunk in given:
                        handle.write(chunk)
                rows[name] = cursor.rowcount
        revision = connection.execute(f"SELECT version_num FROM {_VERSION}").fetchone() if _VERSION in there else None
        sequences = {row[0]: row[1] for row in connection.execute(_SEQUENCES) if row[1] is not None}
    found = {"database": "postgresql", "revision": revision and revision[0], "rows": rows}
    return {**found, "columns": columns, "sequences": sequences}


def _postgresql_in(folder: Path, said: Mapping[str, Any]) -> None:
    with _connection() as connection:
        there = {row[0] for row in connection.execute(_TABLES)}
        rows = {}
        for name, columns in said["columns"].items():
            if name not in there:
                raise ProductError(f"This version has no table {name}: the backup is not of it.")
            command = sql.SQL("COPY {} ({}) FROM STDIN").format(*_named(name, columns))
            with (folder / f"{name}.copy").open("rb") as handle, connection.cursor() as cursor:
                with cursor.copy(command) as taking:
                    while chunk := handle.read(1024**2):
                        taking.write(chunk)
                rows[name] = cursor.rowcount
        for name, last in said["sequences"].items():
            connection.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, last))
        _compare(said, rows)  # before they are committed


def _named(table: str, columns: list[str]) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def _compare(said: Mapping[str, Any], found: Mapping[str, int]) -> None:
    for name, count in said["rows"].items():
        if found.get(name) != count:
            raise ProductError(f"{name} holds {found.get(name)} rows, and its backup said {count}.")
