"""When cases were closed and first answered: all cases with such times, not a sample, counted by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Select, case, extract, func, select

from calibration.graders.lines import Part
from calibration.reports.parts import Line, Table, of_part
from qa.core import formats
from qa.core.db import db, raw_rows
from qa.core.models import Team
from qa.models.cases import ClosedCase, ImportRun

#: Fewer cases of a kind are not listed by themselves: one case would be named by its queue.
FEWEST = 5
ROWS = 5000
HOW = "Every case with a due time counts, not a sample; the interval is that of the rate behind them."
#: How many of some cases were closed after their due time.
LATE = func.sum(case((ClosedCase.closed_at > ClosedCase.due_at, 1), else_=0))
#: What they are split by -> (closed late, cases).
Counts = Mapping[str, Sequence[int]]
#: Table -> its title, and where its words stand in a row of counts.
_SPLITS = {"workflow": ("Workflow", 0), "queue": ("Queue", 1), "team": ("Team", 2)}


def shown(query: Select[Any], since: datetime, until: datetime) -> Select[Any]:
    """*query* for the cases that were closed from *since* on and before *until*, as they stand now."""
    query = query.join(ImportRun, ImportRun.id == ClosedCase.run_id)
    return query.where(
        ClosedCase.closed_at >= since, ClosedCase.closed_at < until, ClosedCase.replaced_at.is_(None),
        ImportRun.state == "published",
    )  # fmt: skip


class Closing:
    """How many cases of some days were closed late, and how soon they were answered first."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        columns = ClosedCase.workflow, ClosedCase.queue, Team.name
        query = select(*columns, LATE, func.count()).outerjoin(Team, Team.id == ClosedCase.agent_team_id)
        query = shown(query, since, until).where(ClosedCase.due_at.is_not(None)).group_by(*columns)
        self.counts: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in _SPLITS}
        for *words, late, n in db.session.execute(query):
            for name, (_, place) in _SPLITS.items():
                count = self.counts[name][words[place] or ""]
                count[0] += late
                count[1] += n

    def late_by(self, name: str) -> Table:
        """Shares closed late by one split; what is too small to stand alone is together."""
        counts = self.counts[name]
        if name == "workflow":
            counts = {word.replace("_", " "): count for word, count in counts.items()}
        return late_table(name, _SPLITS[name][0], counts)

    def first_response(self) -> Table:
        """How long it took until somebody answered, by workflow."""
        took = extract("epoch", ClosedCase.first_response_at) - extract("epoch", ClosedCase.opened_at)
        query = shown(select(ClosedCase.workflow, took), self.since, self.until)
        first: dict[str, list[float]] = defaultdict(list)
        known = (ClosedCase.opened_at.is_not(None), ClosedCase.first_response_at.is_not(None))
        for some in raw_rows(query.where(*known), ROWS):
            for workflow, seconds in some:
                first[workflow].append(int(seconds))  # whole ones, as SQLite counts them
        lines = [
            Line([name.replace("_", " ")], (), [_hours(median(seconds)), _hours(_ninth(seconds)), str(len(seconds))])
            for name, seconds in sorted(first.items())
            if len(seconds) >= FEWEST
        ]
        counted = ["Half within", "Nine in ten within", "Cases"]
        return Table(
            "first_response", "First response", ["Workflow"], (), counted, lines,
            "Every case with both times counts.", "No case of this time has a time of its first response.",
        )  # fmt: skip


def late_table(name: str, title: str, counts: Counts, *, how: str = "") -> Table:
    """Shares closed late by what *counts* splits by; what is too small to stand alone is together. *how*: a remark."""
    lines, others = [], [0, 0]
    for value, (late, n) in sorted(counts.items()):
        if n < FEWEST or not value:
            others = [others[0] + late, others[1] + n]
        else:
            lines.append(_line(value, late, n))
    if others[1]:
        lines.append(_line("others", *others))
    return Table(
        f"late_by_{name}", f"Closed late, by {title[0].lower()}{title[1:]}", [title], ["Closed late"],
        ["Late", "Cases"], lines, f"{HOW} {how}".strip(), "No case of this time has a due time.",
    )  # fmt: skip


def _line(name: str, late: int, n: int) -> Line:
    return Line([name], [of_part(Part(late, n))], [formats.count(late), formats.count(n)])


def _ninth(values: list[float]) -> float:
    """The smallest value that nine in ten do not exceed."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _hours(seconds: float) -> str:
    return formats.duration(float(seconds))
