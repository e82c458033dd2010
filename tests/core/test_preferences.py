"""Settings that people change: what held when, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, writing
from qa.core.errors import BadInput, NotFound
from qa.core.models import Setting
from tests.conftest import TODAY


def test_until_somebody_changes_it_the_default_holds(app: Flask) -> None:
    assert preferences.get("target_accuracy") == 0.95


def test_every_default_is_a_value_that_its_own_setting_takes() -> None:
    for preference in preferences.KNOWN.values():
        assert preference.check(preference.default) == preference.default
        assert preference.read(str(preference.default)) == preference.default


def test_a_new_value_holds_from_its_moment_and_leaves_the_past_as_it_was(app: Flask) -> None:
    with clock.fixed(TODAY + timedelta(days=7)), writing():
        preferences.put(SYSTEM, "target_accuracy", 0.98)

    assert preferences.get("target_accuracy", at=TODAY + timedelta(days=6)) == 0.95
    assert preferences.get("target_accuracy", at=TODAY + timedelta(days=7)) == 0.98


def test_a_scope_has_its_own_value_and_else_the_site_s(app: Flask) -> None:
    with writing():
        preferences.put(SYSTEM, "target_accuracy", 0.97)
        preferences.put(SYSTEM, "target_accuracy", 0.99, scope="workflow:legal_request")

    assert preferences.get("target_accuracy", scope="workflow:legal_request") == 0.99
    assert preferences.get("target_accuracy", scope="workflow:abuse_report") == 0.97


def test_two_changes_at_one_moment_leave_the_second(app: Flask) -> None:
    for value in (30, 40):
        with writing():
            preferences.put(SYSTEM, "batch_size", value)

    assert preferences.get("batch_size") == 40
    assert db.session.scalar(select(func.count()).select_from(Setting)) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("target_accuracy", 1.5),
        ("batch_size", True),
        ("batch_size", 2.5),
        ("headline_level", "team"),
        ("release_hour", 24),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(sqlite_app: Flask, key: str, value: object) -> None:
    with pytest.raises(BadInput, match="expected"), writing():
        preferences.put(SYSTEM, key, value)


def test_an_unknown_setting_is_refused(sqlite_app: Flask) -> None:
    with pytest.raises(NotFound), writing():
        preferences.put(SYSTEM, "colour", 1)
    with pytest.raises(KeyError):
        preferences.get("colour")
