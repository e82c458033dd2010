"""When cases come in and how long they take: by the hour of the week, as the imported cases say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from qa.core import clock
from qa.core.db import db
from qa.models.cases import ClosedCase, ImportRun

HOURS = 168
#: Whole weeks that are looked back on; and the newest cases by which the time allowed is known.
WEEKS, NEWEST = 8, 2000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What the last weeks brought. Hours of the week begin on Monday 00:00 of the zone."""

    since: datetime
    weeks: int
    workflows: tuple[str, ...]
    #: Cases that came in, by hour of the week, in all weeks together; and by week, oldest first.
    by_hour: tuple[int, ...] = field(default=(0,) * HOURS)
    by_week: tuple[int, ...] = ()
    #: Mean handle time, and of how many cases it is known; None: of none.
    handle_seconds: float | None = None
    timed: int = 0
    #: Half of the newest cases with a due time are due within so long after they came in.
    allowed_hours: float | None = None

    @property
    def n(self) -> int:
        """Cases that came in."""
        return sum(self.by_hour)


def since(zone: str) -> datetime:
    """Where the whole weeks begin that are looked back on, by the clocks of *zone*."""
    today = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def arrivals(zone: str, workflow: str = "") -> Arrivals:
    """The arrivals of the last whole weeks, and how long the cases took."""
    here, first = ZoneInfo(zone), since(zone)
    until = first + timedelta(weeks=WEEKS)
    shown = _of(workflow)
    hour = func.substr(cast(ClosedCase.opened_at, String), 1, len("2026-11-02 09"))
    took = func.sum(ClosedCase.handle_seconds), func.count(ClosedCase.handle_seconds)
    query = _published(select(hour, func.count(), *took)).where(
        ClosedCase.opened_at >= first, ClosedCase.opened_at < until, *shown
    )
    by_hour, by_week, seconds, timed = [0] * HOURS, [0] * WEEKS, 0, 0
    for text, n, spent, known in db.session.execute(query.group_by(hour)):
        moment = datetime.fromisoformat(f"{text}:00").replace(tzinfo=UTC).astimezone(here)
        by_hour[moment.weekday() * 24 + moment.hour] += n
        by_week[min(max((moment.date() - first.date()).days // 7, 0), WEEKS - 1)] += n
        seconds, timed = seconds + int(spent or 0), timed + known
    mean = seconds / timed if timed else None
    return Arrivals(first, WEEKS, _workflows(), tuple(by_hour), tuple(by_week), mean, timed, _allowed(shown))


def _of(workflow: str) -> list[ColumnElement[bool]]:
    return [ClosedCase.workflow == workflow] if workflow else []


def _published(query: Select[Any]) -> Select[Any]:
    """The current rows of what was imported."""
    shown = query.join(ImportRun, ImportRun.id == ClosedCase.run_id)
    return shown.where(ImportRun.state == "published", ClosedCase.replaced_at.is_(None))


def _workflows() -> tuple[str, ...]:
    return tuple(db.session.scalars(select(ClosedCase.workflow).distinct().order_by(ClosedCase.workflow)))


def _allowed(shown: list[ColumnElement[bool]]) -> float | None:
    """Hours from the arrival to the due time, of the middle one of the newest cases that have both."""
    query = _published(select(ClosedCase.opened_at, ClosedCase.due_at)).where(
        ClosedCase.opened_at.is_not(None), ClosedCase.due_at.is_not(None), *shown
    )
    rows = db.session.execute(query.order_by(ClosedCase.id.desc()).limit(NEWEST)).all()
    spans = [(due - opened).total_seconds() / 3600 for opened, due in rows if due > opened]
    return median(spans) if spans else None
