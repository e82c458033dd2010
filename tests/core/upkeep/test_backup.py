"""A backup is taken while people write, holds what was acknowledged before, and comes back into an empty place only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import audit, migrating
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import ProductError, Refused
from qa.core.models import AuditEntry, Setting
from qa.core.upkeep import backup
from tests.databases import Databases, execute

Places = Callable[[], Flask]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, databases: Databases, make_app: Callable[..., Flask]) -> Places:
    """A maker of apps, each on an empty database of the same kind, with a folder of its own."""
    count = iter(range(100))

    def make() -> Flask:
        name = f"kept_{request.node.name.split('[')[0][-40:]}_{next(count)}"
        if request.param == "sqlite":
            return make_app(databases.settings(f"sqlite:///{databases.folder / name}.sqlite3"))
        server = request.getfixturevalue("postgres")
        execute(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        return make_app(databases.settings(server.format(name)))

    return make


@pytest.fixture
def lived_in(place: Places) -> Iterator[Flask]:
    """An installation that is set up, with a secret, a file and some entries in its audit log."""
    app = place()
    with inside(app):
        migrating.upgrade()
        for number in range(3):
            write(lambda number=number: audit.note(SYSTEM, "did", "thing", number))
        instance = app.config["SETTINGS"].instance
        (instance / "secret_key").write_text("k" * 64)
        (instance / "attachments" / "ab").mkdir(parents=True)
        (instance / "attachments" / "ab" / "picture").write_bytes(b"\x00picture")
        yield app


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """In the context of *app*, which holds no line to its database afterwards."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def did() -> list[str]:
    """What the audit log says was done to things."""
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.object_ref).where(AuditEntry.verb == "did")))


def test_what_was_kept_comes_back_whole_in_another_place(lived_in: Flask, place: Places, tmp_path: Path) -> None:
    kept = backup.back_up(tmp_path / "all")
    other = place()

    with inside(other):
        back = backup.restore(tmp_path / "all")
        found = did()
        write(lambda: audit.note(SYSTEM, "did", "thing", "afterwards"))
        holds = audit.verify().bad_seq is None

    instance = other.config["SETTINGS"].instance
    assert found == ["0", "1", "2"] and holds
    assert (back.rows, back.entries, back.remark) == (kept.rows, kept.entries, "")
    assert (instance / "secret_key").read_text() == "k" * 64
    assert (instance / "secret_key").stat().st_mode & 0o077 == 0
    assert (instance / "attachments" / "ab" / "picture").read_bytes() == b"\x00picture"


def test_a_backup_amid_writers_holds_all_that_was_acknowledged_before_it_began(
    lived_in: Flask, place: Places, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    ends = threading.Event()

    def work(number: int) -> None:
        with lived_in.app_context():
            turn = 0
            while not ends.is_set():
                write(
                    lambda turn=turn: (audit.note(SYSTEM, "did", "thing", f"{number}/{turn}"), _setting(number, turn))
                )
                acknowledged.append(f"{number}/{turn}")
                turn += 1
            db.session.remove()

    writers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(4)]
    for one in writers:
        one.start()
    befores = []
    try:
        for number in range(2):
            before = list(acknowledged)
            while len(acknowledged) < len(before) + 20:
                ends.wait(0.01)
            befores.append(list(acknowledged))
            backup.back_up(tmp_path / f"all-{number}")
    finally:
        ends.set()
        for one in writers:
            one.join(30)

    for number, before in enumerate(befores):
        other = place()
        with inside(other):
            backup.restore(tmp_path / f"all-{number}")
            found, settings = did(), db.session.scalars(select(Setting.key).where(Setting.key.like("kept/%"))).all()
        assert set(before) <= set(found) and len(found) == len(set(found))
        assert {f"kept/{ref}" for ref in found if "/" in ref} == set(settings)  # nothing half-written


def _setting(number: int, turn: int) -> None:
    from_now = db.session.scalar(select(AuditEntry.at).limit(1))
    db.session.add(Setting(key=f"kept/{number}/{turn}", value=turn, valid_from=from_now))


def test_nothing_is_overwritten_neither_by_a_backup_nor_by_a_restore(lived_in: Flask, tmp_path: Path) -> None:
    target = tmp_path / "all"
    backup.back_up(target)
    before = target.read_bytes()

    with pytest.raises(Refused, match="there already"):
        backup.back_up(target)
    with pytest.raises(Refused, match="never overwrites"):
        backup.restore(target)

    assert target.read_bytes() == before and did() == ["0", "1", "2"]
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_a_broken_audit_log_is_not_kept_as_if_it_were_whole(lived_in: Flask, tmp_path: Path) -> None:
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=OFF")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_entry_no_update")
        else:
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        connection.exec_driver_sql("UPDATE audit_entry SET object_ref = 'other' WHERE seq = 2")
        connection.commit()

    with pytest.raises(ProductError, match="broken at entry 2"):
        backup.back_up(tmp_path / "all")

    assert list(tmp_path.iterdir()) == []


def test_a_restore_says_when_the_secret_is_another_one(
    databases: Databases, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_app(databases.settings(f"sqlite:///{databases.folder / 'secret'}.sqlite3"))
    with inside(app):
        migrating.upgrade()
        backup.back_up(tmp_path / "all")
    settings = databases.settings(f"sqlite:///{databases.folder / 'other-secret'}.sqlite3")
    other = make_app(replace(settings, secret_key="o" * 64))

    with inside(other):
        said = backup.restore(tmp_path / "all").remark

    assert "SECRET_KEY" in said
