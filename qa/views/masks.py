"""What is covered in cases' texts: looking it over before anybody is given the case."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa import mask_review
from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms.masks import MasksForm
from qa.queries import masks as queries

bp = Blueprint("masks", __name__, url_prefix="/masks")
_LEADS = ("manager", "admin")


@bp.get("")
@needs(*_LEADS)
def listed() -> Page:
    """The cases that wait for somebody to look at their text, or all whose text has masks."""
    show = "all" if request.args.get("show") == "all" else "waiting"
    after = max(request.args.get("from", 0, type=int), 0)
    rows = queries.listed(g.person, show=show, after=after)
    return page("qa/masks.html", rows=rows, show=show, after=after, size=queries.PAGE)


@bp.get("/<case_id>")
@needs(*_LEADS)
def show(case_id: str) -> Page:
    """One case with its masks, once it was opened."""
    if not queries.is_opened(g.person, case_id):
        return page("qa/mask_closed.html", case_id=case_id)
    return _page(case_id, MasksForm(formdata=None))


def _page(case_id: str, form: MasksForm, status: int = 200) -> Page:
    return page("qa/mask.html", status, shown=queries.case(g.person, case_id), form=form)


@bp.post("/<case_id>/open")
@needs(*_LEADS)
@writes
def open_text(case_id: str) -> Response:
    """Open the text: noted, and the case is never given to this person."""
    mask_review.open_text(g.person, case_id)
    return redirect(url_for("masks.show", case_id=case_id))


@bp.post("/<case_id>")
@needs(*_LEADS)
@writes
def settle(case_id: str) -> Page | Response:
    """Let the masks stand but those that are harmless, and release the case."""
    form = MasksForm()
    if not form.validate():
        return _page(case_id, form, 422)
    harmless = request.form.getlist("harmless")
    try:
        released = mask_review.settle(g.person, case_id, harmless=harmless, words=form.words.data or "")
    except BadInput as error:
        show_problems(form, error)
        return _page(case_id, form, 422)
    flash("Saved. The case can be graded now." if released else "Saved.", "ok")
    return redirect(url_for("masks.listed"))
