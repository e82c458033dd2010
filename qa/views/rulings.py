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
    return _ruling_page(ruling_id, forms.RulingForm())


def _ruling_page(ruling_id: str, form: forms.RulingForm, status: int = 200) -> Page:
    shown = queries.ruling(g.person, ruling_id)
    form.ruling.choices = forms.ruling_choices(shown)
    return page("qa/ruling.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/<ruling_id>")
@needs("reviewer")
@writes
def rule(ruling_id: str) -> Page | Response:
    """Rule."""
    form = forms.RulingForm()
    form.ruling.choices = forms.ruling_choices(queries.ruling(g.person, ruling_id))
    if not form.validate():
        return _ruling_page(ruling_id, form, 422)
    adjudication.decide(g.person, ruling_id, ruling=form.ruling.data, reason=form.reason.data)
    flash("Ruled. Write the explanation while it is fresh.", "ok")
    return redirect(url_for("home.show"))


@disputes.get("/<dispute_id>")
@needs("reviewer")
def show_dispute(dispute_id: str) -> Page:
    """The agent's argument beside the result and the own blind answer."""
    return _dispute_page(dispute_id, forms.DecideForm())


def _dispute_page(dispute_id: str, form: forms.DecideForm, status: int = 200) -> Page:
    shown = queries.dispute(g.person, dispute_id)
    form.choice.choices = forms.decide_choices(shown)
    return page("qa/dispute.html", status, shown=shown, case=shown.case, form=form)


@disputes.post("/<dispute_id>")
@needs("reviewer")
@writes
def decide(dispute_id: str) -> Page | Response:
    """End the dispute."""
    form = forms.DecideForm()
    form.choice.choices = forms.decide_choices(queries.dispute(g.person, dispute_id))
    if not form.validate():
        return _dispute_page(dispute_id, form, 422)
    dispute_service.decide(g.person, dispute_id, choice=form.choice.data, reason=form.reason.data)
    flash("Decided. The agent reads your reason.", "ok")
    return redirect(url_for("home.show"))
