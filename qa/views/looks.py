"""Looks in people's hands, for whoever leads: letting one go, or giving it to somebody else."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from qa.grading import leases
from qa.queries import looks as queries

bp = Blueprint("looks", __name__, url_prefix="/looks")
_LEADS = ("manager", "admin")


@bp.get("")
@needs(*_LEADS)
def listing() -> Page:
    """Who has which look in hand."""
    return page("qa/looks.html", rows=queries.in_hands(g.person), graders=queries.graders(g.person))


@bp.post("/<task_id>/free")
@needs(*_LEADS)
@writes
def free(task_id: str) -> Response:
    """Let a look go to whoever comes next."""
    leases.release(g.person, task_id)
    flash("It goes to whoever comes next.", "ok")
    return redirect(url_for("looks.listing"))


@bp.post("/<task_id>/move")
@needs(*_LEADS)
@writes
def move(task_id: str) -> Response:
    """Give a look to another grader."""
    leases.reassign(g.person, task_id, person_id=request.form.get("person", ""))
    flash("It is kept for them.", "ok")
    return redirect(url_for("looks.listing"))
