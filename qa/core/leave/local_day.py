"""Which day it is where somebody is: portions, what a person bears, and leave go by the person's own day.

By UTC, whoever works in the Americas would begin a second day in the middle of an afternoon.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, case, literal, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, remembered
from qa.core.models import Person


def today(actor: Actor) -> date:
    """The day that it is now where *actor* is."""
    return _day(actor.time_zone)


def midnight(actor: Actor) -> datetime:
    """The moment at which that day began, in UTC."""
    return _beginning(today(actor), actor.time_zone)


def monday(actor: Actor) -> datetime:
    """The moment at which that day's week began, in UTC."""
    day = today(actor)
    return _beginning(day - timedelta(days=day.weekday()), actor.time_zone)


def today_there() -> ColumnElement[Any]:
    """In a query over `Person`: the day that it is now where each of them is."""
    zones: list[str] = remembered("time zones", lambda: list(db.session.scalars(_ZONES)))
    usual = clock.now().date()
    others = [(Person.time_zone.in_(zones), literal(day, Date)) for day, zones in _by_day(zones) if day != usual]
    return case(*others, else_=literal(usual, Date)) if others else literal(usual, Date)


_ZONES = select(Person.time_zone).distinct().order_by(Person.time_zone)


def _by_day(zones: Iterable[str]) -> list[tuple[date, list[str]]]:
    found: dict[date, list[str]] = defaultdict(list)
    for zone in zones:
        found[_day(zone)].append(zone)
    return sorted(found.items())


def _day(zone: str) -> date:
    return clock.now().astimezone(ZoneInfo(zone)).date()


def _beginning(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
