"""Agents against settled decisions: all figures for those who lead, one's own for each agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, g, request, url_for
from markupsafe import Markup

from calibration import accuracy, overview, owning, sentences, slice_cases, stand_out
from calibration.accuracy import Rate
from calibration.overview import Line, Overview
from calibration.owning import Own
from calibration.periods import SPLITS
from calibration.queries import agents
from calibration.signals import drops
from calibration.stats.estimate import FEWEST_CASES
from calibration.views.asked import LEVELS, asked_period, link_of
from calibration.views.funnels import funnel_of
from calibration.views.trends import trend_of
from qa.core import formats, preferences
from qa.core.charts.intervals import interval_plot
from qa.core.charts.lines import Point, Series, line_chart
from qa.core.charts.rows import Row
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, opens, page

bp = Blueprint("accuracy", __name__)
_LEADS = ("manager", "observer", "admin")
_FIGURE = ("estimate", "low", "high", "n", "n_effective", "open", "frame", "note")
#: Charts that stand alone in a card are drawn as wide as the page, so that their writing keeps its size.
WIDE = 1180
#: Agents of one page; the funnel and the table that is handed out hold all of them.
PAGE = 50
#: What pages call a split whose name in addresses is another.
NAMES = {
    "locale": "language",
    "cell": "policy and language",
    "team_policy": "team and policy",
    "errors": "errors, by policy",
}
ESTIMANDS = {accuracy.UNDERLYING: "The rate to expect", accuracy.PERIOD: "This period alone"}
#: More rows than these are no picture any more.
MOST_ROWS = 40


@bp.get("/accuracy")
@needs(*_LEADS)
def show() -> Page:
    """Figures by agent, and by policy, workflow, language, team or severity."""
    asked = asked_period()
    seen = overview.overview(g.person, asked, request.args.get("by"))
    first, chips = max(request.args.get("from", 0, type=int), 0), _chips(seen)
    return page(
        "calibration/accuracy.html",
        seen=seen,
        said=sentences.figure(seen.total, seen.target),
        quote=sentences.accuracy_quote(seen.total, asked.since, asked.until, [label for label, _ in chips]),
        by_agent=_plot(seen.agents, seen.target, "Accuracy by agent", order="person"),
        funnel=funnel_of(seen.agents, seen.total, width=WIDE),
        agents=seen.agents[first : first + PAGE],
        mixed={line.agent_id: seen.same_mix.of(line.agent_id) for line in seen.agents[first : first + PAGE]},
        first=first,
        size=PAGE,
        by_split=_plot(seen.split, seen.target, f"Accuracy by {NAMES.get(seen.by, seen.by)}", order="given"),
        link=link_of(asked),
        chips=chips,
        levels=LEVELS,
        splits={name: NAMES.get(name, name) for name in SPLITS},
        estimands=ESTIMANDS,
        out=(out := stand_out.stand_out(g.person, seen.agents, seen.target)),
        trend=trend_of(out.trend, out.agent, width=WIDE) if out else None,
        expected_on=None if seen.total is None else overview.expected_on(seen.total, asked),
        small_team=preferences.get("small_team"),
        minimum=FEWEST_CASES,
        opens=g.person.has("manager", "admin"),
    )


@bp.get("/accuracy.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same figures as a table."""
    seen = overview.overview(g.person, asked_period(), request.args.get("by"))
    rows = [("agent", line) for line in seen.agents] + [(seen.by, line) for line in seen.split]
    return csv_of("accuracy.csv", ("of", "name", *_FIGURE), ((kind, *_cells(line)) for kind, line in rows))


@bp.get("/accuracy/cases")
@needs("manager", "admin")
def cases() -> Page:
    """The cases behind a figure, newest first."""
    asked = asked_period()
    came, agent = request.args.get("came", ""), request.args.get("agent", "")
    first = max(request.args.get("from", 0, type=int), 0)
    seen = slice_cases.behind(g.person, asked, came=came, agent=agent, first=first)
    link = link_of(asked) | {"came": came, "agent": agent}
    if seen.agent is not None:
        opens(seen.agent.id, "cases")
    return page("calibration/accuracy_cases.html", seen=seen, link=link)


@bp.get("/accuracy/agents/<public_id>")
@needs("agent", "manager", "admin")
def of_agent(public_id: str) -> Page:
    """One agent's figures: for the agent and for whoever looks after them."""
    agent = agents.may_open(g.person, public_id)
    opens(agent.id, "figures")
    return _own(agent)


@bp.get("/accuracy/agents/<public_id>/figures.csv")
@needs("agent", "manager", "admin")
def download_of_agent(public_id: str) -> Response:
    """The same figures as a table."""
    agent = agents.may_open(g.person, public_id)
    opens(agent.id, "figures")
    seen = owning.own(agent, asked_period(), for_themselves=agent.id == g.person.id)
    rows = [("policy", line) for line in seen.policies] + [("month", line) for line in seen.months]
    return csv_of("figures.csv", ("of", "name", *_FIGURE), ((kind, *_cells(line)) for kind, line in rows))


@bp.get("/me")
@needs("agent")
def me() -> Page:
    """The own figures."""
    return _own(agents.may_open(g.person, g.person.public_id))


def _own(agent: agents.Agent) -> Page:
    asked = asked_period()
    seen = owning.own(agent, asked, for_themselves=agent.id == g.person.id)
    return page(
        "calibration/agent.html",
        seen=seen,
        is_own=agent.id == g.person.id,
        quote=sentences.person_quote(seen.total, asked.since, asked.until),
        said=sentences.figure(seen.total, seen.target),
        by_policy=_plot(seen.policies, seen.target, "Accuracy by policy", order="given"),
        by_month=_months(seen),
        evidence=_evidence(agent),
        opens=agent.id != g.person.id and g.person.has("manager", "admin"),
        month_links={line.name: _month_link(line.name) for line in seen.months},
        link=link_of(asked),
        levels=LEVELS,
        minimum=FEWEST_CASES,
    )


def _evidence(agent: agents.Agent) -> Markup | None:
    """The evidence of a drop by week: for whoever looks after the agent, and is not told before a release hour."""
    if agent.id == g.person.id or g.person.can_be_given_blind_tasks:
        return None
    return trend_of(drops.trend(agent.id), agent.name, width=WIDE)


def _month_link(name: str) -> dict[str, str]:
    first = date.fromisoformat(f"{name}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"since": first.isoformat(), "until": last.isoformat()}


def _chips(seen: Overview) -> list[tuple[str, str]]:
    """What the page is narrowed to, each with the address without it."""
    link, found = link_of(seen.period), []
    for name, value in seen.period.only.items():
        without = {key: kept for key, kept in link.items() if key != name}
        found.append((dict(seen.choices[name]).get(value, value), url_for("accuracy.show", by=seen.by, **without)))
    return found


def _row(line: Line) -> Row:
    figure = line.rate.figure
    known = not (line.rate.in_progress or line.rate.too_little)
    return Row(line.name, figure.estimate if known else None, figure.low, figure.high, figure.n)


def _plot(lines: Sequence[Line], target: float, title: str, *, order: str) -> Markup | None:
    """An interval plot of the rows that have a figure; None where there is none, or more than a picture holds."""
    rows = [_row(line) for line in lines]
    drawn = [row for row in rows if row.is_drawable]
    if not drawn or len(drawn) > MOST_ROWS:
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
