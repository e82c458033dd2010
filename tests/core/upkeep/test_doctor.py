"""The doctor finds what is wrong and says what to do; a healthy installation has nothing bad."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from qa.core import audit, clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.upkeep import doctor
from tests import factories
from tests.databases import Databases


def by_name(found: list[doctor.Found]) -> dict[str, doctor.Found]:
    return {one.what: one for one in found}


def test_a_database_that_is_not_set_up_is_told_with_the_command_that_does_it(databases: Databases, make_app) -> None:
    app = make_app(databases.settings(f"sqlite:///{databases.folder / 'nothing'}.sqlite3"))

    with app.app_context():
        found = by_name(doctor.examine())
        db.engine.dispose()

    assert found["Database"].state == "bad" or found["Set-up"].state == "bad"
    assert any("flask setup" in one.remedy for one in found.values())


def test_each_thing_that_is_wrong_is_named(app: Flask, tmp_path: Path) -> None:
    versions = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"
    write(
        lambda: [db.session.execute(text(line)) for line in (versions, "INSERT INTO alembic_version VALUES ('0000')")]
    )
    (app.config["SETTINGS"].instance / "secret_key").write_text("k" * 64)
    (app.config["SETTINGS"].instance / "secret_key").chmod(0o644)
    jobs.register("never", lambda _work: None)
    write(lambda: jobs.enqueue(SYSTEM, "never"))
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        found = by_name(doctor.examine())
    write(lambda: db.session.execute(text("DROP TABLE alembic_version")))
    (app.config["SETTINGS"].instance / "secret_key").unlink()

    assert {name for name, one in found.items() if one.state == "bad"} >= {"Secret", "Set-up", "Worker", "People"}
    assert found["Backup"].state == "warn" and found["Audit log"].state == "warn"
    assert all(one.remedy for one in found.values() if one.state != "ok")


def test_what_is_mended_is_bad_no_more(app: Flask) -> None:
    factories.person("admin")
    jobs.register("never", lambda _work: None)
    number = write(lambda: jobs.enqueue(SYSTEM, "never"))
    assert number is not None
    jobs.run_due()
    write(lambda: audit.note(SYSTEM, "backed_up", "installation", "all"))

    found = by_name([one for look in doctor._OF_DATABASE if look is not doctor._migrations for one in look()])

    assert {one.state for name, one in found.items() if name in ("Worker", "People", "Backup", "Clock")} == {"ok"}


def test_a_clock_that_went_back_is_found(sqlite_app: Flask) -> None:
    write(lambda: audit.note(SYSTEM, "did", "thing", 1))

    with clock.fixed(clock.now() - timedelta(hours=1)):
        found = by_name(list(doctor._clock()))

    assert found["Clock"].state == "bad" and "before the last audit entry" in found["Clock"].line


def looked_at(app: Flask, **given: str) -> doctor.Found:
    """What the doctor says of mail with these settings."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, **given)
    try:
        return by_name(list(doctor._mail()))["Mail"]
    finally:
        app.config["SETTINGS"] = before


def test_mail_is_fine_without_a_server_and_bad_with_half_of_one(sqlite_app: Flask) -> None:
    none = looked_at(sqlite_app)
    half = looked_at(sqlite_app, smtp_url="smtp://localhost:1")
    dead = looked_at(
        sqlite_app, smtp_url="smtp://localhost:1", mail_from="a@example.org", public_url="https://example.org"
    )

    assert none.state == "ok" and "copies links" in none.line
    assert half.state == "bad" and "SECOND_LOOK_MAIL_FROM, SECOND_LOOK_URL are missing" in half.line
    assert dead.state == "bad" and "cannot be used (ConnectionRefusedError)" in dead.line


def test_a_key_that_is_younger_than_the_data_is_told(sqlite_app: Flask) -> None:
    write(lambda: audit.note(SYSTEM, "did", "thing", 1))
    path = sqlite_app.config["SETTINGS"].instance / "secret_key"
    path.write_text("k" * 64)
    first = clock.now().timestamp()

    os.utime(path, (first + 3600, first + 3600))
    same = list(doctor._secret_is_ours())
    os.utime(path, (first + 3 * 86400, first + 3 * 86400))
    later = list(doctor._secret_is_ours())
    path.unlink()

    assert same == [] and [one.state for one in later] == ["warn"]
    assert "put back secret_key" in later[0].remedy
