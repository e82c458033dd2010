"""A whole installation moves from one kind of database to the other, and nothing of it is lost or turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, inspect, select, text

from qa.core import audit, migrating, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import ProductError, Refused
from qa.core.models import AuditEntry, Person
from qa.core.upkeep import moving
from tests import factories
from tests.databases import Databases, execute
from tests.desk import Desk


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """The address of an empty database of the other kind than the present one."""
    if db.engine.dialect.name == "postgresql":
        return f"sqlite:///{tmp_path / 'other.sqlite3'}"
    server = request.getfixturevalue("postgres")
    execute(server, "DROP DATABASE IF EXISTS moved", "CREATE DATABASE moved")
    return server.format("moved")


@pytest.fixture
def lived_in(app: Flask) -> Flask:
    """A world with rows in most tables, on a database whose migration is known."""
    desk = Desk()
    for _ in range(3):
        desk.drawn_case()
    write(lambda: [preferences.put(SYSTEM, "target_accuracy", share) for share in (0.9, 0.1 + 0.2 + 0.6, 0.95)])
    with db.engine.connect() as line:
        line.exec_driver_sql("ROLLBACK")
        if line.dialect.name == "sqlite":
            line.exec_driver_sql("PRAGMA query_only=OFF")
        line.exec_driver_sql("BEGIN" if line.dialect.name == "sqlite" else "BEGIN READ WRITE")
        moving.stamp(line)
        line.exec_driver_sql("COMMIT")
    db.session.rollback()
    return app


@contextmanager
def opened(make_app: Callable[..., Flask], databases: Databases, url: str) -> Iterator[None]:
    """In the context of an app on *url*."""
    with make_app(databases.settings(url)).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def rows() -> dict[str, int]:
    """How many rows each table has."""
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_everything_is_there_afterwards_and_goes_on(
    lived_in: Flask, elsewhere: str, make_app: Callable[..., Flask], databases: Databases
) -> None:
    counted = rows()
    head = audit.head()
    db.session.rollback()

    moved = moving.copy(elsewhere)

    with opened(make_app, databases, elsewhere):
        migrating.upgrade()
        there = rows()
        verdict = audit.verify(head)
        before = db.session.scalar(select(func.max(Person.id)))
        db.session.rollback()
        new = factories.person("agent")
        write(lambda: audit.note(SYSTEM, "went_on", "thing", 1))
        newest = db.session.scalar(select(AuditEntry.verb).order_by(AuditEntry.seq.desc()))
    assert there == counted and moved.rows == sum(counted.values()) >= 60
    assert verdict.bad_seq is None and newest == "went_on" and new.id > before


def test_nothing_stays_there_when_something_fails_on_the_way(lived_in: Flask, elsewhere: str) -> None:
    def stop(done: int, _total: int, _table: str) -> None:
        if done == 20:
            raise RuntimeError("the machine went away")

    with pytest.raises(RuntimeError):
        moving.copy(elsewhere, stop)

    engine = create_engine(elsewhere)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_that_holds_something_is_never_written_to(lived_in: Flask, elsewhere: str) -> None:
    engine = create_engine(elsewhere)
    with engine.begin() as line:
        line.execute(text("CREATE TABLE theirs (id integer)"))
    engine.dispose()

    with pytest.raises(Refused, match="tables in .* already"):
        moving.copy(elsewhere)


@pytest.mark.parametrize("url", ["nonsense", "mysql://somebody@host/name", "postgresql://nobody@127.0.0.1:1/none"])
def test_an_address_that_is_none_is_refused_with_what_was_expected(sqlite_app: Flask, url: str) -> None:
    with pytest.raises(ProductError, match="address|does not open|Expected"):
        moving.copy(url)


def test_a_database_is_not_copied_into_itself(sqlite_app: Flask) -> None:
    with pytest.raises(Refused, match="open now"):
        moving.copy(db.engine.url.render_as_string(hide_password=False))
