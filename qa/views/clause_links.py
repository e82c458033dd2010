"""Pages on which internal sections are linked to the public ones that they carry out."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms.policies import LinkForm
from qa.policies import clause_links

bp = Blueprint("clause_links", __name__, url_prefix="/clause-links")
OWNERS = ("policy_owner", "admin")


@bp.get("")
@needs(*OWNERS)
def listed() -> Page:
    """The links, those that need a look first, and the form for another."""
    return _listed(_form(LinkForm(formdata=None)))


def _form(form: LinkForm) -> LinkForm:
    for field, audience in ((form.internal_key, "internal"), (form.public_key, "external")):
        sections = clause_links.sections_for(audience)
        field.choices = [SelectChoice(key, label) for key, label in (("", "Choose a section"), *sections)]
    return form


def _listed(form: LinkForm, status: int = 200) -> Page:
    return page("qa/clause_links.html", status, links=clause_links.listed(), form=form)


@bp.post("")
@needs(*OWNERS)
@writes
def link() -> Page | Response:
    """Link two sections."""
    form = _form(LinkForm())
    if not form.validate():
        return _listed(form, 422)
    try:
        clause_links.link(g.person, internal_key=form.internal_key.data, public_key=form.public_key.data)
    except BadInput as error:
        account_forms.show(form, error)
        return _listed(form, 422)
    flash("Linked. You see here when only one of the two changes.")
    return redirect(url_for("clause_links.listed"))


@bp.post("/<public_id>/confirm")
@needs(*OWNERS)
@writes
def confirm(public_id: str) -> Response:
    """Say that both fit together as they are."""
    clause_links.confirm(g.person, public_id)
    return redirect(url_for("clause_links.listed"))


@bp.post("/<public_id>/end")
@needs(*OWNERS)
@writes
def unlink(public_id: str) -> Response:
    """End a link."""
    clause_links.unlink(g.person, public_id)
    return redirect(url_for("clause_links.listed"))
