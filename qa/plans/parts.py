"""Schedule and intensity of a plan: what may be said, and when a scheduled draw is due."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from qa.core.errors import Problem
from qa.sampling.intensity import Intensity

EVERY = ("day", "week", "month")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Every month has it.
LAST_DAY = 28


def about_schedule(schedule: object, file: str | None) -> list[Problem]:
    """What is wrong with a schedule."""
    if schedule is None:
        return []

    def wrong(expected: str, value: object) -> list[Problem]:
        return [Problem(expected, file=file, field="schedule", value=str(value))]

    if not isinstance(schedule, dict) or set(schedule) - {"every", "day", "zone"}:
        return wrong('a table like {every = "week", day = "monday", zone = "UTC"}', schedule)
    if schedule.get("every") not in EVERY:
        return wrong(f"every is one of {', '.join(EVERY)}", schedule.get("every"))
    if schedule.get("zone", "UTC") not in available_timezones():
        return wrong("zone is a time zone like Europe/Dublin", schedule["zone"])
    day = schedule.get("day")
    if schedule["every"] == "week" and day is not None and str(day).lower() not in WEEKDAYS:
        return wrong("day is a day of the week, like monday", day)
    if schedule["every"] == "month" and day is not None and (type(day) is not int or not 1 <= day <= LAST_DAY):
        return wrong(f"day is a day of the month from 1 to {LAST_DAY}", day)
    return wrong("a daily plan has no day", day) if schedule["every"] == "day" and day is not None else []


def about_since(since: object, file: str | None) -> list[Problem]:
    """What is wrong with the day from which the first window takes cases."""
    try:
        day_of(since)
    except ValueError:
        return [Problem("a day like 2026-11-16", file=file, field="since", value=str(since))]
    return []


def day_of(said: object) -> date | None:
    """A day of a plan file, which TOML may have read already. Raises ValueError.

    >>> day_of("2026-11-16"), day_of(None)
    (datetime.date(2026, 11, 16), None)
    """
    if isinstance(said, datetime):
        raise ValueError("a moment is no day")
    return said if said is None or isinstance(said, date) else date.fromisoformat(str(said))


def beginning(since: date, schedule: dict[str, Any] | None) -> datetime:
    """The midnight, in the schedule's zone, at which a plan's first window begins."""
    return datetime.combine(since, time(), ZoneInfo((schedule or {}).get("zone", "UTC"))).astimezone(UTC)


def about_intensity(said: dict[str, Any], file: str | None) -> list[Problem]:
    """What is wrong with the rule for new and proven people."""
    rule = said["intensity"]
    if rule is None:
        return []
    known = asdict(Intensity())
    if not isinstance(rule, dict) or set(rule) - set(known):
        return [Problem(f"a table of {', '.join(known)}", file=file, field="intensity", value=str(rule))]
    problems = [
        Problem("a number, 0 or more", file=file, field=f"intensity.{name}", value=str(value))
        for name, value in rule.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10_000
    ]
    if "agent" not in said["strata"] or said["min_per_stratum"] == 0:
        needed = "agent among the strata and min_per_stratum of 1 or more, which is the floor of who is proven"
        problems.append(Problem(needed, file=file, field="intensity"))
    return problems


def latest_boundary(schedule: dict[str, Any], now: datetime) -> datetime:
    """When the last period before *now* ended: the midnight, in the schedule's zone, at which its day began.

    >>> latest_boundary({"every": "week", "zone": "Europe/Dublin"}, datetime(2026, 7, 8, 12, tzinfo=UTC)).isoformat()
    '2026-07-05T23:00:00+00:00'
    """
    zone = ZoneInfo(schedule.get("zone", "UTC"))
    today = now.astimezone(zone).date()
    if schedule["every"] == "week":
        wanted = WEEKDAYS.index(str(schedule.get("day", "monday")).lower())
        today -= timedelta(days=(today.weekday() - wanted) % 7)
    elif schedule["every"] == "month":
        day = schedule.get("day", 1)
        before = today.replace(day=1) - timedelta(days=1) if today.day < day else today
        today = before.replace(day=day)
    return datetime.combine(today, time(), zone).astimezone(UTC)


def days_to_spread_over(schedule: dict[str, Any], now: datetime) -> list[datetime]:
    """The moments at which the parts of a scheduled draw come into the queues: *now*, then each further working day
    of the period at the same local time."""
    zone = ZoneInfo(schedule.get("zone", "UTC"))
    local = now.astimezone(zone)
    end = _next_boundary(schedule, local.date())
    found, day = [now], local.date() + timedelta(days=1)
    while day < end:
        if day.weekday() < 5:
            found.append(datetime.combine(day, local.time(), zone).astimezone(UTC))
        day += timedelta(days=1)
    return found


def _next_boundary(schedule: dict[str, Any], today: date) -> date:
    step = {"day": 1, "week": 7, "month": 31}[schedule["every"]]
    later = datetime.combine(today + timedelta(days=step), time(12), ZoneInfo(schedule.get("zone", "UTC")))
    return latest_boundary(schedule, later).astimezone(ZoneInfo(schedule.get("zone", "UTC"))).date()


def intensity_of(stored: dict[str, Any] | None) -> Intensity | None:
    """A stored rule with the usual values where it says nothing."""
    return None if stored is None else Intensity(**stored)
