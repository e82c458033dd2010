"""The migrations make what the models say, on both databases, and may be run again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from qa.core.db import db
from qa.core.settings import ROOT
from tests.conftest import Databases

VERSIONS = ROOT / "qa" / "core" / "migrations" / "versions"
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
COLUMN = re.compile(r"add_column\((.*)\)$", re.M)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, databases: Databases, make_app: Callable[..., Flask], tmp_path: Path
) -> Iterator[Flask]:
    """The app on a database that holds nothing at all."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgres")
        engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
        name = f"empty_{tmp_path.name.replace('-', '_')}"
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        url = server.format(name)
    app = make_app(databases.settings(url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences() -> list[object]:
    """What Alembic would still change."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, db.metadata)
    db.session.rollback()
    return list(found)


def asked() -> set[tuple[str, str]]:
    """(name, words) of all checks and indexes; Alembic compares neither what a check asks nor where an index holds."""
    inspector = inspect(db.engine)
    checks = {
        (f"{table}.{check['name']}", check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }
    on_sqlite = db.engine.dialect.name == "sqlite"
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index'" if on_sqlite else INDEXES
    with db.engine.connect() as connection:
        rows = connection.execute(text(indexes)).all()
    return checks | {(name, re.sub(r'["\s]+', " ", words)) for name, words in rows if words}


def test_the_migrations_make_exactly_the_models(
    empty: Flask, make_app: Callable[..., Flask], databases: Databases, request: pytest.FixtureRequest
) -> None:
    done = empty.test_cli_runner().invoke(args=["setup"])

    assert done.exit_code == 0, done.output
    assert differences() == []
    migrated = asked()
    on_sqlite = db.engine.dialect.name == "sqlite"
    as_modelled = databases.sqlite() if on_sqlite else databases.postgresql(request.getfixturevalue("postgres"))
    with make_app(as_modelled).app_context():
        wanted = asked()
        db.engine.dispose()
    assert wanted and migrated == wanted


def test_a_database_that_is_in_use_can_be_upgraded() -> None:
    """A column that comes to a table with rows may be empty in them, or says what stands there."""
    later = sorted(VERSIONS.glob("*.py"))[1:]

    columns = [one for path in later for one in COLUMN.findall(path.read_text(encoding="utf-8"))]

    assert columns
    assert [one for one in columns if "nullable=True" not in one and "server_default" not in one] == []


def test_setting_up_again_changes_nothing(empty: Flask) -> None:
    runner = empty.test_cli_runner()
    runner.invoke(args=["setup"])
    before = contents()

    again = runner.invoke(args=["setup"])

    assert again.exit_code == 0
    assert contents() == before


def contents() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in inspect(connection).get_table_names()
        }


def test_a_command_on_an_empty_database_says_what_to_do(empty: Flask) -> None:
    answer = empty.test_cli_runner().invoke(args=["audit", "verify"])

    assert answer.exit_code == 1 and "flask setup" in answer.stderr


def test_the_database_of_tests_is_the_one_that_migrations_make(
    make_app: Callable[..., Flask], databases: Databases, tmp_path: Path
) -> None:
    """Tests make their tables from the models, for speed; that must be the same thing."""
    migrated = make_app(databases.settings(f"sqlite:///{tmp_path / 'migrated.sqlite3'}"))
    with migrated.app_context():
        migrated.test_cli_runner().invoke(args=["setup"])
        db.session.remove()
        db.engine.dispose()
    template = make_app(databases.sqlite())
    path = str(template.config["SETTINGS"].database_url).removeprefix("sqlite:///")

    assert columns(tmp_path / "migrated.sqlite3") == columns(Path(path))


def columns(path: Path) -> set[tuple[str, str, str, int]]:
    """(table, column, type, not null) of a SQLite file."""
    connection = sqlite3.connect(path)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            (name, row[1], row[2], row[3])
            for name in names
            if name not in ("alembic_version", "sqlite_sequence")
            for row in connection.execute(f'PRAGMA table_info("{name}")')
        }
    finally:
        connection.close()
