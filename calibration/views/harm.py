"""Harm of errors: how much an error of each kind weighs, by policy and tier."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from calibration import forms
from calibration.harm import page as harm_page
from calibration.harm import weights
from qa.core.web import Page, needs, page, writes

bp = Blueprint("harm", __name__)
_LEADS = ("manager", "observer", "admin")


@bp.get("/accuracy/harm")
@needs(*_LEADS)
def show() -> Page:
    """The weights that hold, and what held before."""
    return _page()


@bp.post("/accuracy/harm")
@needs("admin")
@writes
def put() -> Page | Response:
    """Let errors of one policy or tier weigh so much from now on."""
    form = _form()
    if not form.validate():
        return _page(422, form)
    kind, _, key = form.about.data.partition(":")
    weights.put(g.person, kind, key, over=form.over.data, missed=form.missed.data)
    flash("Saved. It holds from now on; past periods keep the weights of their time.", "ok")
    return redirect(url_for("harm.show"))


def _form() -> forms.HarmForm:
    form = forms.HarmForm()
    form.about.choices = [SelectChoice(value, label) for value, label in harm_page.choices(g.person)]
    return form


def _page(status: int = 200, form: forms.HarmForm | None = None) -> Page:
    shown = form or _form()
    return page("calibration/harm.html", status, seen=harm_page.shown(), form=shown, may_set=g.person.has("admin"))
