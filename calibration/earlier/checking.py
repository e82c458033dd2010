"""What a sheet of earlier QA results can and cannot say: intervals, what luck alone explains, what an answer costs.

Such a sheet is seldom random and never blind: whoever wrote "correct" saw the decision. Its shares are upper bounds,
and nothing of it enters any accuracy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np

from calibration.earlier.reading import Result, Sheet
from calibration.stats.intervals import cases_for_half_width, wilson
from calibration.stats.luck import chances_under, luck_range
from calibration.stats.planning import cases_to_show_below

#: Agents on fewer cases than these are listed, but no sentence is said about them.
FEWEST = 10
#: The answer that is asked for: is somebody so much under the target?
POINTS_UNDER = 0.05
#: Other answers than the most frequent ones are put together in the confusion.
MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A name with its cases, those QA agreed on, and the share with its 95 % interval (Wilson)."""

    name: str
    n: int
    same: int
    share: float
    low: float
    high: float

    def says(self, target: float) -> str:
        """Whether the interval shows that the target is met or missed."""
        return "meets" if self.low >= target else "under" if self.high < target else "unclear"


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks of single agents under the target, and how many there would be by luck while all were at one rate."""

    all: int
    red: int
    by_luck: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Check:
    """All that one page says of a sheet."""

    sheet: Sheet
    target: float
    total: Line
    agents: list[Line]
    answers: list[Line]
    labels: list[str]
    confusion: list[list[int]]
    weeks: Weeks | None
    #: Cases that show somebody POINTS_UNDER under the target to be under it; and for an interval of 5 points to a side.
    to_show: int
    to_narrow: int
    median_cases: float


def check(sheet: Sheet, target: float) -> Check:
    """Look at a sheet against a *target* share."""
    results = sheet.results
    total = _line("All together", results)
    agents = sorted(_by(results, lambda one: one.agent), key=lambda line: (line.high >= target, line.name.casefold()))
    answers = sorted(_by(results, lambda one: one.qa), key=lambda line: (line.share, -line.n, line.name.casefold()))
    labels, confusion = _confusion(results)
    return Check(
        sheet, target, total, agents, answers, labels, confusion, _weeks(results, total.share, target),
        to_show=cases_to_show_below(target, max(target - POINTS_UNDER, target / 2)),
        to_narrow=cases_for_half_width(0.05, total.share),
        median_cases=float(median(line.n for line in agents)),
    )  # fmt: skip


def as_json(found: Check) -> dict[str, object]:
    """What the command prints for programs."""

    def line(one: Line) -> dict[str, object]:
        return {"name": one.name, "n": one.n, "same": one.same, "share": one.share, "low": one.low, "high": one.high,
                "says": one.says(found.target)}  # fmt: skip

    weeks = found.weeks
    return {
        "file": found.sheet.name, "columns": found.sheet.columns, "rows": found.total.n, "target": found.target,
        "left_out": {"blank": found.sheet.blank, "undated": found.sheet.undated},
        "caveat": "not blind, not random: an upper bound", "total": line(found.total),
        "agents": [line(one) for one in found.agents], "answers": [line(one) for one in found.answers],
        "confusion": {"labels": found.labels, "matrix": found.confusion},
        "weeks": None if weeks is None else {
            "all": weeks.all, "red": weeks.red, "by_luck": weeks.by_luck, "low": weeks.low, "high": weeks.high,
        },
        "cost": {"to_show_below": found.to_show, "to_narrow": found.to_narrow, "median_cases": found.median_cases},
    }  # fmt: skip


def _line(name: str, results: Iterable[Result]) -> Line:
    given = [one.same for one in results]
    low, high = wilson(sum(given), len(given))
    return Line(name, len(given), sum(given), sum(given) / len(given), low, high)


def _by(results: Iterable[Result], key: Callable[[Result], str]) -> list[Line]:
    parts: dict[str, list[Result]] = {}
    names: dict[str, str] = {}
    for one in results:
        name = key(one)
        parts.setdefault(names.setdefault(name.casefold(), name), []).append(one)
    return [_line(name, part) for name, part in parts.items()]


def _confusion(results: list[Result]) -> tuple[list[str], list[list[int]]]:
    """What the agent said by what QA said; answers by how often QA gave them, the rare ones as one."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in results:
        for text in (one.qa, one.decision):
            counts[names.setdefault(text.casefold(), text)] += 1
    common = [name for name, _ in counts.most_common(MOST_LABELS)]
    labels = common if len(counts) <= MOST_LABELS else [*common, "all others"]
    place = {name: min(at, len(labels) - 1) for at, name in enumerate(common)}
    matrix = [[0] * len(labels) for _ in labels]
    for one in results:
        decided, said = (place.get(names[text.casefold()], len(labels) - 1) for text in (one.decision, one.qa))
        matrix[decided][said] += 1
    return labels, matrix


def _weeks(results: list[Result], share: float, target: float) -> Weeks | None:
    """Weeks of agents against luck; None where the sheet has no days."""
    weeks: dict[tuple[str, date], list[bool]] = {}
    for one in results:
        if one.on is not None:
            monday = one.on - timedelta(days=one.on.weekday())
            weeks.setdefault((one.agent.casefold(), monday), []).append(one.same)
    if not weeks:
        return None
    n = np.array([len(week) for week in weeks.values()], dtype=np.int64)
    right = np.array([sum(week) for week in weeks.values()])
    mean, low, high = luck_range(chances_under(n, share, target))
    return Weeks(n.size, int((right < n * target - 1e-9).sum()), mean, low, high)
