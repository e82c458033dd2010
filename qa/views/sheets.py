"""Pages for a file that is being understood: handed in, its columns and words said, tried, taken in, put away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer
from wtforms import SelectChoice

from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput, Problem
from qa.core.tables.writing import csv_lines
from qa.core.web import Page, needs, page, writes
from qa.forms.sheets import ChoicesForm, SheetForm
from qa.intake.writings import ORDERS
from qa.queries import imports as queries
from qa.sheets import choosing, sheets
from qa.sheets import page as pages

bp = Blueprint("sheets", __name__, url_prefix="/imports/sheets")
#: Fields that a form of a wide sheet may send.
MOST_FIELDS = 6_000


def form_for(formdata: object = None) -> SheetForm:
    """The form for handing in, with the mappings that are kept."""
    form = SheetForm(formdata=None) if formdata is None else SheetForm()
    names = [SelectChoice(name, name) for name in queries.mapping_names()]
    form.mapping_name.choices = [SelectChoice("", "no: look at its columns"), *names]
    return form


@bp.get("")
@needs("manager", "admin")
def new() -> Page:
    """The form for handing in a file, and the files that lie aside."""
    return page("qa/sheet_new.html", form=form_for(), lying=pages.listed())


@bp.post("")
@needs("manager", "admin")
def take() -> Page | Answer:
    """Take a file or a pasted table, and go to its page. The service opens its own transaction, once all is kept."""
    form = form_for(request.form)
    if not form.validate():
        return page("qa/sheet_new.html", 422, form=form, lying=pages.listed())
    file, beside = request.files.get("file"), request.files.get("files")
    stream, name = (file.stream, file.filename) if file is not None and file.filename else (None, None)
    if stream is None and (form.pasted.data or "").strip():
        stream, name = io.BytesIO((form.pasted.data or "").strip("\r\n").encode()), sheets.PASTED
    if stream is None or not name:
        form.file.errors = ["Choose a file, or paste a table."]
        return page("qa/sheet_new.html", 422, form=form, lying=pages.listed())
    try:
        public_id = sheets.take(
            g.person, stream, name, kind=form.kind.data, source=form.source.data or "",
            mapping_name=form.mapping_name.data or None, files=beside.stream if beside and beside.filename else None,
        )  # fmt: skip
    except BadInput as error:
        form.form_errors += [_said(problem) for problem in error.problems]
        return page("qa/sheet_new.html", 422, form=form, lying=pages.listed())
    return redirect(url_for("sheets.show", public_id=public_id))


def _said(problem: Problem) -> str:
    """What is wrong with a file, with its place; what stands there only for who may not be given such cases."""
    told = problem.value is not None and not g.person.can_be_given_blind_tasks
    parts = (
        f"Row {problem.line}: " if problem.line else "", f"{problem.field}: " if problem.field else "",
        f"“{(problem.value or '')[:80]}” stands there; " if told else "",
    )  # fmt: skip
    return f"{''.join(parts)}expected {problem.expected}."


@bp.get("/<public_id>")
@needs("manager", "admin")
def show(public_id: str) -> Page:
    """A sheet's columns and words, and what came of the last try."""
    return _sheet_page(pages.show(g.person, public_id))


def _sheet_page(sheet: pages.SheetPage, form: ChoicesForm | None = None, status: int = 200) -> Page:
    form = form or ChoicesForm(formdata=None, mapping_name=sheet.mapping_name)
    return page(
        "qa/sheet.html", status, sheet=sheet, form=form, ours=_ours(sheet), classes=pages.CLASS_NAMES, orders=ORDERS
    )


def _ours(sheet: pages.SheetPage) -> dict[str, str]:
    return pages.CASES if sheet.kind == "cases" else pages.EVENTS


@bp.post("/<public_id>")
@needs("manager", "admin")
@writes
def choose(public_id: str) -> Page | Answer:
    """Keep what was said of columns and words, and try the sheet or take it in."""
    request.max_form_parts = MOST_FIELDS
    sheet, form = pages.show(g.person, public_id), ChoicesForm()
    if not form.validate():
        return _sheet_page(sheet, form, 422)
    try:
        chosen = choosing.read(_sent(), sheet)
        sheets.choose(g.person, public_id, chosen, name=form.mapping_name.data or "")
    except BadInput as error:
        account_forms.show(form, error)
        return _sheet_page(sheet, form, 422)
    deed = request.form.get("deed", "")
    if deed in ("try", "take"):
        wish = sheets.Wish(deed == "try", form.partial.data, form.stub_policies.data, form.make_people.data)
        sheets.ask(g.person, public_id, wish)
    if deed == "take":
        flash("The file is being read. Its cases are seen once all of it is in.")
        return redirect(url_for("imports.listed"))
    flash("It is being tried. Nothing is stored by that." if deed == "try" else "Kept.", "ok")
    return redirect(url_for("sheets.show", public_id=public_id, _anchor="tried"))


def _sent() -> dict[str, Sequence[str]]:
    return {name: request.form.getlist(name) for name in request.form}


@bp.get("/<public_id>/rejects.csv")
@needs("manager", "admin")
def rejects(public_id: str) -> Response:
    """The rows that the last reading refused; without what they say for who may be given such cases."""
    lines = csv.reader(sheets.refused_lines(public_id))
    header = next(lines, ["line", "field", "value", "expected"])
    places = [0, 1, 3] if g.person.can_be_given_blind_tasks else list(range(len(header)))
    rows = ([row[place] for place in places if place < len(row)] for row in lines)
    answer = Response("".join(csv_lines([header[place] for place in places], rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=refused.csv"
    return answer


@bp.post("/<public_id>/away")
@needs("manager", "admin")
def put_away(public_id: str) -> Answer:
    """Let the file go. The service opens its own transaction: the file goes after it."""
    sheets.put_away(g.person, public_id)
    flash("Put away. Nothing of it was stored.")
    return redirect(url_for("imports.listed"))
