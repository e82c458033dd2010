"""Could graders guess? The figure with its chance level, quarter by quarter."""

from __future__ import annotations

from flask import Blueprint, Response, g

from calibration import guessing
from qa.core.downloads import csv_of
from qa.core.web import Page, needs, page

bp = Blueprint("guessing", __name__)
_LEADS = ("manager", "observer", "admin")
_HEADER = ("quarter", "share", "low", "high", "n", "chance", "p_value", "no_idea", "unanswered")


@bp.get("/guessing")
@needs(*_LEADS)
def show() -> Page:
    """The quarters, the newest first."""
    return page("calibration/guessing.html", seen=guessing.told(g.person))


@bp.get("/guessing.csv")
@needs(*_LEADS)
def download() -> Response:
    """The same as a table; a quarter with too few guesses has no figure."""
    return csv_of("guessing.csv", _HEADER, (_cells(one) for one in guessing.told(g.person).quarters))


def _cells(one: guessing.Quarter) -> tuple[object, ...]:
    f = one.figure
    figures = (f.share, f.low, f.high, f.n, f.chance, f.p_value) if f else (None, None, None, one.given, None, None)
    return (one.label, *figures, one.passed, one.unanswered)
