"""Contested process slips, for those who lead."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.hearings import slip_hearings
from qa.queries import slips as queries

bp = Blueprint("slips", __name__, url_prefix="/process-slips")
_LEADS = ("manager", "admin")


@bp.get("")
@needs(*_LEADS)
def listed() -> Page:
    """What waits to be decided."""
    return page("qa/slips.html", rows=queries.waiting(g.person))


@bp.get("/<dispute_id>")
@needs(*_LEADS)
def show(dispute_id: str) -> Page:
    """One contested slip, with the work."""
    return _page(dispute_id, forms.SlipForm())


def _page(dispute_id: str, form: forms.SlipForm, status: int = 200) -> Page:
    shown = queries.slip(g.person, dispute_id)
    return page("qa/slip.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/<dispute_id>")
@needs(*_LEADS)
@writes
def decide(dispute_id: str) -> Page | Response:
    """End the hearing."""
    form = forms.SlipForm()
    if not form.validate():
        return _page(dispute_id, form, 422)
    slip_hearings.decide(g.person, dispute_id, choice=form.choice.data, reason=form.reason.data)
    flash("Decided. The agent reads your reason.", "ok")
    return redirect(url_for("slips.listed"))
