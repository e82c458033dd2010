"""When cases were closed and first answered: all cases with such times, not a sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select

from calibration.graders.lines import Part
from calibration.reports import shifts
from calibration.reports.parts import Line, Table, of_part
from qa.core import formats
from qa.core.db import db
from qa.core.models import Team
from qa.models.cases import ClosedCase, ImportRun

#: Fewer cases of a kind are not listed by themselves: one case would be named by its queue.
FEWEST = 5
_HOW = "Every case with a due time counts, not a sample; the interval is that of the rate behind them."


@dataclass(frozen=True, slots=True)
class Timed:
    """A closed case by its times."""

    case_id: int
    workflow: str
    queue: str
    team: str
    opened_at: datetime | None
    first_response_at: datetime | None
    due_at: datetime | None
    closed_at: datetime
    #: Of the day by the clocks of the team that closed it.
    zone: str = "UTC"

    @property
    def local_hour(self) -> int:
        """The hour at which it was closed, where its team works."""
        return self.closed_at.astimezone(shifts.zone(self.zone)).hour

    @property
    def is_late(self) -> bool:
        """Whether it was closed after its due time."""
        return self.due_at is not None and self.closed_at > self.due_at


def timed(since: datetime, until: datetime) -> Iterator[Timed]:
    """The cases that were closed from *since* on and before *until*, as they stand now."""
    query = (
        select(
            ClosedCase.id, ClosedCase.workflow, ClosedCase.queue, Team.name, ClosedCase.opened_at,
            ClosedCase.first_response_at, ClosedCase.due_at, ClosedCase.closed_at, Team.time_zone,
        )
        .join(ImportRun, ImportRun.id == ClosedCase.run_id)
        .outerjoin(Team, Team.id == ClosedCase.agent_team_id)
        .where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until, ClosedCase.replaced_at.is_(None))
        .where(ImportRun.state == "published")
        .order_by(ClosedCase.id)
    )  # fmt: skip
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        yield Timed(row.id, row.workflow, row.queue or "", row.name or "", *row[4:8], row.time_zone or "UTC")


#: Table -> its title, and what it splits by.
_LATE = {
    "workflow": ("Workflow", lambda case: case.workflow.replace("_", " ")),
    "queue": ("Queue", lambda case: case.queue),
    "team": ("Team", lambda case: case.team),
    "shift": ("Shift", lambda case: shifts.of(case.local_hour)),
    "hour": ("Hour of closing", lambda case: f"{case.local_hour:02}:00"),
}


class Closing:
    """What the times of all cases say, gathered in one reading."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.counts: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in _LATE}
        self.first: dict[str, list[float]] = defaultdict(list)
        self.due: dict[int, datetime] = {}
        self.n = self.late = 0
        for case in timed(since, until):
            self._take(case)

    def _take(self, case: Timed) -> None:
        if case.opened_at is not None and case.first_response_at is not None:
            self.first[case.workflow].append((case.first_response_at - case.opened_at).total_seconds())
        if case.due_at is None:
            return
        self.due[case.case_id] = case.due_at
        self.n, self.late = self.n + 1, self.late + case.is_late
        for name, (_, of) in _LATE.items():
            count = self.counts[name][of(case)]
            count[0] += case.is_late
            count[1] += 1

    def late_by(self, name: str) -> Table:
        """Shares closed late by one split; what is too small to stand alone is together."""
        lines, others = [], [0, 0]
        for value, (late, n) in sorted(self.counts[name].items()):
            if n < FEWEST or not value:
                others = [others[0] + late, others[1] + n]
            else:
                lines.append(_line(value, late, n))
        if others[1]:
            lines.append(_line("others", *others))
        title = _LATE[name][0]
        how = f"{_HOW} {shifts.HOW}" if name in ("shift", "hour") else _HOW
        return Table(
            f"late_by_{name}", f"Closed late, by {title[0].lower()}{title[1:]}", [title], ["Closed late"],
            ["Late", "Cases"], lines, how, "No case of this time has a due time.",
        )  # fmt: skip

    def first_response(self) -> Table:
        """How long it took until somebody answered, by workflow."""
        lines = [
            Line([name.replace("_", " ")], (), [_hours(median(seconds)), _hours(_ninth(seconds)), str(len(seconds))])
            for name, seconds in sorted(self.first.items())
            if len(seconds) >= FEWEST
        ]
        counted = ["Half within", "Nine in ten within", "Cases"]
        return Table(
            "first_response", "First response", ["Workflow"], (), counted, lines,
            "Every case with both times counts.", "No case of this time has a time of its first response.",
        )  # fmt: skip


def _line(name: str, late: int, n: int) -> Line:
    return Line([name], [of_part(Part(late, n))], [formats.count(late), formats.count(n)])


def _ninth(values: list[float]) -> float:
    """The smallest value that nine in ten do not exceed."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _hours(seconds: float) -> str:
    return formats.duration(seconds)
