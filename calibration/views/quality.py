"""The quality of the work in figures, for those who lead."""

from __future__ import annotations

from flask import Blueprint, Response, g

from calibration import quality
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("quality", __name__)
_LEADS = ("manager", "observer", "admin")
_HEADER = ("part", "criterion", "critical", "met", "low", "high", "n", "in_part", "not_met", "does_not_apply")


@bp.get("/quality")
@needs(*_LEADS)
def show() -> Page:
    """Each criterion, and each team."""
    return page("calibration/quality.html", seen=quality.quality(g.person))


@bp.get("/quality.csv")
@needs(*_LEADS)
def download() -> Response:
    """The criteria as a table; one with too few marks has no figure."""
    seen = quality.quality(g.person)
    return csv_of("quality.csv", _HEADER, (_cells(title, one) for title, lines in seen.parts for one in lines))


def _cells(title: str, one: quality.Line) -> tuple[object, ...]:
    met = one.met
    figure = (met.estimate, met.low, met.high) if met.n >= quality.FEWEST else (None, None, None)
    return (title, one.label, one.critical, *figure, met.n, one.partly, one.missed, one.does_not_apply)
