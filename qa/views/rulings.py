"""The second step of adjudications and disputes: what is shown once the own blind grade is committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.forms import Form
from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.hearings import adjudication
from qa.hearings import disputes as dispute_service
from qa.queries import rulings as queries

Shown = queries.RulingPage | queries.DisputePage
F = TypeVar("F", bound=Form)
bp = Blueprint("rulings", __name__, url_prefix="/grade/ruling")
disputes = Blueprint("disputes", __name__, url_prefix="/grade/dispute")


@bp.get("/<ruling_id>")
@needs("reviewer")
def show(ruling_id: str) -> Page:
    """The answers, nameless and in random order."""
    shown = queries.ruling(g.person, ruling_id)
    return _page("qa/ruling.html", shown, forms.ruling(shown))


@bp.post("/<ruling_id>")
@needs("reviewer")
@writes
def rule(ruling_id: str) -> Page | Response:
    """Rule."""
    shown = queries.ruling(g.person, ruling_id)

    def deed(form: forms.RulingForm) -> str:
        state = adjudication.decide(g.person, ruling_id, ruling=form.ruling.data, reason=form.reason.data)
        two_of_three = "Ruled. Two of three who rule the same settle the case."
        return two_of_three if state == "adjudication" else "Ruled. Write the explanation while it is fresh."

    return _answered("qa/ruling.html", shown, forms.ruling(shown), deed)


@disputes.get("/<dispute_id>")
@needs("reviewer")
def show_dispute(dispute_id: str) -> Page:
    """The agent's argument beside the result and the own blind answer."""
    shown = queries.dispute(g.person, dispute_id)
    return _page("qa/dispute.html", shown, forms.decision(shown))


@disputes.post("/<dispute_id>")
@needs("reviewer")
@writes
def decide(dispute_id: str) -> Page | Response:
    """End the dispute."""
    shown = queries.dispute(g.person, dispute_id)

    def deed(form: forms.DecideForm) -> str:
        dispute_service.decide(g.person, dispute_id, choice=form.choice.data, reason=form.reason.data)
        return "Decided. The agent reads your reason."

    return _answered("qa/dispute.html", shown, forms.decision(shown), deed)


def _answered(template: str, shown: Shown, form: F, deed: Callable[[F], str]) -> Page | Response:
    """Do the *deed* that a form asks for and say what it says, or show the form again with what is missing."""
    if not form.validate():
        return _page(template, shown, form, 422)
    flash(deed(form), "ok")
    return redirect(url_for("home.show"))


def _page(template: str, shown: Shown, form: Form, status: int = 200) -> Page:
    return page(template, status, shown=shown, case=shown.case, form=form)
