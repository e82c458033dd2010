"""Targets with dates, events, and the trend that is read with both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from calibration.goals import events, targets, trend
from calibration.goals.targets import Targets
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.errors import BadInput, NotFound, Refused
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Settled cases of this month, of which five in eight are right, and of the one before, which all are."""
    found = Settled()
    found.put([One(number % 8 < 5, weeks_ago=1) for number in range(160)])
    found.put([One(True, weeks_ago=4.5) for _ in range(40)])
    return found


def put(desk: Settled, about: str, share: float, day: date) -> str:
    return write(lambda: targets.put(desk.manager, about=about, share=share, from_on=day).public_id)


def test_the_nearest_target_of_the_day_holds(desk: Settled) -> None:
    put(desk, "all", 0.90, date(2026, 3, 1))
    put(desk, "workflow:legal_request", 0.99, date(2026, 3, 1))
    put(desk, "policy:conduct/threats", 0.97, date(2026, 5, 1))
    put(desk, "policy:conduct/threats", 0.98, date(2026, 7, 1))

    held = Targets()

    assert held.on(date(2026, 6, 30), policy="conduct/threats") == 0.97
    assert held.on(date(2026, 7, 1), policy="conduct/threats", workflow="legal_request") == 0.98
    assert held.on(date(2026, 4, 1), policy="conduct/threats", workflow="legal_request") == 0.99
    assert held.on(date(2026, 4, 1), workflow="abuse_report") == 0.90
    assert held.on(date(2026, 2, 1)) == 0.95


def test_without_a_dated_target_the_setting_of_that_day_holds(desk: Settled) -> None:
    write(lambda: preferences.put(SYSTEM, "target_accuracy", 0.80))

    held = Targets()

    assert held.on(clock.now().date() - timedelta(days=1)) == 0.95
    assert held.on(clock.now().date()) == 0.80


def test_each_month_is_compared_with_the_target_of_its_time(desk: Settled) -> None:
    put(desk, "all", 0.60, date(2026, 1, 1))
    put(desk, "all", 0.99, date(2026, 11, 1))

    seen = trend.trend(desk.manager)
    threats = trend.trend(desk.manager, policy="conduct/threats")
    nothing = trend.trend(desk.manager, policy="conduct/insults")

    this, before = seen.months[-1], seen.months[-2]
    assert (f"{this.first:%Y-%m}", this.target, before.target) == ("2026-11", 0.99, 0.60)
    assert this.rate is not None and this.rate.figure.estimate == pytest.approx(0.625)
    assert (this.says, before.says) == ("under", "meets")
    assert seen.months[0].rate is None and len(seen.months) == trend.MONTHS
    narrowed = threats.months[-1].rate
    assert narrowed is not None and narrowed.figure.estimate == this.rate.figure.estimate
    assert all(month.rate is None for month in nothing.months)


def test_events_stand_in_their_month(desk: Settled) -> None:
    write(lambda: events.add(desk.manager, happened_on=date(2026, 10, 31), said=" policy  v3 in force "))

    seen = trend.trend(desk.manager)

    assert [event.said for event in seen.months[-2].events] == ["policy v3 in force"]
    assert list(seen.months[-1].events) == []


def test_who_leads_one_team_sets_nothing(desk: Settled) -> None:
    some = factories.actor("manager", manages=[desk.team])

    with pytest.raises(Refused):
        write(lambda: targets.put(some, about="all", share=0.9, from_on=date(2026, 1, 1)))
    with pytest.raises(Refused):
        write(lambda: events.add(some, happened_on=date(2026, 1, 1), said="x"))
    with pytest.raises(BadInput, match="about"):
        put(desk, "workflow:", 0.9, date(2026, 1, 1))
    with pytest.raises(NotFound):
        write(lambda: targets.remove(desk.manager, "0" * 32))


def test_a_manager_sets_a_target_and_an_event_and_takes_them_back(desk: Settled) -> None:
    client = factories.browser(desk.app, desk.manager)

    client.send("/trend/targets", {"about": "policy:conduct/threats", "percent": "97.5", "from_on": "2026-11-01"})
    client.send("/trend/events", {"happened_on": "2026-11-03", "said": "<b>new tool</b>"})
    page = client.get("/trend?policy=conduct/threats").text
    table = client.get("/trend.csv?policy=conduct/threats").text
    wrong = client.send("/trend/targets", {"about": "all", "percent": "20", "from_on": "2026-11-01"})
    for row in targets.listed():
        client.send(f"/trend/targets/{row.public_id}/remove", {})
    for event in events.listed():
        client.send(f"/trend/events/{event.public_id}/remove", {})

    assert "97.5%" in page and "&lt;b&gt;new tool&lt;/b&gt;" in page and "under it" in page
    assert "2026-11,0.625" in table and "0.975,under" in table
    assert wrong.status_code == 422
    assert list(targets.listed()) == [] and list(events.listed()) == []


def test_an_observer_reads_and_sets_nothing(desk: Settled) -> None:
    observer = factories.browser(desk.app, factories.actor("observer"))

    assert "Set target" not in observer.get("/trend").text
    assert observer.send("/trend/targets", {}).status_code == 404
