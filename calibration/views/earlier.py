"""What a sheet of earlier QA results can and cannot say; a kept sheet, and its blind check."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from calibration.earlier import blind_check, keeping, matching
from calibration.earlier.checking import check
from calibration.earlier.drawing import drawn
from calibration.earlier.reading import Sheet, read
from calibration.forms import BlindCheckForm, SheetForm
from qa.core import preferences
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.tables import signs
from qa.core.web import Page, needs, page, writes

bp = Blueprint("earlier", __name__, url_prefix="/earlier-qa")
_LEADS = ("manager", "admin")
_COLUMNS = ("agent", "decision", "qa", "at", "case")


@bp.get("")
@needs(*_LEADS)
def ask() -> Page:
    """The form, and what was kept."""
    return _asked(SheetForm(formdata=None))


@bp.post("")
@needs(*_LEADS)
def show() -> Page:
    """Read the sheet that was sent, and say what it says; nothing of it is kept."""
    form = SheetForm()
    sheet = _sheet(form)
    if sheet is None:
        return _asked(form, 422)
    return page("calibration/earlier.html", drawn=drawn(check(sheet, _target())))


@bp.post("/kept")
@needs(*_LEADS)
@writes
def keep() -> Page | Response:
    """Read the sheet that was sent, and keep it as earlier QA."""
    form = SheetForm()
    sheet = _sheet(form)
    if sheet is None:
        return _asked(form, 422)
    try:
        row = keeping.keep(g.person, sheet)
    except BadInput as error:
        account_forms.show(form, error)
        return _asked(form, 422)
    flash("Kept as earlier QA. It enters no accuracy.", "ok")
    return redirect(url_for("earlier.one", public_id=row.public_id))


@bp.get("/<public_id>")
@needs(*_LEADS)
def one(public_id: str) -> Page:
    """A kept sheet: what it says, and its blind check."""
    return _one(public_id, BlindCheckForm(formdata=None))


@bp.post("/<public_id>/check")
@needs(*_LEADS)
@writes
def ask_for_check(public_id: str) -> Page | Response:
    """Have some of its cases decided again blind."""
    form = BlindCheckForm()
    if not form.validate():
        return _one(public_id, form, 422)
    blind_check.ask(g.person, public_id, cases=form.cases.data)
    flash("The sample is being drawn; its cases come into the queues like all others.", "ok")
    return redirect(url_for("earlier.one", public_id=public_id))


@bp.post("/<public_id>/remove")
@needs(*_LEADS)
@writes
def remove(public_id: str) -> Response:
    """Let go of a kept sheet."""
    keeping.remove(g.person, public_id)
    flash("The sheet is no longer kept.", "ok")
    return redirect(url_for("earlier.ask"))


def _target() -> float:
    return float(preferences.get("target_accuracy"))


def _asked(form: SheetForm, status: int = 200) -> Page:
    refused, kept = keeping.why_not(g.person), keeping.listed(g.person)
    return page("calibration/earlier_ask.html", status, form=form, refused=refused, kept=kept)


def _one(public_id: str, form: BlindCheckForm, status: int = 200) -> Page:
    row = keeping.found(g.person, public_id)
    sheet, known = keeping.sheet_of(row), matching.matched(row.id)
    found = blind_check.check(row)
    said = drawn(check(sheet, _target())) if sheet.results else None
    cases = min(form.cases.data or blind_check.USUAL, known.imported)
    return page(
        "calibration/earlier_kept.html", status, row=row, drawn=said, matched=known, check=found,
        form=form, fewest=blind_check.FEWEST,
        beforehand=blind_check.beforehand(found.drawn if found else cases),
    )  # fmt: skip


def _sheet(form: SheetForm) -> Sheet | None:
    """The sheet that was sent; None where there is none that can be read, and the form says why."""
    sent = request.files.get("file")
    if not form.validate():
        return None
    if sent is None or not sent.filename:
        form.file.errors = ["Choose a file."]
        return None
    asked = {what: form[what].data for what in _COLUMNS if form[what].data}
    try:
        with tempfile.NamedTemporaryFile(suffix=Path(sent.filename).suffix) as kept:
            sent.save(kept.name)
            separated_by = signs.mend(Path(kept.name), sent.filename)
            if separated_by:
                flash(f"Its columns are separated by {separated_by}, and it was read so.")
            return read(Path(kept.name), name=sent.filename, asked=asked)
    except BadInput as error:
        account_forms.show(form, error)
        return None
