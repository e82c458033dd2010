"""The demonstration before it is there: what it refuses, when it ends, and where it says who can sign in."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.desk import Desk
from training.demo import accounts, calendar

#: A Sunday, well after the daily release.
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def test_a_database_that_holds_cases_is_refused_and_the_command_fails(sqlite_app: Flask) -> None:
    Desk().case()

    answer = sqlite_app.test_cli_runner().invoke(args=["demo"])

    assert answer.exit_code == 1
    assert "holds cases already" in answer.stderr
    assert not (sqlite_app.config["SETTINGS"].instance / accounts.FILE).exists()


@pytest.mark.parametrize(("hour", "morning"), [(14, 22), (5, 22), (3, 21)])
def test_the_world_ends_with_the_day_before_the_last_release(hour: int, morning: int) -> None:
    days = calendar.of(NOW.replace(hour=hour), 5)

    assert days.morning == datetime(2026, 11, morning, 5, tzinfo=UTC)
    assert days.ends_on.day == morning - 1
    assert days.founded < days.imported(1) < days.imported(20) < days.last_import < days.morning <= NOW


def test_the_list_is_readable_by_the_owner_alone(sqlite_app: Flask) -> None:
    folder = sqlite_app.config["SETTINGS"].instance
    people = (accounts.Account("admin", "a@b.example", "secret", "all"),)

    path = accounts.write_list(folder, people)
    again = accounts.write_list(folder, people)

    assert path == again
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "admin  a@b.example  secret  all\n"
