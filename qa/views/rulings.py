"""The second step of adjudications and disputes: what is shown once the own blind grade is committed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa import adjudication
from qa import disputes as dispute_service
from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.queries import rulings as queries

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
    form = forms.ruling(shown)
    if not form.validate():
        return _page("qa/ruling.html", shown, form, 422)
    state = adjudication.decide(g.person, ruling_id, ruling=form.ruling.data, reason=form.reason.data)
    if state == "adjudication":
        return _home("Ruled. Two of three who rule the same settle the case.")
    return _home("Ruled. Write the explanation while it is fresh.")


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
    form = forms.decision(shown)
    if not form.validate():
        return _page("qa/dispute.html", shown, form, 422)
    dispute_service.decide(g.person, dispute_id, choice=form.choice.data, reason=form.reason.data)
    return _home("Decided. The agent reads your reason.")


def _page(
    template: str,
    shown: queries.RulingPage | queries.DisputePage,
    form: forms.RulingForm | forms.DecideForm,
    status: int = 200,
) -> Page:
    return page(template, status, shown=shown, case=shown.case, form=form)


def _home(said: str) -> Response:
    flash(said, "ok")
    return redirect(url_for("home.show"))
