"""The migrations make what the models say, on both databases, and may be run again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from qa.core.db import db
from tests.conftest import Databases


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


def checks(app: Flask) -> set[tuple[str, str]]:
    """(table, constraint) of all checks; Alembic does not compare them."""
    inspector = inspect(db.engine)
    return {
        (table, str(check["name"]))
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_the_migrations_make_exactly_the_models(empty: Flask) -> None:
    done = empty.test_cli_runner().invoke(args=["setup"])

    wanted = {
        (table.name, str(part.name))
        for table in db.metadata.sorted_tables
        for part in table.constraints
        if type(part).__name__ == "CheckConstraint"
    }
    assert done.exit_code == 0, done.output
    assert differences() == []
    assert checks(empty) == wanted


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
