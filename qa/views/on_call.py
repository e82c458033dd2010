"""Calls: answering one, the rota, and a test."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.web import SIGNED_IN, Page, needs, page, writes
from qa.danger import danger, on_call
from qa.forms.on_call import CloseForm, ShiftForm
from qa.queries import calls as queries

bp = Blueprint("on_call", __name__, url_prefix="/on-call")


@bp.get("")
@needs(SIGNED_IN)
def listing() -> Page:
    """The calls that this person was told of; for leads the rota too."""
    return _listing(_shift_form())


def _listing(form: ShiftForm, status: int = 200) -> Page:
    is_lead = g.person.has("manager", "admin")
    rota = {"shifts": queries.shifts(), "now": queries.on_call_now()} if is_lead else {}
    return page("qa/on_call.html", status, calls=queries.calls(g.person), is_lead=is_lead, form=form, **rota)


def _shift_form() -> ShiftForm:
    form = ShiftForm()
    form.person.choices = [SelectChoice("", "Choose")] + [SelectChoice(*one) for one in queries.can_be_on_call()]
    return form


@bp.post("/shifts")
@needs("manager", "admin")
@writes
def add_shift() -> Page | Response:
    """Put somebody into the rota."""
    form = _shift_form()
    if not form.validate():
        return _listing(form, 422)
    moments = {"from_at": form.from_at.data.replace(tzinfo=UTC), "to_at": form.to_at.data.replace(tzinfo=UTC)}
    try:
        on_call.add_shift(g.person, person_id=form.person.data or "", place=form.place.data, **moments)
    except BadInput as error:
        show_problems(form, error)
        return _listing(form, 422)
    flash("The shift is in the rota.", "ok")
    return redirect(url_for("on_call.listing"))


@bp.post("/shifts/<shift_id>/remove")
@needs("manager", "admin")
@writes
def remove_shift(shift_id: str) -> Response:
    """Take a shift out of the rota."""
    on_call.remove_shift(g.person, shift_id)
    flash("The shift is out of the rota.", "ok")
    return redirect(url_for("on_call.listing"))


@bp.post("/test")
@needs("manager", "admin")
@writes
def test() -> Response:
    """Call whoever is on call, to see whether they answer."""
    danger.call_as_test(g.person)
    flash("The first person on call has been called, as a test.", "ok")
    return redirect(url_for("on_call.listing"))


@bp.get("/<danger_id>")
@needs(SIGNED_IN)
def show(danger_id: str) -> Page:
    """A call, with the case."""
    return _page(danger_id, CloseForm())


def _page(danger_id: str, form: CloseForm, status: int = 200) -> Page:
    shown = queries.call(g.person, danger_id)
    return page("qa/call.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/<danger_id>/acknowledge")
@needs(SIGNED_IN)
@writes
def acknowledge(danger_id: str) -> Response:
    """Say that one looks after it."""
    danger.acknowledge(g.person, danger_id)
    flash("It is yours. Say what was done when it is over.", "ok")
    return redirect(url_for("on_call.show", danger_id=danger_id))


@bp.post("/<danger_id>/close")
@needs(SIGNED_IN)
@writes
def close(danger_id: str) -> Page | Response:
    """Say what came of it."""
    form = CloseForm()
    if not form.validate():
        return _page(danger_id, form, 422)
    danger.close(g.person, danger_id, ended=form.ended.data)
    flash("Closed.", "ok")
    return redirect(url_for("on_call.listing"))
