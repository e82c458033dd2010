"""What training changed, and the trial in which the start of some is drawn by chance."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from training.coaching_forms import ReasonForm
from training.queries import changes
from training.queries import trials as queries
from training.trials import trials

bp = Blueprint("changes", __name__)


@bp.get("/training-changes")
@needs("manager", "admin")
def show() -> Page:
    """Figures of modules and trials, and how the trial goes about it."""
    return page("training/changes.html", rows=changes.changes(g.person), trial=queries.standing())


@bp.post("/training-starts/<public_id>/now")
@needs("manager")
@writes
def start_now(public_id: str) -> Response:
    """Begin what was to wait for its day."""
    form = ReasonForm()
    trials.start_now(g.person, public_id, because=form.because.data or "")
    flash("It is given out within minutes, and counts no more in the trial.", "ok")
    return redirect(url_for("training.listing"))
