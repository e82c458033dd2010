"""Agents against settled decisions: all figures for those who lead, one's own for each agent."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, g, request
from markupsafe import Markup

from calibration import overview, sentences
from calibration.accuracy import LEVELS, Rate
from calibration.overview import SPLITS, Line, Own, Period
from calibration.queries import agents
from calibration.stats.estimate import FEWEST_CASES
from calibration.views.downloads import csv_of
from qa.core import formats
from qa.core.charts.intervals import interval_plot
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.rows import Row
from qa.core.web import Page, needs, page

bp = Blueprint("accuracy", __name__)
_LEADS = ("manager", "observer", "admin")
_FIGURE = ("estimate", "low", "high", "n", "n_effective", "open", "frame", "note")
#: Charts that stand alone in a card are drawn as wide as the page, so that their writing keeps its size.
WIDE = 1180


@bp.get("/accuracy")
@needs(*_LEADS)
def show() -> Page:
    """Figures by agent, and by policy, workflow, language or team."""
    asked = _period()
    seen = overview.overview(g.person, asked, request.args.get("by", "policy"))
    return page(
        "calibration/accuracy.html",
        seen=seen,
        said=sentences.figure(seen.total, seen.target),
        by_agent=_plot(seen.agents, seen.target, "Accuracy by agent", order="person"),
        by_split=_plot(seen.split, seen.target, f"Accuracy by {seen.by}", order="given"),
        link=_link(asked),
        levels=LEVELS,
        splits=SPLITS,
        minimum=FEWEST_CASES,
    )


@bp.get("/accuracy.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same figures as a table."""
    seen = overview.overview(g.person, _period(), request.args.get("by", "policy"))
    rows = [("agent", line) for line in seen.agents] + [(seen.by, line) for line in seen.split]
    return csv_of("accuracy.csv", ("of", "name", *_FIGURE), ((kind, *_cells(line)) for kind, line in rows))


@bp.get("/accuracy/agents/<public_id>")
@needs("agent", "manager", "admin")
def of_agent(public_id: str) -> Page:
    """One agent's figures: for the agent and for whoever looks after them."""
    return _own(agents.may_open(g.person, public_id))


@bp.get("/accuracy/agents/<public_id>/figures.csv")
@needs("agent", "manager", "admin")
def download_of_agent(public_id: str) -> Response:
    """The same figures as a table."""
    agent = agents.may_open(g.person, public_id)
    seen = overview.own(agent, _period(), for_themselves=agent.id == g.person.id)
    rows = [("policy", line) for line in seen.policies] + [("month", line) for line in seen.months]
    return csv_of("figures.csv", ("of", "name", *_FIGURE), ((kind, *_cells(line)) for kind, line in rows))


@bp.get("/me")
@needs("agent")
def me() -> Page:
    """The own figures."""
    return _own(agents.may_open(g.person, g.person.public_id))


def _own(agent: agents.Agent) -> Page:
    asked = _period()
    seen = overview.own(agent, asked, for_themselves=agent.id == g.person.id)
    return page(
        "calibration/agent.html",
        seen=seen,
        is_own=agent.id == g.person.id,
        said=sentences.figure(seen.total, seen.target),
        by_policy=_plot(seen.policies, seen.target, "Accuracy by policy", order="given"),
        by_month=_months(seen),
        link=_link(asked),
        levels=LEVELS,
        minimum=FEWEST_CASES,
    )


def _period() -> Period:
    return overview.period(request.args.get("match"), _day("since"), _day("until"))


def _day(name: str) -> date | None:
    """A day of the address; what is none is as if it was not given."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _link(asked: Period) -> dict[str, str]:
    """What keeps the view in an address."""
    return {"match": asked.match, "since": asked.since.isoformat(), "until": asked.until.isoformat()}


def _row(line: Line) -> Row:
    figure = line.rate.figure
    known = not (line.rate.in_progress or line.rate.too_little)
    return Row(line.name, figure.estimate if known else None, figure.low, figure.high, figure.n)


def _plot(lines: list[Line], target: float, title: str, *, order: str) -> Markup | None:
    """An interval plot of the rows that have a figure; None where there is none."""
    rows = [_row(line) for line in lines]
    drawn = [row for row in rows if row.is_drawable]
    if not drawn:
        return None
    under = sum(row.high is not None and row.high < target for row in drawn)
    desc = f"{len(drawn)} rows; {under} with the whole interval under the target of {formats.share(target, 0)}."
    return interval_plot(drawn, title=title, desc=desc, order=order, target=target, floor=None, width=WIDE)


def _months(seen: Own) -> Markup | None:
    if len(seen.months) < 2:
        return None
    points = [_point(formats.month(line.name), line.rate) for line in seen.months]
    return line_chart(
        [Series("Accuracy", points)], title="Accuracy by month of closing", target=seen.target, floor=None,
        desc=f"{len(points)} months against the target of {formats.share(seen.target, 0)}.", width=WIDE,
    )  # fmt: skip


def _point(label: str, rate: Rate) -> Point:
    if rate.in_progress:
        return Point(label, None, rate.figure.low, rate.figure.high, rate.figure.n)
    if rate.too_little:
        return Point(label, None, n=rate.figure.n)
    return Point(label, rate.figure.estimate, rate.figure.low, rate.figure.high, rate.figure.n)


def _cells(line: Line) -> tuple[object, ...]:
    found = line.rate.as_json()
    too_little = line.rate.too_little is not None
    hidden = ("estimate", "low", "high", "n_effective")
    return (line.name, *(None if too_little and name in hidden else found[name] for name in _FIGURE))
