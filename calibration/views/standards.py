"""Below standard: the list of agents whose whole interval is under the target."""

from __future__ import annotations

from flask import Blueprint, Response, g

from calibration import standards
from calibration.stats.estimate import FEWEST_CASES
from calibration.views.asked import LEVELS, asked_period, link_of
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("standards", __name__)
_LEADS = ("manager", "observer", "admin")


@bp.get("/below-standard")
@needs(*_LEADS)
def show() -> Page:
    """The list of a period."""
    asked = asked_period()
    seen = standards.standard(g.person, asked)
    return page("calibration/standards.html", seen=seen, link=link_of(asked), levels=LEVELS, minimum=FEWEST_CASES)


@bp.get("/below-standard.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same list as a table."""
    seen = standards.standard(g.person, asked_period())
    figures = ((one.line.name, one.line.rate.figure) for one in seen.below)
    header = ("agent", "estimate", "low", "high", "n", "target")
    return csv_of(
        "below-standard.csv", header, ((name, f.estimate, f.low, f.high, f.n, seen.target) for name, f in figures)
    )
