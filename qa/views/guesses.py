"""Guessing what was decided, between the close of a batch and its reveals."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from qa.forms import guesses as forms
from qa.grading import guesses
from qa.queries import guesses as queries

bp = Blueprint("guesses", __name__, url_prefix="/grade/guess")


@bp.get("")
@needs("reviewer")
def next_one() -> Response:
    """The first case on which a guess is asked for, else the last batch."""
    waiting = queries.waiting(g.person)
    return redirect(url_for("guesses.show", task_id=waiting[0][0]) if waiting else url_for("grading.show_batch"))


@bp.get("/<task_id>")
@needs("reviewer")
def show(task_id: str) -> Page:
    """One case as it was graded, with the own answer."""
    asked = queries.asked(g.person, task_id)
    return page("qa/guess.html", asked=asked, case=asked.case, form=forms.guess_form(asked))


@bp.post("/<task_id>")
@needs("reviewer")
@writes
def guess(task_id: str) -> Page | Response:
    """Take the guess; after the batch's last one its answers are open."""
    asked = queries.asked(g.person, task_id)
    form = forms.guess_form(asked)
    if not form.validate():
        return page("qa/guess.html", 422, asked=asked, case=asked.case, form=form)
    verdict, action = form.guess()
    guesses.give(g.person, task_id, verdict=verdict, action=action)
    if asked.left > 1:
        return redirect(url_for("guesses.next_one"))
    flash("Thank you. The answers of this batch are open.", "ok")
    return redirect(url_for("grading.show_closed_batch", batch_id=asked.batch_id))
