"""When somebody is told: at once, with the day's others, and not while they want quiet. All in their own day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

HOWS = ("none", "at_once", "digest")


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody wants to be told by e-mail."""

    how: str = "digest"
    digest_hour: int = 8
    quiet_from: int | None = None
    quiet_to: int | None = None


def due(now: datetime, choice: Choice, zone: str, *, urgent: bool = False) -> datetime | None:
    """When a notice that came *now* is sent; None: never. What is urgent is sent now, whatever was chosen.

    >>> from datetime import UTC
    >>> due(datetime(2026, 11, 16, 23, 0, tzinfo=UTC), Choice("at_once", 8, 22, 7), "UTC")
    datetime.datetime(2026, 11, 17, 7, 0, tzinfo=datetime.timezone.utc)
    """
    if urgent:
        return now
    if choice.how == "none":
        return None
    if choice.how == "digest":
        return _next(now, choice.digest_hour, zone)
    if choice.quiet_from is None or choice.quiet_to is None:
        return now
    return _next(now, choice.quiet_to, zone) if _is_quiet(now, choice.quiet_from, choice.quiet_to, zone) else now


def _is_quiet(now: datetime, start: int, end: int, zone: str) -> bool:
    """Whether the hour lies from *start* to *end*, over midnight too; the same hour twice is no time at all."""
    hour = now.astimezone(_zone(zone)).hour
    return start <= hour < end if start <= end else hour >= start or hour < end


def _next(now: datetime, hour: int, zone: str) -> datetime:
    """The next moment at which it is *hour* o'clock there; where clocks leap over it, the first one after."""
    there = now.astimezone(_zone(zone)).replace(hour=hour, minute=0, second=0, microsecond=0)
    found = there.astimezone(now.tzinfo)
    if found <= now:
        found = (there + timedelta(days=1)).astimezone(now.tzinfo)
    return found


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in available_timezones() else "UTC")
