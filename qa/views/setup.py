"""The set-up guide, and the way from the demonstration to one's own data and back."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from qa.core import installation
from qa.core.accounts import logins
from qa.core.errors import BadInput, Problem
from qa.core.web import Page, needs, page, writes
from qa.starting import first_sample, guide

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("")
@needs("manager", "admin")
def show() -> Page:
    """The five steps, and which data is open."""
    return page("qa/setup.html", guide=guide.show(g.person), here=installation.present(), size=first_sample.SIZE)


@bp.post("/sample")
@needs("manager", "admin")
@writes
def sample() -> Response:
    """Have the first sample drawn."""
    first_sample.draw(g.person)
    flash("The first sample is being drawn.")
    return redirect(url_for("setup.show"))


@bp.post("/grade")
@needs("admin")
@writes
def grade_too() -> Response:
    """Let oneself grade too; a change of roles ends all sittings, so a new one begins."""
    if request.form.get("role") != "reviewer":
        raise BadInput(Problem("the role reviewer", field="role"))
    if first_sample.grade_too(g.person):
        token = logins.begin(g.person.id)
        session.clear()
        session["token"] = token
        flash("You grade too now. Pages hide from you what could tell you an outcome.", "ok")
    return redirect(url_for("setup.show"))


@bp.post("/open")
@needs("admin")
@writes
def open_other() -> Page | Response:
    """Open one's own data, or the demonstration again: the server begins anew on it."""
    if request.form.get("sure") != "yes":
        flash("Say that you have read what happens.", "bad")
        return redirect(url_for("setup.show"))
    if request.form.get("which") == "demo":
        installation.open_demo(g.person)
        return page("qa/setup_opening.html", begins=None, is_demo=True)
    return page("qa/setup_opening.html", begins=installation.open_own(g.person), is_demo=False)
