"""Capacity: hours that grading and case work need, and what if."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, g, request

from calibration.capacity import arrivals, grading, staffing
from calibration.capacity.arrivals import Arrivals
from calibration.capacity.staffing import Staffing, WhatIf
from calibration.queries import mornings
from qa.core import asked, preferences, released, remembering
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("capacity", __name__)
_LEADS = ("manager", "observer", "admin")
#: What a field may hold: the least, and the most.
LIMITS = {
    "more": (-90.0, 500.0), "handle": (0.1, 600.0), "allowed": (0.05, 2000.0), "in_time": (50.0, 99.9),
    "shrinkage": (0.0, 80.0), "an_hour": (1.0, 120.0), "follow": (0.0, 200.0),
}  # fmt: skip
#: Where nothing is known or given: assumptions, and said to be.
ASSUMED = {"more": 0.0, "in_time": 95.0, "shrinkage": 30.0, "follow": 10.0}


@bp.get("/capacity")
@needs(*_LEADS)
def show() -> Page:
    """Both halves. Who may be given cases types the handle time, and is told what waited at the last release."""
    found, values, wrong = _asked()
    work = grading.grading(more=values["follow"] / 100, an_hour=values["an_hour"], known_at=released.known_at(g.person))
    return page(
        "calibration/capacity.html", 422 if wrong else 200, found=found, seen=_staffing(found, values), work=work,
        values=values, wrong=wrong, limits=LIMITS, given=request.args, workflow=_workflow(found), days=staffing.DAYS,
        link=asked.link("workflow", *LIMITS), zone=g.person.time_zone,
    )  # fmt: skip


@bp.get("/capacity.csv")
@needs(*_LEADS)
def download() -> Response:
    """Case work by hour of the week; what is wrong in the address counts as not given."""
    found, values, _ = _asked()
    seen = _staffing(found, values)
    header = ("day", "hour", "cases", "load_erlangs", "people", "rostered", "square_root_rule", "in_time")
    rows = [
        (one.day, one.hour, one.cases, one.load, one.people, one.rostered, one.rule, one.in_time)
        for one in (seen.hours if seen else ())
    ]
    return csv_of("capacity.csv", header, rows)


def _asked() -> tuple[Arrivals, dict[str, float], dict[str, str]]:
    """What came in, and the numbers of the model: given, measured, or assumed."""
    workflow = request.args.get("workflow", "")[:64]
    found = _arrivals(workflow)
    usual = {**ASSUMED, "an_hour": float(preferences.get("cases_an_hour"))}
    if found.handle_seconds:
        usual["handle"] = found.handle_seconds / 60
    if found.allowed_hours:
        usual["allowed"] = found.allowed_hours
    values, wrong = asked.numbers(LIMITS, usual)
    return found, values, wrong


def _arrivals(workflow: str) -> Arrivals:
    zone = g.person.time_zone
    key = (mornings.stamp(), zone, workflow, arrivals.since(zone))
    found = remembering.remembered("arrivals", key, lambda: arrivals.arrivals(zone, workflow), most=32)
    # How long cases took goes with what was decided on them: who may be given some gives a time of their own.
    return replace(found, handle_seconds=None, timed=0) if g.person.can_be_given_blind_tasks else found


def _staffing(found: Arrivals, values: dict[str, float]) -> Staffing | None:
    if "handle" not in values or "allowed" not in values:
        return None
    shares = {name: values[name] / 100 for name in ("in_time", "shrinkage", "more")}
    return staffing.staffing(found, WhatIf(60 * values["handle"], values["allowed"], **shares))


def _workflow(found: Arrivals) -> str:
    asked_for = request.args.get("workflow", "")
    return asked_for if asked_for in found.workflows else ""
