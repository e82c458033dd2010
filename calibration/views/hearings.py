"""Disputes and second looks in figures, for those who lead."""

from __future__ import annotations

from flask import Blueprint, g

from calibration import hearings
from qa.core.web import Page, needs, page

bp = Blueprint("dispute_figures", __name__)


@bp.get("/disputes")
@needs("manager", "admin")
def show() -> Page:
    """How disputes end, by grader and by clause, and whether undisputed results hold."""
    return page("calibration/disputes.html", shown=hearings.hearings(g.person), fewest=hearings.FEWEST)
