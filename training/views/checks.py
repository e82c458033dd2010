"""Retention checks as their person goes through them, and as the lead ends what was missed twice."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core import clock
from qa.core.errors import BadInput, Problem
from qa.core.web import Page, needs, page, writes
from training import retention
from training.forms import SectionForm
from training.queries import checks
from training.views.asked import Answered, asked, taken

bp = Blueprint("checks", __name__, url_prefix="/checks")


@bp.get("")
@needs("agent", "manager")
def listed() -> Page:
    """Own checks, sections to read again, and what was passed."""
    return page("training/checks.html", own=checks.own(g.person), today=clock.now().date())


@bp.get("/<public_id>")
@needs("agent", "manager")
def show(public_id: str) -> Page:
    """The question that is next, the way into the check, or what it came to."""
    return _at(public_id)


@bp.post("/<public_id>/begin")
@needs("agent", "manager")
@writes
def begin(public_id: str) -> Response:
    """Begin it."""
    retention.begin(g.person, public_id)
    return redirect(url_for("checks.show", public_id=public_id))


@bp.post("/<public_id>/answer")
@needs("agent", "manager")
@writes
def answer(public_id: str) -> Page | Response:
    """Take an answer, then show its clause."""

    def give(one: Answered) -> Response:
        retention.answer(g.person, public_id, question=one.question, option=one.option, ms=one.ms)
        return redirect(url_for("checks.told", public_id=public_id, question=one.question))

    return taken(give, partial(_at, public_id))


@bp.get("/<public_id>/<int:question>")
@needs("agent", "manager")
def told(public_id: str, question: int) -> Page:
    """An answered question with the clause behind each option."""
    feedback = checks.feedback(g.person, public_id, question)
    onward = url_for("checks.show", public_id=public_id)
    return page("training/told.html", asked=feedback, next_url=onward, result_url=onward)


@bp.post("/read-again")
@needs("agent", "manager")
@writes
def read_again() -> Response:
    """A section that a missed check had opened was read."""
    form = SectionForm()
    if not form.validate():
        raise BadInput(Problem("a section", field="section"))
    retention.read_again(g.person, form.section.data or "")
    flash("Noted. It is asked again as the list says.", "ok")
    return redirect(url_for("checks.listed"))


@bp.post("/talked-over")
@needs("manager")
@writes
def talked_over() -> Response:
    """The lead has talked over what somebody missed twice."""
    form = SectionForm()
    if not form.validate():
        raise BadInput(Problem("a section", field="section"))
    retention.talked_over(g.person, person_id=form.person.data or "", section=form.section.data or "")
    flash("Kept. The checks on it begin anew in three days.", "ok")
    return redirect(url_for("training.listing"))


def _at(public_id: str, status: int = 200, problem: str = "") -> Page:
    """The open question, else the check before or after its sitting."""
    shown = checks.shown(g.person, public_id)
    if shown.question is None:
        return page("training/check.html", status, check=shown)
    answer_url = url_for("checks.answer", public_id=public_id)
    return asked("Check on what you passed", shown.question, answer_url, status, problem)
