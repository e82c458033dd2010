"""What one test did is nothing that the next one could find: neither in the database nor in the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.registries import Place
from tests import factories
from tests.conftest import TODAY, Databases
from tests.desk import Desk
from tests.grounds import Ground, PostgresGround, SqliteGround


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Ground]:
    """A ground that no other test stands on."""
    if request.param == "sqlite":
        made = Ground(SqliteGround(databases))
    else:
        made = Ground(PostgresGround(databases, request.getfixturevalue("postgres")))
    yield made
    made.close()


@pytest.fixture
def postgres_only(databases: Databases, postgres: str) -> Iterator[Ground]:
    made = Ground(PostgresGround(databases, postgres))
    yield made
    made.close()


def held(url: str) -> dict[str, Any]:
    """Every row and every counter of a database."""
    engine = create_engine(url)
    with engine.connect() as line:
        tables = inspect(line).get_table_names()
        rows = {name: sorted(map(repr, line.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}
        if engine.dialect.name == "postgresql":
            counters = line.execute(text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"))
            rows["counters"] = list(map(repr, counters))
    engine.dispose()
    return rows


def told() -> None:
    """Something to register."""


def work(app: Flask) -> None:
    """Fill some tables, register, set and leave things."""
    desk = Desk()
    desk.drawn_case()
    jobs.register("told", lambda _work: told())
    write(lambda: jobs.enqueue(SYSTEM, "told"))
    app.config["MAX_CONTENT_LENGTH"] = 1
    app.extensions["registries"].places.append(Place("Nowhere", "/nowhere", "z", frozenset({"agent"})))
    app.extensions["before_commit"].append(told)
    app.jinja_env.globals["told"] = True
    (app.config["SETTINGS"].instance / "left.txt").write_text("left")


def test_a_database_that_was_worked_in_is_as_a_new_one(ground: Ground) -> None:
    url = ground.place.settings.database_url
    new = held(url)

    with clock.fixed(TODAY), ground.taken() as app:
        work(app)
        worked = held(url)

    assert worked != new
    assert held(url) == new


def test_an_app_that_was_worked_with_is_as_a_new_one(ground: Ground) -> None:
    with clock.fixed(TODAY), ground.taken() as app:
        work(app)

    with ground.taken() as app:
        assert "told" not in app.extensions["job_kinds"] and "told" not in app.jinja_env.globals
        assert app.config["MAX_CONTENT_LENGTH"] > 1
        assert "/nowhere" not in [place.url for place in app.extensions["registries"].places]
        assert told not in app.extensions["before_commit"]
        assert list(app.config["SETTINGS"].instance.iterdir()) == []


def test_the_same_work_gets_the_same_numbers_again(ground: Ground) -> None:
    numbers = []
    for _ in range(2):
        with clock.fixed(TODAY), ground.taken() as app:
            work(app)
            numbers.append(factories.person().id)

    assert numbers[0] == numbers[1]


def test_an_address_that_was_added_is_gone(ground: Ground) -> None:
    with ground.taken() as app:
        app.add_url_rule("/nowhere", view_func=lambda: "here")
        there = app.test_client().get("/nowhere").status_code

    with ground.taken() as app:
        assert there == 200 and app.test_client().get("/nowhere").status_code == 404


def test_a_schema_that_was_changed_is_made_anew(postgres_only: Ground) -> None:
    url = postgres_only.place.settings.database_url
    with postgres_only.taken():
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as line:
            line.execute(text("ALTER TABLE team ADD COLUMN nickname text"))
        engine.dispose()

    with postgres_only.taken():
        assert "nickname" not in [column["name"] for column in inspect(db.engine).get_columns("team")]


def test_a_transaction_that_was_left_open_holds_nobody_up(postgres_only: Ground) -> None:
    url = make_url(postgres_only.place.settings.database_url)
    with clock.fixed(TODAY), postgres_only.taken():
        Desk()
        left = psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database)
        left.execute("SELECT * FROM team FOR UPDATE")

    with postgres_only.taken():
        assert db.session.execute(text("SELECT count(*) FROM team")).scalar() == 0
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    left.close()
