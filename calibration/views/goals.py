"""The trend of accuracy, with its targets and events."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from calibration import accuracy
from calibration.goals import events, targets, trend
from calibration.goals.forms import EventForm, TargetForm
from calibration.goals.trend import Trend
from qa.core import formats
from qa.core.charts.lines import Mark, Point, Series, line_chart
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page, writes

bp = Blueprint("goals", __name__)
_LEADS, _DECIDERS = ("manager", "observer", "admin"), ("manager", "admin")
WIDE, FEWEST = 900.0, 2


@bp.get("/trend")
@needs(*_LEADS)
def show() -> Page:
    """The trend, the targets and the events."""
    return _page()


@bp.get("/trend.csv")
@needs(*_LEADS)
def download() -> Response:
    """The months as a table."""
    header = ("month", "estimate", "low", "high", "n", "target", "says", "note", "events")
    rows = []
    for one in _trend().months:
        found = one.rate.as_json() if one.rate is not None else {}
        hidden = one.rate is not None and one.rate.too_little is not None
        numbers = [None if hidden else found.get(name) for name in ("estimate", "low", "high")]
        happened = "; ".join(f"{event.happened_on}: {event.said}" for event in one.events)
        rows.append(
            (f"{one.first:%Y-%m}", *numbers, found.get("n", 0), one.target, one.says, found.get("note", ""), happened)
        )
    return csv_of("trend.csv", header, rows)


@bp.post("/trend/targets")
@needs(*_DECIDERS)
@writes
def put_target() -> Page | AnyResponse:
    """Let a target hold from a day on."""
    form = _target_form(_trend())
    if not form.validate():
        return _page(422, target=form)
    targets.put(g.person, about=form.about.data, share=form.percent.data / 100, from_on=form.from_on.data)
    flash("Saved. Months before that day keep the target of their time.", "ok")
    return redirect(url_for("goals.show"))


@bp.post("/trend/targets/<public_id>/remove")
@needs(*_DECIDERS)
@writes
def remove_target(public_id: str) -> AnyResponse:
    """Take a target back."""
    targets.remove(g.person, public_id)
    return redirect(url_for("goals.show"))


@bp.post("/trend/events")
@needs(*_DECIDERS)
@writes
def add_event() -> Page | AnyResponse:
    """Write down what happened on a day."""
    form = EventForm()
    if not form.validate():
        return _page(422, event=form)
    events.add(g.person, happened_on=form.happened_on.data, said=form.said.data)
    return redirect(url_for("goals.show"))


@bp.post("/trend/events/<public_id>/remove")
@needs(*_DECIDERS)
@writes
def remove_event(public_id: str) -> AnyResponse:
    """Take an event back."""
    events.remove(g.person, public_id)
    return redirect(url_for("goals.show"))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "")[:400] for name in ("workflow", "policy")}


def _trend() -> Trend:
    return trend.trend(g.person, **_asked())


def _target_form(seen: Trend) -> TargetForm:
    form = TargetForm()
    form.offer(seen.workflows, seen.policies)
    return form


def _page(status: int = 200, *, target: TargetForm | None = None, event: EventForm | None = None) -> Page:
    seen = _trend()
    return page(
        "calibration/trend.html", status, seen=seen, chart=drawn(seen), asked=_asked(),
        targets=targets.listed(), events=events.listed(), target_form=target or _target_form(seen),
        event_form=event or EventForm(), may_set=targets.why_not(g.person) is None, level=accuracy.LEVELS,
        link={name: value for name, value in _asked().items() if value},
    )  # fmt: skip


def drawn(seen: Trend) -> Markup | None:
    """The months as a line with its target and events; None where too few have a figure."""
    if sum(one.rate is not None for one in seen.months) < FEWEST:
        return None
    months = seen.shown
    marks = [Mark(place, event.said) for place, one in enumerate(months) for event in one.events]
    held = {one.target for one in months}
    lines = [Series("Accuracy", [_point(one) for one in months])]
    if len(held) > 1:  # a line of its own, for one that is drawn across would be wrong somewhere
        lines.append(Series("Target", [Point(_name(one), one.target) for one in months]))
    return line_chart(
        lines, title="Accuracy by month of closing", desc=f"{len(months)} months; {len(marks)} events.",
        target=held.pop() if len(held) == 1 else None, floor=None, marks=marks, width=WIDE,
    )  # fmt: skip


def _name(one: trend.Month) -> str:
    return formats.month(f"{one.first:%Y-%m}")


def _point(one: trend.Month) -> Point:
    label, rate = _name(one), one.rate
    if rate is None or rate.too_little:
        return Point(label, None, n=rate.figure.n if rate is not None else None)
    found = rate.figure
    return Point(label, None if rate.in_progress else found.estimate, found.low, found.high, found.n)
