"""The chart of the evidence of a drop."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from calibration.signals.drops import Trend, Week
from qa.core import formats
from qa.core.charts.lines import Mark, Point, Series, line_chart

#: Fewer weeks than these are no line.
FEWEST_WEEKS = 3


def trend_of(found: Trend | None, name: str, *, width: float) -> Markup | None:
    """The evidence by week, 100% where an alert comes; None where there are too few weeks."""
    if found is None or sum(week.n > 0 for week in found.weeks) < FEWEST_WEEKS:
        return None
    marks = [
        Mark(_place(found, day), f"{said} {formats.day(day)}")
        for said, day in (("began about", found.began), ("noticed", found.crossed))
        if day is not None and found.weeks[0].monday <= day
    ]
    points = [Point(formats.day(week.monday), week.share, n=week.n) for week in found.weeks]
    said = "; ".join(mark.said for mark in marks) or "no alert in these weeks"
    return line_chart(
        [Series("Evidence", points)], title=f"Evidence of a drop, {name}", desc=f"{len(points)} weeks; {said}.",
        target=1.0, target_name="Alert at", marks=marks, ceiling=None, width=width, height=220,
    )  # fmt: skip


def _place(found: Trend, day: date) -> int:
    return max(at for at, week in enumerate(found.weeks) if _has_begun(week, day))


def _has_begun(week: Week, day: date) -> bool:
    return week.monday <= day
