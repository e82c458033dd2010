"""What a report is made of: a finding, and tables whose every figure brings its interval, its n, and what it lacks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from calibration.accuracy import Rate
from calibration.graders.lines import Part
from qa.core.registries import Share

#: Columns of the file beside a report.
HEADER = ("table", "of", "by", "measure", "estimate", "low", "high", "n", "note")

#: Lines of a table that a page of paper has room for, so that a report prints on four pages at most.
USUAL_MOST = 10
MOST = {
    "accuracy_by_policy": 20, "accuracy_by_locale": 30, "people_by_language": 30, "accuracy_by_policy_locale": 50,
    "late_by_hour": 25,
}  # fmt: skip
#: Lines that sum the others up.
SUMS = ("all", "others")
#: Tables whose words are long.
WIDE = ("accuracy_by_policy", "alerts")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is of, its figures, and what is merely counted or named."""

    of: Sequence[str]
    figures: Sequence[Share] = ()
    cells: Sequence[str] = ()
    #: The address of whom it names, last of what it is of; "" where it names nobody.
    person: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report. *of*, *measures* and *counted* head the three parts of its lines."""

    key: str
    title: str
    of: Sequence[str]
    measures: Sequence[str]
    counted: Sequence[str]
    lines: Sequence[Line]
    #: How its figures are made, in words.
    remark: str = ""
    #: What stands there where it has no line.
    none: str = "Nothing."

    @property
    def shown(self) -> Sequence[Line]:
        """The lines that the page has room for: those with the most cases, in their own order. The file holds all."""
        most = MOST.get(self.key, USUAL_MOST)
        if len(self.lines) <= most:
            return self.lines
        places = sorted(range(len(self.lines)), key=lambda place: -self._weight(self.lines[place]))[:most]
        return [self.lines[place] for place in sorted(places)]

    @staticmethod
    def _weight(line: Line) -> float:
        """How much a line is about; what sums others up stays in any case."""
        if line.of[0] in SUMS:
            return math.inf
        return max((figure.n for figure in line.figures), default=0)

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width of a printed page."""
        columns = len(self.of) + len(self.measures) + len(self.counted)
        return columns > 4 or len(self.measures) > 1 or self.key in WIDE


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report of the days from *since* to *until*, both inside."""

    kind: str
    title: str
    heading: str
    since: date
    until: date
    tables: Sequence[Table]
    #: What may be quoted, and what may not.
    said: Sequence[str] = ()
    #: Sentences of whoever hands it out.
    own: Sequence[str] = ()


def of_rate(rate: Rate | None) -> Share:
    """A figure of accuracy as a report may show it: a range while it is in progress, and none where data is thin."""
    if rate is None:
        return Share(None, None, None, 0, "nothing was drawn")
    found = rate.figure
    if rate.in_progress:
        return Share(None, found.low, found.high, found.n, f"in progress: {found.open} cases are open", True)
    if rate.too_little or math.isnan(found.estimate):
        return Share(None, None, None, found.n, rate.too_little or "no interval can be given")
    return Share(found.estimate, found.low, found.high, found.n, _joined(len(found.notes)))


def _joined(strata: int) -> str:
    """What a reader must know of joined strata; their own names would name agents."""
    return f"{strata} thin {'stratum' if strata == 1 else 'strata'} joined with the next" if strata else ""


def of_part(part: Part) -> Share:
    """A share of cases that were all counted."""
    if not part.is_enough:
        return Share(None, None, None, part.n, "too few cases")
    low, high = part.limits
    return Share(part.share, low, high, part.n)


def as_rows(report: Report) -> Iterator[tuple[str, str, str, str, str, str, str, str, str]]:
    """Every figure and every count of *report*, a row each, under `HEADER`."""
    for table in report.tables:
        by = " x ".join(table.of)
        for line in table.lines:
            of = " | ".join(line.of)
            for measure, figure in zip(table.measures, line.figures, strict=True):
                shares = [_exact(share) for share in (figure.estimate, figure.low, figure.high)]
                yield table.key, of, by, measure, shares[0], shares[1], shares[2], str(figure.n), figure.note
            for counted, cell in zip(table.counted, line.cells, strict=True):
                yield table.key, of, by, counted, "", "", "", cell, ""


def _exact(share: float | None) -> str:
    return "" if share is None else repr(float(share))
