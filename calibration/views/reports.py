"""Reports: see one before it is made, keep it, hand it on, and have it come by itself."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from calibration.reports import composing, keeping, sending, wishes, writing
from calibration.reports.composing import Span
from calibration.reports.forms import ReportForm, ToForm, WishForm
from qa.core import clock
from qa.core.accounts import forms as account_forms
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes

bp = Blueprint("reports", __name__, url_prefix="/reports")
_DECIDERS = ("manager", "admin")
_READERS = ("manager", "observer", "admin")


@bp.get("")
@needs(*_READERS)
def listed() -> Page:
    """What there is, and a preview of what was asked for; to observers, what was sent to them."""
    form = ReportForm(request.args, meta={"csrf": False})  # it changes nothing, and its address may be sent on
    return _shown(form, preview="kind" in request.args)


@bp.post("")
@needs(*_DECIDERS)
@writes
def keep() -> AnyResponse | Page:
    """Make the report and keep it; a large one is made in the background."""
    form = ReportForm()
    if not form.validate():
        return _shown(form, preview=True)
    try:
        days = _days(form)
        if keeping.is_large(days):
            wishes.once(g.person, form.kind.data, days, names=form.names.data, own=form.sentences)
            flash("There is much to read: the report is being made, and stands below when it is there.")
            return redirect(url_for("reports.listed"))
        row = keeping.keep(g.person, form.kind.data, days, names=form.names.data, own=form.sentences)
    except BadInput as error:
        form.say(error)
        return _shown(form)
    flash("The report is kept. Hand its page on, or print it.")
    return redirect(url_for("reports.one", public_id=row.public_id))


@bp.post("/wishes")
@needs(*_DECIDERS)
@writes
def wish() -> AnyResponse | Page:
    """Have a report come by itself."""
    form = _wish_form()
    if not form.validate():
        return _shown(_empty(), wish=form)
    every, day = form.every
    try:
        wishes.again(
            g.person, form.kind.data, every=every, day=day, hour=int(form.hour.data), names=form.names.data,
            to=form.to.data, own=form.sentences,
        )  # fmt: skip
    except BadInput as error:
        account_forms.show(form, error)
        return _shown(_empty(), wish=form)
    flash("It will come by itself.", "ok")
    return redirect(url_for("reports.listed"))


@bp.post("/wishes/<public_id>/end")
@needs(*_DECIDERS)
@writes
def end(public_id: str) -> AnyResponse:
    """Let a report come no more."""
    wishes.end(g.person, public_id)
    flash("It comes no more; those that were made stay.", "ok")
    return redirect(url_for("reports.listed"))


@bp.get("/<public_id>")
@needs(*_READERS)
def one(public_id: str) -> Page:
    """A kept report, and what changed since."""
    return _one(public_id, _to_form(formdata=None))


@bp.post("/<public_id>/send")
@needs(*_DECIDERS)
@writes
def send(public_id: str) -> AnyResponse | Page:
    """Send a kept report to people who may read it."""
    form = _to_form()
    if not form.validate():
        return _one(public_id, form, 422)
    try:
        sent = sending.send(g.person, public_id, form.to.data)
    except BadInput as error:
        account_forms.show(form, error)
        return _one(public_id, form, 422)
    flash(f"Sent to {sent}." if sent else "They have it already.", "ok")
    return redirect(url_for("reports.one", public_id=public_id))


@bp.get("/<public_id>.html")
@needs(*_READERS)
def alone(public_id: str) -> Response:
    """The kept report as a file that stands by itself."""
    kept = keeping.one(g.person, public_id)
    return _file(writing.page_alone(kept.report, made_at=kept.row.made_at), kept, "html", "text/html")


@bp.get("/<public_id>.csv")
@needs(*_READERS)
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


def _empty() -> ReportForm:
    return ReportForm(formdata=None, meta={"csrf": False})


def _wish_form(**options: None) -> WishForm:
    form = WishForm(**options)
    form.offer(wishes.readers())
    return form


def _to_form(**options: None) -> ToForm:
    form = ToForm(**options)
    form.offer(wishes.readers() if _makes() else ())
    return form


def _makes() -> bool:
    return g.person.has(*_DECIDERS) and keeping.why_not(g.person) is None


def _one(public_id: str, form: ToForm, status: int = 200) -> Page:
    kept = keeping.one(g.person, public_id, compared=True)
    return page("calibration/report.html", status, kept=kept, form=form, may_send=_makes())


def _shown(form: ReportForm, *, preview: bool = False, wish: WishForm | None = None) -> Page:
    makes, report, large = _makes(), None, False
    refused = keeping.why_not(g.person) if g.person.has(*_DECIDERS) else None
    if preview and makes and form.validate():
        try:
            days = _days(form)
            large = keeping.is_large(days)
            if not large:
                report = keeping.seen(g.person, form.kind.data, days, names=form.names.data, own=form.sentences)
        except BadInput as error:
            form.say(error)
    if makes and wish is None:
        wish = _wish_form(formdata=None)
    return page(
        "calibration/reports.html", 422 if form.errors or (wish and wish.errors) else 200, form=form, refused=refused,
        report=report, large=large, makes=makes, copies=keeping.listed(g.person), wish=wish,
        wishes=wishes.listed(g.person) if makes else (), making=wishes.under_way(g.person) if makes else (),
    )  # fmt: skip
