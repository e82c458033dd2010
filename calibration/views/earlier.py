"""A page that says what a sheet of earlier QA results can and cannot say. Nothing of the sheet is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, request

from calibration.earlier.checking import check
from calibration.earlier.drawing import drawn
from calibration.earlier.reading import read
from calibration.forms import SheetForm
from qa.core import account_forms, preferences
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page

bp = Blueprint("earlier", __name__, url_prefix="/earlier-qa")
_LEADS = ("manager", "admin")


@bp.get("")
@needs(*_LEADS)
def ask() -> Page:
    """The form."""
    return page("calibration/earlier_ask.html", form=SheetForm(formdata=None))


@bp.post("")
@needs(*_LEADS)
def show() -> Page:
    """Read the sheet that was sent, and say what it says."""
    form, sent = SheetForm(), request.files.get("file")
    if not form.validate():
        return page("calibration/earlier_ask.html", 422, form=form)
    if sent is None or not sent.filename:
        form.file.errors = ["Choose a file."]
        return page("calibration/earlier_ask.html", 422, form=form)
    asked = {what: form[what].data for what in ("agent", "decision", "qa", "at") if form[what].data}
    try:
        with tempfile.NamedTemporaryFile(suffix=Path(sent.filename).suffix) as kept:
            sent.save(kept.name)
            sheet = read(Path(kept.name), name=sent.filename, asked=asked)
    except BadInput as error:
        account_forms.show(form, error)
        return page("calibration/earlier_ask.html", 422, form=form)
    return page("calibration/earlier.html", drawn=drawn(check(sheet, float(preferences.get("target_accuracy")))))
