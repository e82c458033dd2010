"""Pages for files of cases: upload, what is under way, and what came of each file."""

from __future__ import annotations

from dataclasses import astuple

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from qa.core import jobs
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.tables.writing import csv_lines
from qa.core.web import Page, needs, page, writes
from qa.forms.imports import UploadForm
from qa.intake import undoing, uploads
from qa.queries import imports as queries

bp = Blueprint("imports", __name__, url_prefix="/imports")
HEADER = ("line", "field", "value", "expected")
#: Refused rows that the page itself shows.
SHOWN = 50
#: Refused rows that one download holds; the command's --rejects has no such limit.
HANDED_OUT = 100_000


@bp.get("")
@needs("manager", "admin")
def listed() -> Page:
    """The newest imports, what is under way, and the form."""
    return _listed(UploadForm(formdata=None, source="default"))


def _listed(form: UploadForm, status: int = 200) -> Page:
    return page(
        "qa/imports.html", status, runs=queries.listed(), uploads=queries.uploads(g.person),
        mappings=queries.mapping_names(), form=form,
    )  # fmt: skip


@bp.post("")
@needs("manager", "admin")
def take() -> Page | Answer:
    """Take an upload: it is kept first and asked for after, in a transaction of its own."""
    form = UploadForm()
    file = request.files.get("file")
    if not form.validate():
        return _listed(form, 422)
    if file is None or not file.filename:
        form.file.errors = ["Choose a file."]
        return _listed(form, 422)
    wish = uploads.Wish(
        form.source.data or "", form.mapping_name.data or None, form.dry_run.data, form.partial.data,
        form.stub_policies.data,
    )  # fmt: skip
    try:
        beside = request.files.get("files")
        files = beside.stream if beside and beside.filename else None
        uploads.take(g.person, file.stream, file.filename, wish, files=files)
    except BadInput as error:
        account_forms.show(form, error)
        return _listed(form, 422)
    flash("The file is being read. Its cases are seen once all of it is in.")
    return redirect(url_for("imports.listed"))


@bp.get("/<public_id>")
@needs("manager", "admin")
def show(public_id: str) -> Page:
    """What came of one file."""
    run = queries.run(public_id)
    return page(
        "qa/import_run.html", run=run, rejects=queries.rejects(g.person, run.id, limit=SHOWN), shown=SHOWN,
        why_not=undoing.why_not_of(public_id),
    )  # fmt: skip


@bp.post("/<public_id>/undo")
@needs("manager", "admin")
@writes
def undo(public_id: str) -> Answer:
    """Take a whole import back, while nothing was drawn from it."""
    undoing.undo(g.person, public_id)
    flash("Taken back. Nothing of it is seen any more.", "ok")
    return redirect(url_for("imports.show", public_id=public_id))


@bp.get("/<public_id>/rejects.csv")
@needs("manager", "admin")
def rejects(public_id: str) -> Response:
    """The refused rows of one file."""
    run = queries.run(public_id)
    rows = queries.rejects(g.person, run.id, limit=HANDED_OUT)
    answer = Response("".join(csv_lines(HEADER, map(astuple, rows))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=rejects.csv"
    return answer


@bp.post("/uploads/<public_id>/cancel")
@needs("manager", "admin")
@writes
def cancel(public_id: str) -> Answer:
    """End an upload that waits or is under way; what it stored so far is taken back."""
    jobs.cancel(g.person, queries.upload_id(public_id))
    flash("It ends soon, and none of its cases will be seen.")
    return redirect(url_for("imports.listed"))
