"""The page on which stand-ins of imports are filled or merged."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms.policies import MergeForm
from qa.policies import merging

bp = Blueprint("stand_ins", __name__, url_prefix="/stand-ins")
OWNERS = ("policy_owner", "admin")


@bp.get("")
@needs(*OWNERS)
def listed() -> Page:
    """Every stand-in section, and what it may be merged into."""
    return _listed(_form(MergeForm(formdata=None)))


def _form(form: MergeForm) -> MergeForm:
    form.from_key.choices = [
        SelectChoice("", "Choose a stand-in"),
        *(
            SelectChoice(one.key, f"{one.policy_title}: {one.title}")
            for one in merging.stand_ins()
            if not one.merged_into
        ),
    ]
    form.to_key.choices = [SelectChoice(key, label) for key, label in (("", "Choose a section"), *merging.targets())]
    return form


def _listed(form: MergeForm, status: int = 200) -> Page:
    return page("qa/stand_ins.html", status, rows=merging.stand_ins(), form=form)


@bp.post("")
@needs(*OWNERS)
@writes
def merge() -> Page | Response:
    """Merge a stand-in into a real section."""
    form = _form(MergeForm())
    if not form.validate():
        return _listed(form, 422)
    try:
        merging.merge(g.person, from_key=form.from_key.data, to_key=form.to_key.data)
    except BadInput as error:
        account_forms.show(form, error)
        return _listed(form, 422)
    flash("Merged: from now on the one is read as the other.")
    return redirect(url_for("stand_ins.listed"))


@bp.post("/part")
@needs(*OWNERS)
@writes
def part() -> Response:
    """Take a merge back."""
    merging.part(g.person, request.form.get("key", ""))
    return redirect(url_for("stand_ins.listed"))
