"""A row of a chart: a name and its share with interval and n; how rows are ordered and which are drawn."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.core import formats

Order = Literal["value", "person", "given"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; *estimate*, *low*, *high* on the chart's scale (shares 0..1), None or nan: undefined."""

    name: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    #: Needs a look; where a chart has a target it is found by the chart, and this is not read.
    marked: bool = False

    @property
    def is_drawable(self) -> bool:
        """Whether there is a figure with its uncertainty."""
        return not any(v is None or math.isnan(v) for v in (self.estimate, self.low, self.high))


def is_under(row: Row, target: float | None) -> bool:
    """Whether the whole interval lies under the target: only then may a row be marked."""
    return target is not None and row.is_drawable and row.high is not None and row.high < target


def ordered(rows: Iterable[Row], order: Order, target: float | None) -> list[Row]:
    """Rows as they may be shown: clauses by value (largest first); persons never by value, but those whose
    whole interval is under the target first, then by name."""
    if order == "person":
        return sorted(rows, key=lambda row: (not is_under(row, target), row.name.casefold()))
    if order == "value":
        return sorted(rows, key=lambda row: (-(row.estimate or 0.0), row.name.casefold()))
    return list(rows)


def split(rows: Iterable[Row], minimum: int) -> tuple[list[Row], list[Row]]:
    """The rows to draw, and those that are only named: under *minimum* cases, or without a figure."""
    drawn: list[Row] = []
    named: list[Row] = []
    for row in rows:
        (drawn if row.n >= max(minimum, 1) and row.is_drawable else named).append(row)
    return drawn, named


def too_few(rows: Sequence[Row], minimum: int) -> str:
    """The sentence under a chart for the rows that it leaves out; empty when it leaves none out.

    >>> too_few([Row("Spam", 0.5, 0.1, 0.9, 3), Row("Fraud", 0.9, 0.8, 0.95, 60)], 10)
    'Too few cases to draw: Spam (n=3).'
    """
    named = split(rows, minimum)[1]
    said = ", ".join(f"{row.name} (n={formats.count(row.n)})" for row in sorted(named, key=lambda r: r.name.casefold()))
    return f"Too few cases to draw: {said}." if named else ""
