"""How differences ended: a week's for the team's meeting, a grader's own ones, and the challenge of a ruling."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core import clock
from qa.core.errors import NotFound
from qa.core.web import Page, needs, page, writes
from qa.forms import hearings as forms
from qa.hearings import challenges
from qa.queries import own_differences, weekly

bp = Blueprint("hearings", __name__)


@bp.get("/differences/week")
@needs("manager", "admin")
def week() -> Page:
    """A week's differences by clause, to be printed."""
    asked = request.args.get("from")
    try:
        day = date.fromisoformat(asked) if asked else clock.now().date()
        shown = weekly.week(g.person, weekly.monday_of(day))
    except (ValueError, OverflowError):
        raise NotFound("week") from None
    return page("qa/differences_week.html", shown=shown)


@bp.get("/grade/differences")
@needs("reviewer")
def own() -> Page:
    """How this grader's own differences ended."""
    return page("qa/differences_own.html", rows=own_differences.ended(g.person))


@bp.get("/grade/differences/<task_id>")
@needs("reviewer")
def show(task_id: str) -> Page:
    """One of them, with the ruling and its challenge."""
    return _page(task_id, forms.ChallengeForm())


def _page(task_id: str, form: forms.ChallengeForm, status: int = 200) -> Page:
    shown = own_differences.one(g.person, task_id)
    return page("qa/differences_one.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/grade/differences/<task_id>/challenge")
@needs("reviewer")
@writes
def challenge(task_id: str) -> Page | Response:
    """Ask for the ruling to be heard again."""
    form = forms.ChallengeForm()
    if not form.validate():
        return _page(task_id, form, 422)
    challenges.open_challenge(g.person, task_id, text=form.text.data)
    flash("Your challenge goes to somebody who was not in it yet.", "ok")
    return redirect(url_for("hearings.show", task_id=task_id))


@bp.get("/grade/challenge/<challenge_id>")
@needs("reviewer")
def show_challenge(challenge_id: str) -> Page:
    """The argument beside the ruling and the own blind answer."""
    return _challenge_page(challenge_id, forms.HearForm())


def _challenge_page(challenge_id: str, form: forms.HearForm, status: int = 200) -> Page:
    shown = own_differences.challenge(g.person, challenge_id)
    form.choice.choices = forms.hear_choices(shown)
    return page("qa/challenge.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/grade/challenge/<challenge_id>")
@needs("reviewer")
@writes
def hear(challenge_id: str) -> Page | Response:
    """End the challenge."""
    form = forms.HearForm()
    form.choice.choices = forms.hear_choices(own_differences.challenge(g.person, challenge_id))
    if not form.validate():
        return _challenge_page(challenge_id, form, 422)
    challenges.decide(g.person, challenge_id, choice=form.choice.data, reason=form.reason.data)
    flash("Decided. Whoever challenged reads your reason.", "ok")
    return redirect(url_for("home.show"))
