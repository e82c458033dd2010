"""How fresh pages say that they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.models.cases import ImportRun
from qa.queries import freshness
from tests import factories
from tests.conftest import TODAY


def taken_in(latest: datetime, state: str = "published") -> None:
    """An import."""
    factories.kept(
        ImportRun(
            source="test", file_name="f.csv", file_sha256="0" * 64, mapping_hash=f"{latest}{state}", state=state,
            published_at=latest, latest_closed_at=latest,
        )
    )  # fmt: skip


def test_a_page_says_up_to_when_cases_came_and_when_the_next_ones_come(app: Flask) -> None:
    nothing = freshness.freshness()
    taken_in(datetime(2026, 11, 14, 3, tzinfo=UTC))
    taken_in(datetime(2026, 11, 15, 3, tzinfo=UTC), "loading")
    alone = freshness.freshness()
    db.session.rollback()
    write(lambda: preferences.put(SYSTEM, "imports_at", "03:00; 15:30"))

    assert nothing is None and alone == "Cases up to 14 Nov 2026, 03:00 UTC"
    assert freshness.freshness() == "Cases up to 14 Nov 2026, 03:00 UTC, next import 16 Nov 2026, 15:30 UTC"
    with clock.fixed(TODAY - timedelta(days=1)):
        assert freshness.freshness() == alone  # nobody had said so then


def test_saying_it_costs_one_statement(sqlite_app: Flask) -> None:
    assert factories.statements(freshness.freshness) == 1


@pytest.mark.parametrize(
    ("hours", "now", "comes"),
    [("03:00", (16, 9, 0), (17, 3, 0)), ("09:00", (16, 9, 0), (17, 9, 0)), ("23:59;00:00", (16, 23, 59), (17, 0, 0))],
)
def test_the_next_import_is_the_first_one_after_now(
    hours: str, now: tuple[int, int, int], comes: tuple[int, int, int]
) -> None:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    assert freshness.next_import(hours, at(*now)) == at(*comes)
    assert freshness.next_import("", at(*now)) is None


@pytest.mark.parametrize("hours", ["24:00", "3", "03:60", "noon", "03:00 15:00"])
def test_what_is_no_hour_is_refused(sqlite_app: Flask, hours: str) -> None:
    with pytest.raises(BadInput):
        write(lambda: preferences.put(SYSTEM, "imports_at", hours))
