"""Days off: one's own, and for leads those of the people they lead."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.leave import leave, queries
from qa.core.leave.forms import DecisionForm, EntryForm, OwnLeaveForm
from qa.core.web import SIGNED_IN, Page, needs, page, writes

bp = Blueprint("days_off", __name__, url_prefix="/days-off")
_LEADS = ("manager", "admin")


@bp.get("")
@needs(SIGNED_IN)
def show() -> Page:
    """The calendar as far as it is one's business."""
    return _page()


def _page(status: int = 200, own: OwnLeaveForm | None = None, entry: EntryForm | None = None) -> Page:
    leads: dict[str, Any] = {}
    if g.person.has(*_LEADS):
        leads = {
            "to_decide": queries.to_decide(g.person), "led": queries.of_led(g.person),
            "entry": entry or _entry_form(formdata=None),
        }  # fmt: skip
    return page(
        "core/days_off.html", status, own=own or OwnLeaveForm(formdata=None), off=queries.own(g.person),
        requests=queries.requests(g.person), most=queries.MOST, **leads,
    )  # fmt: skip


def _entry_form(**given: Any) -> EntryForm:
    form = EntryForm(**given)
    everybody = [(leave.EVERYBODY, "Everybody")] if g.person.has("admin") else []
    named = [("", "Choose"), *everybody, *queries.choices(g.person)]
    form.whose.choices = [SelectChoice(*one) for one in named]
    return form


@bp.post("")
@needs(SIGNED_IN)
@writes
def ask() -> Page | Response:
    """Ask for own leave, or work after all."""
    form = OwnLeaveForm()
    if not form.validate():
        return _page(422, own=form)
    deed = leave.ask if form.what.data == "leave" else leave.give_back
    try:
        deed(g.person, first=form.first.data, last=form.last.data or form.first.data)
    except BadInput as error:
        show_problems(form, error)
        return _page(422, own=form)
    flash("Asked. Whoever leads you is told." if form.what.data == "leave" else "You work on these days.", "ok")
    return redirect(url_for("days_off.show"))


@bp.post("/people")
@needs(*_LEADS)
@writes
def enter() -> Page | Response:
    """Enter days off of somebody who is led, of a team, or of everybody."""
    form = _entry_form()
    if not form.validate():
        return _page(422, entry=form)
    days = {"first": form.first.data, "last": form.last.data or form.first.data}
    try:
        leave.enter(g.person, whose=form.whose.data or "", kind=form.kind.data, **days)
    except BadInput as error:
        show_problems(form, error)
        return _page(422, entry=form)
    flash("Entered.", "ok")
    return redirect(url_for("days_off.show"))


@bp.post("/<request_id>/decide")
@needs(*_LEADS)
@writes
def decide(request_id: str) -> Page | Response:
    """Grant leave, or decline it."""
    form = DecisionForm()
    if not form.validate():
        return _page(422)
    leave.decide(g.person, request_id, grant=form.grant.data == "yes")
    flash("Granted." if form.grant.data == "yes" else "Declined.", "ok")
    return redirect(url_for("days_off.show"))


@bp.post("/<request_id>/withdraw")
@needs(SIGNED_IN)
@writes
def withdraw(request_id: str) -> Response:
    """Take an own request back."""
    leave.withdraw(g.person, request_id)
    flash("Taken back.", "ok")
    return redirect(url_for("days_off.show"))
