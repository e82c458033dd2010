"""The page of a checked sheet: what its template needs, and the page as a file that stands by itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from calibration.earlier.checking import FEWEST, POINTS_UNDER, Check
from calibration.earlier.reading import lines_of
from calibration.reports import standing_alone
from calibration.stats.estimate import FEWEST_CASES
from calibration.stats.limits import funnel_curve
from qa.core import formats
from qa.core.charts.funnel import FEWEST_DOTS, Dot, Limit, of_agents
from qa.core.charts.intervals import interval_plot
from qa.core.charts.matrix import confusion_matrix
from qa.core.charts.rows import Row

#: More agents than these are read in the table alone.
MOST_DRAWN = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """A check with its charts; None where too little is known to draw one."""

    check: Check
    heading: str
    agents: Markup | None
    funnel: Markup | None
    confusion: Markup
    blank: str
    undated: str
    fewest: int = FEWEST
    points_under: float = POINTS_UNDER


def drawn(check: Check) -> Drawn:
    """Draw what a sheet says."""
    known = [line for line in check.agents if line.n >= FEWEST]
    rows = [Row(line.name, line.share, line.low, line.high, line.n) for line in known]
    under = [line.name for line in known if line.says(check.target) == "under"]
    wanted = formats.share(check.target, 0)
    said = f"{len(under)} of {len(known)} agents are shown to be under {wanted}"
    agents = interval_plot(
        rows, title="Share that QA agreed with", desc=f"{said}.", order="person", target=check.target, minimum=FEWEST
    ) if 0 < len(rows) <= MOST_DRAWN else None  # fmt: skip
    confusion = confusion_matrix(
        check.confusion, check.labels, check.labels, title="What was decided, and what QA said",
        desc=f"{check.total.n - check.total.same} of {check.total.n} rows differ.", rows_are="agent",
        columns_are="QA", width=640,
    )  # fmt: skip
    return Drawn(
        check, _heading(check, len(under)), agents, _funnel(check), confusion, lines_of(check.sheet.blank),
        lines_of(check.sheet.undated),
    )  # fmt: skip


def page_alone(check: Check) -> str:
    """The page as one file: with its looks inside, without script, and nothing fetched from anywhere."""
    template = current_app.jinja_env.get_template("calibration/earlier_alone.html")
    return template.render(drawn=drawn(check), looks=standing_alone.looks())


def _heading(check: Check, under: int) -> str:
    weeks = check.weeks
    if under:
        return (
            f"{under} {'agent is' if under == 1 else 'agents are'} shown to be under {formats.share(check.target, 0)}"
        )
    if weeks is not None and weeks.red and weeks.red <= weeks.high:
        return f"Luck alone explains the {weeks.red} weeks under {formats.share(check.target, 0)}"
    return f"Nobody is shown to be under {formats.share(check.target, 0)}"


def _funnel(check: Check) -> Markup | None:
    dots = [Dot(line.name, line.n, line.share) for line in check.agents if line.n >= FEWEST_CASES]
    if len(dots) < FEWEST_DOTS or not 0 < check.total.share < 1:
        return None
    curve = funnel_curve(check.total.share, FEWEST_CASES, max(dot.n for dot in dots))
    return of_agents(
        dots, [Limit(*point) for point in curve], check.total.share, width=640,
        title="Share that QA agreed with, against the number of cases",
    )  # fmt: skip
