"""The way in for the first admin of a database in which nobody is."""

from __future__ import annotations

from flask import Blueprint, redirect, session, url_for
from werkzeug.wrappers import Response

from qa.core.accounts import beginning, forms
from qa.core.errors import BadInput
from qa.core.web import PUBLIC, Page, needs, page

bp = Blueprint("begin", __name__, url_prefix="/begin")


@bp.get("/<key>")
@needs(PUBLIC)
def show(key: str) -> Page:
    """The form of the first admin; looking does not use the link up."""
    beginning.check(key)
    return page("core/begin.html", form=forms.FirstAdminForm(formdata=None))


@bp.post("/<key>")
@needs(PUBLIC)
def begin(key: str) -> Page | Response:
    """Make the first admin and let them in. The service opens its own transaction: a password is hashed before."""
    form = forms.FirstAdminForm()
    beginning.check(key)
    if form.validate():
        try:
            token = beginning.begin(
                key, name=form.name.data or "", email=form.email.data or "", password=form.new.data or ""
            )
        except BadInput as error:
            forms.show(form, error)
        else:
            session.clear()
            session["token"] = token
            return redirect(url_for("home.show"))
    return page("core/begin.html", 422, form=form)
