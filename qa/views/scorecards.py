"""Scorecards: marking one after its reveal; for leads the versions and the next one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.errors import BadInput, NotFound
from qa.core.web import Page, needs, page, writes
from qa.forms import scorecards as forms
from qa.grading import scorecards
from qa.grading.scoring import Part
from qa.queries import grading
from qa.queries import scorecards as queries

bp = Blueprint("scorecards", __name__)
_LEADS = ("manager", "admin")


@bp.get("/grade/scorecard")
@needs("reviewer")
def next_one() -> Response:
    """The first scorecard that waits for this person, else the last batch."""
    waiting = queries.waiting(g.person)
    if not waiting:
        return redirect(url_for("grading.show_batch"))
    return redirect(url_for("scorecards.show", task_id=waiting[0][0]))


@bp.get("/grade/scorecard/<task_id>")
@needs("reviewer")
def show(task_id: str) -> Page:
    """The scorecard of one look, with decision and work in sight."""
    shown = queries.to_mark(g.person, task_id)
    return _page(shown, _form(shown))


def _form(shown: queries.ToMark) -> forms.MarkForm:
    return forms.mark_form(shown.parts, grading.reasons("root_cause"))


def _page(shown: queries.ToMark, form: forms.MarkForm, status: int = 200) -> Page:
    return page("qa/scorecard.html", status, shown=shown, case=shown.case, form=form)


@bp.post("/grade/scorecard/<task_id>")
@needs("reviewer")
@writes
def mark(task_id: str) -> Page | Response:
    """Take the marks."""
    shown = queries.to_mark(g.person, task_id)
    form = _form(shown)
    if not form.validate():
        return _page(shown, form, 422)
    try:
        scorecards.give(g.person, task_id, form.marks(shown.parts), comment=form.comment.data or "")
    except BadInput as error:
        for problem in error.problems:
            form[f"cause-{problem.field}"].errors = ["Say why."]
        return _page(shown, form, 422)
    flash("Saved. The agent reads it after the next release, beside the result.", "ok")
    return redirect(url_for("scorecards.next_one"))


@bp.get("/scorecards")
@needs(*_LEADS)
def listed() -> Page:
    """The version in force, and those before it."""
    return page("qa/scorecards.html", live=queries.live(), versions=queries.versions(), named=dict(queries.workflows()))


@bp.get("/scorecards/<public_id>")
@needs(*_LEADS)
def show_version(public_id: str) -> Page:
    """One version."""
    shown = queries.version(public_id)
    return page("qa/scorecards.html", live=shown, versions=queries.versions(), named=dict(queries.workflows()))


@bp.get("/scorecards/next")
@needs(*_LEADS)
def edit() -> Page:
    """The next version, which begins as the one in force."""
    live = queries.live()
    if live is None:
        raise NotFound("scorecard")
    return _editor(live.parts, live.version)


def _editor(parts: tuple[Part, ...], after: int, wrong: tuple[str, ...] = (), status: int = 200) -> Page:
    named = queries.workflows()
    return page(
        "qa/scorecard_edit.html", status, parts=parts, after=after, wrong=wrong, form=forms.EditForm(), named=named
    )


@bp.post("/scorecards/next")
@needs(*_LEADS)
@writes
def publish() -> Page | Response:
    """Publish the next version, or show more empty rows."""
    parts = forms.written(request.form)
    after = request.form.get("after", 0, type=int)
    if "more" in request.form:
        return _editor(parts, after)
    try:
        address = scorecards.publish(g.person, parts, after=after)
    except BadInput as error:
        return _editor(parts, after, tuple(f"Please {problem.expected}." for problem in error.problems), 422)
    flash("Published. Looks that are revealed from now on are marked by it.", "ok")
    return redirect(url_for("scorecards.show_version", public_id=address))
