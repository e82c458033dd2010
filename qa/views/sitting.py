"""A sitting: staying at work, giving back what is in hand, and the own day, which nobody else is shown."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms.sitting import LimitForm
from qa.grading import exposure, leases
from qa.queries import own_day as queries

bp = Blueprint("sitting", __name__, url_prefix="/grade")
day = Blueprint("own_day", __name__, url_prefix="/my-day")


@bp.post("/beat")
@needs("reviewer")
@writes
def beat() -> Response:
    """Somebody is at work: what they have in hand stays theirs. Answers with why a break would do good, if so."""
    leases.stay(g.person)
    return jsonify(pause=queries.stretch(g.person).why)


@bp.post("/hand-back")
@needs("reviewer")
@writes
def hand_back() -> Response:
    """Give back what is in hand."""
    count = leases.hand_back(g.person)
    flash("Handed back. " + ("It goes" if count == 1 else "They go") + " to whoever comes next.", "ok")
    return redirect(url_for("own_day.show"))


@day.get("")
@needs("reviewer")
def show() -> Page:
    """The own day: pace, breaks and what was shown."""
    today = queries.own_day(g.person)
    return _page(today, LimitForm(data={"most": today.own_budget}))


def _page(today: queries.OwnDay, form: LimitForm, status: int = 200) -> Page:
    return page("qa/own_day.html", status, day=today, form=form)


@day.post("/limit")
@needs("reviewer")
@writes
def choose_limit() -> Page | Response:
    """See fewer sensitive cases a day than the site allows, or again as many."""
    form = LimitForm()
    try:
        if form.validate():
            exposure.choose(g.person, form.most.data)
            flash("Kept. It holds from the next case on.", "ok")
            return redirect(url_for("own_day.show"))
    except BadInput as error:
        show_problems(form, error)
    return _page(queries.own_day(g.person), form, 422)
