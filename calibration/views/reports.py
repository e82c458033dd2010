"""Reports: see one before it is made, keep it, hand it on."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from calibration.reports import composing, keeping, writing
from calibration.reports.composing import Span
from calibration.reports.forms import ReportForm
from qa.core import clock
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes

bp = Blueprint("reports", __name__, url_prefix="/reports")
_DECIDERS = ("manager", "admin")


@bp.get("")
@needs(*_DECIDERS)
def listed() -> Page:
    """What there is, and a preview of what was asked for."""
    form = ReportForm(request.args, meta={"csrf": False})  # it changes nothing, and its address may be sent on
    return _shown(form, preview="kind" in request.args)


@bp.post("")
@needs(*_DECIDERS)
@writes
def keep() -> AnyResponse | Page:
    """Make the report and keep it."""
    form = ReportForm()
    if not form.validate():
        return _shown(form, preview=True)
    try:
        row = keeping.keep(g.person, form.kind.data, _days(form), names=form.names.data, own=form.sentences)
    except BadInput as error:
        form.say(error)
        return _shown(form)
    flash("The report is kept. Hand its page on, or print it.")
    return redirect(url_for("reports.one", public_id=row.public_id))


@bp.get("/<public_id>")
@needs(*_DECIDERS)
def one(public_id: str) -> Page:
    """A kept report, and what changed since."""
    return page("calibration/report.html", kept=keeping.one(g.person, public_id, compared=True))


@bp.get("/<public_id>.html")
@needs(*_DECIDERS)
def alone(public_id: str) -> Response:
    """The kept report as a file that stands by itself."""
    kept = keeping.one(g.person, public_id)
    return _file(writing.page_alone(kept.report, made_at=kept.row.made_at), kept, "html", "text/html")


@bp.get("/<public_id>.csv")
@needs(*_DECIDERS)
def table(public_id: str) -> Response:
    """Its figures with all their digits."""
    kept = keeping.one(g.person, public_id)
    return _file(writing.csv(kept.report), kept, "csv", "text/csv")


def _file(text: str, kept: keeping.Kept, ending: str, kind: str) -> Response:
    answer = Response(text, mimetype=kind)
    name = f"{kept.report.kind}-{kept.report.until:%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _days(form: ReportForm) -> Span:
    return composing.span(form.kind.data, clock.now().date(), form.since.data, form.until.data)


def _shown(form: ReportForm, *, preview: bool = False) -> Page:
    refused, report = keeping.why_not(g.person), None
    if preview and refused is None and form.validate():
        try:
            report = keeping.seen(g.person, form.kind.data, _days(form), names=form.names.data, own=form.sentences)
        except BadInput as error:
            form.say(error)
    return page(
        "calibration/reports.html", 422 if form.errors else 200, form=form, refused=refused, report=report,
        copies=keeping.listed(g.person),
    )  # fmt: skip
