"""What a report says of targets: the months up to it, each against the target of its time, with what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from calibration.accuracy import Rate
from calibration.goals import trend
from calibration.goals.targets import Targets
from calibration.reports.parts import Line, Table, of_rate
from qa.core import formats
from qa.core.access import SYSTEM

#: Months that a report shows.
SHOWN = 6
HEADS = ("Target", "Against it")
_SAYS = {"meets": "meets it", "under": "under it", "unclear": "cannot say"}
#: What a line is of -> its target.
TargetOf = Callable[[dict[str, str]], float]


def target_of(day: date) -> TargetOf:
    """The target of *day* for what a line is of."""
    held = Targets()
    return lambda keys: held.on(day, workflow=keys.get("workflow", ""), policy=keys.get("policy", ""))


def cells(rate: Rate | None, target: float) -> list[str]:
    """A target, and what a figure says against it."""
    return [formats.share(target), _SAYS[rate.says(target) if rate is not None else "unclear"]]


def by_month(until: date) -> Table:
    """The last months."""
    months = [one for one in trend.trend(SYSTEM, until=until).months if one.rate is not None or one.events][-SHOWN:]
    lines = [
        Line(
            [formats.month(f"{one.first:%Y-%m}")], [of_rate(one.rate)],
            [*cells(one.rate, one.target), _happened(one)],
        )
        for one in months
    ]  # fmt: skip
    return Table(
        "trend", "By month", ["Month"], ["Right"], [*HEADS, "What happened"], lines,
        "By the month of closing, each against the target of its last day; what happened is as it was written down.",
        "Nothing was drawn of cases closed in these months.",
    )  # fmt: skip


def _happened(one: trend.Month) -> str:
    """The events of a month in one line."""
    return "; ".join(f"{formats.day(event.happened_on)}: {event.said}" for event in one.events) or "–"
