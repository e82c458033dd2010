"""When things happen in the demonstration: everything hangs on the last daily release before now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from training.world.planted import WEEKS

#: Days of the last week that come in a file of their own, drawn this morning and graded by nobody yet.
LAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments of a world whose last release was at *morning*."""

    morning: datetime

    @property
    def ends_on(self) -> date:
        """The last whole day of the world."""
        return self.morning.date() - timedelta(days=1)

    @property
    def founded(self) -> datetime:
        """When people and policies were set up: two weeks before the first case was closed."""
        first = self.ends_on - timedelta(days=WEEKS * 7 - 1)
        return at(first - timedelta(days=14), 9)

    def week_end(self, week: int) -> date:
        """The last day of a week (1..20)."""
        return self.ends_on - timedelta(weeks=WEEKS - week)

    def imported(self, week: int) -> datetime:
        """When a week's file comes in: the morning after; of the last week, some days before its end."""
        if week == WEEKS:
            return at(self.ends_on - timedelta(days=LAST_DAYS - 1), 4)
        return at(self.week_end(week) + timedelta(days=1), 4)

    @property
    def last_import(self) -> datetime:
        """When the last days' file comes in: just before this morning's release."""
        return self.morning - timedelta(minutes=20)


def of(now: datetime, release_hour: int) -> Calendar:
    """The calendar of a demonstration that is opened *now*."""
    today = now.astimezone(UTC).replace(hour=release_hour, minute=0, second=0, microsecond=0)
    return Calendar(today if today <= now else today - timedelta(days=1))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)
