"""The planner: how many cases, hours and weeks a wanted precision takes."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from calibration import planner
from calibration.periods import FILTERS
from calibration.planner import EACH, GOALS, Wish
from calibration.views.asked import asked_period
from qa.core import asked as asked_for
from qa.core import preferences
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("planner", __name__)
_LEADS = ("manager", "observer", "admin")
#: What a field may hold: the least, and the most.
LIMITS = {"within": (0.5, 30.0), "actual": (1.0, 99.0), "expected": (1.0, 99.9), "an_hour": (1.0, 120.0)}


@bp.get("/planner")
@needs(*_LEADS)
def show() -> Page:
    """The form and what it takes."""
    wish, wrong = _wish()
    seen = planner.planned(g.person, wish, asked_period()) if not wrong else None
    link = asked_for.link("goal", "each", "since", "until", "match", *FILTERS, *LIMITS)
    return page(
        "calibration/planner.html", 422 if wrong else 200, seen=seen, wish=wish, wrong=wrong, goals=GOALS, each=EACH,
        limits=LIMITS, given=request.args, link=link,
    )  # fmt: skip


@bp.get("/planner.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same rows as a table; what is no number counts as not given."""
    seen = planner.planned(g.person, _wish()[0], asked_period())
    header = ("name", "expected", "design_effect", "cases", "cases_a_week_now", "weeks", "ready_on")
    rows = ((n.name, n.expected, n.effect, n.cases, n.a_week, n.weeks, n.ready_on) for n in seen.needs)
    return csv_of("planner.csv", header, rows)


def _wish() -> tuple[Wish, dict[str, str]]:
    """What the address asks for, and what is wrong with it by field."""
    goal, each = request.args.get("goal", ""), request.args.get("each", "")
    target = float(preferences.get("target_accuracy"))
    usual = {"within": 5.0, "actual": min(85.0, 100 * target - 5), "an_hour": float(preferences.get("cases_an_hour"))}
    asked, wrong = asked_for.numbers(LIMITS, usual)
    if goal == "below" and asked["actual"] >= 100 * target:
        wrong["actual"] = f"Give a share under the target of {100 * target:g}."
        asked["actual"] = usual["actual"]
    shares = {name: asked[name] / 100 for name in ("within", "actual", "expected") if name in asked}
    wish = Wish(
        goal if goal in GOALS else "width", each if each in EACH else "agent", shares["within"], shares["actual"],
        shares.get("expected"), asked["an_hour"],
    )  # fmt: skip
    return wish, wrong
