"""What is kept and what was erased: for admins."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.errors import NotFound, Refused
from qa.core.web import Page, needs, page, writes
from qa.forms.erasing import EraseForm
from qa.queries import keeping as queries
from qa.removal import erasing, retention

bp = Blueprint("keeping", __name__, url_prefix="/admin")


@bp.get("/retention")
@needs("admin")
def show() -> Page:
    """What holds text of cases and figures of people, how long, and what the next run takes out."""
    return page("qa/retention.html", kept=queries.keeping(g.person))


@bp.post("/retention/run")
@needs("admin")
@writes
def run() -> Response:
    """Take out now what is over, instead of at night."""
    retention.ask_for(g.person)
    flash("What is over is being taken out.")
    return redirect(url_for("keeping.show"))


@bp.get("/erasure")
@needs("admin")
def erasures() -> Page:
    """The requests, and the form for a new one."""
    return _erasures(EraseForm(formdata=None))


def _erasures(form: EraseForm, status: int = 200) -> Page:
    return page("qa/erasure.html", status, rows=queries.erasures(), form=form)


@bp.post("/erasure")
@needs("admin")
@writes
def erase() -> Page | Response:
    """Ask for a person or a case to be erased; what stands behind it is done by a job."""
    form = EraseForm(request.form)
    if not form.validate():
        return _erasures(form, 422)
    try:
        erasing.ask_for_job(g.person, form.kind.data, form.reference.data or "")
    except (NotFound, Refused) as error:
        form.reference.errors = [error.message]
        return _erasures(form, 422)
    flash("It is being erased. The files of the database are written anew after it.")
    return redirect(url_for("keeping.erasures"))
