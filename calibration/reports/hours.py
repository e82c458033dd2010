"""Shares closed late by the hour and the shift in which a case was closed, by the clocks of the team that closed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import String, case, cast, func, select

from calibration.reports import shifts
from calibration.reports.closing import LATE, late_table, shown
from calibration.reports.parts import Table
from qa.core.db import db
from qa.core.models import Team
from qa.models.cases import ClosedCase


class Hours:
    """How many cases of some days were closed late, by the hour on the clocks of their teams."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.by_hour: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for hour, late, n in _counted(since, until):
            count = self.by_hour[hour]
            count[0] += late
            count[1] += n

    def late_by(self, name: str) -> Table:
        """Shares closed late by "shift" or by "hour"."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for hour, (late, n) in self.by_hour.items():
            count = counts[shifts.of(hour) if name == "shift" else f"{hour:02}:00"]
            count[0] += late
            count[1] += n
        return late_table(name, "Shift" if name == "shift" else "Hour of closing", counts, how=shifts.HOW)


def _counted(since: datetime, until: datetime) -> Iterator[tuple[int, int, int]]:
    """(hour on the team's clocks, closed late, cases), counted by quarters of an hour: all clocks differ by such."""
    written = cast(ClosedCase.closed_at, String)
    hour, minute = func.substr(written, 1, len("2026-11-02 09")), func.substr(written, len("2026-11-02 09:3"), 2)
    quarter = case((minute < "15", 0), (minute < "30", 15), (minute < "45", 30), else_=45)
    query = select(Team.time_zone, hour, quarter, LATE, func.count())
    query = query.outerjoin(Team, Team.id == ClosedCase.agent_team_id)
    query = shown(query, since, until).where(ClosedCase.due_at.is_not(None)).group_by(Team.time_zone, hour, quarter)
    for zone, text, minutes, late, n in db.session.execute(query):
        moment = datetime.fromisoformat(f"{text}:{minutes:02}").replace(tzinfo=UTC)
        yield moment.astimezone(shifts.zone(zone or "UTC")).hour, late, n
