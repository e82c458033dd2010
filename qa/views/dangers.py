"""A grader reports danger, and may take it back for ten seconds. What comes of it is told to others."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from qa.danger import danger
from qa.queries import calls as queries

bp = Blueprint("dangers", __name__, url_prefix="/grade")


@bp.post("/<task_id>/danger")
@needs("reviewer")
@writes
def report(task_id: str) -> Response:
    """Report danger, in one line."""
    danger_id = danger.report(g.person, task_id, line=request.form.get("line", ""))
    if "X-Outbox" in request.headers:
        return jsonify(undo=url_for("dangers.undo", danger_id=danger_id), seconds=danger.UNDO.seconds)
    return redirect(url_for("dangers.sent", danger_id=danger_id))


@bp.get("/danger/<danger_id>")
@needs("reviewer")
def sent(danger_id: str) -> Page:
    """An own report was sent."""
    return page("qa/danger_sent.html", sent=queries.sent(g.person, danger_id))


@bp.post("/danger/<danger_id>/undo")
@needs("reviewer")
@writes
def undo(danger_id: str) -> Response:
    """Take an own report back."""
    danger.undo(g.person, danger_id)
    if "X-Outbox" in request.headers:
        return jsonify(undone=True)
    flash("Taken back.", "ok")
    return redirect(url_for("grading.next_up"))
