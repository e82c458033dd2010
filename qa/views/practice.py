"""Practice: a new grader's settled cases with their answers, and the lead who says "ready"."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from qa.forms import grading as forms
from qa.grading import answers, practice
from qa.queries import practising as queries

bp = Blueprint("practice", __name__, url_prefix="/practice")


@bp.get("")
@needs("reviewer")
def course() -> Page:
    """How far one is, and what comes next."""
    return page("qa/practice.html", course=queries.course(g.person))


@bp.post("/begin")
@needs("reviewer")
@writes
def begin() -> Response:
    """Choose the cases to practise on."""
    practice.begin(g.person)
    return redirect(url_for("practice.course"))


@bp.get("/people")
@needs("manager", "admin")
def people() -> Page:
    """New graders, and how far they are."""
    return page("qa/practice_people.html", rows=queries.newcomers(g.person))


@bp.post("/people/<public_id>/ready")
@needs("manager", "admin")
@writes
def say_ready(public_id: str) -> Response:
    """Let a grader begin with real cases."""
    practice.say_ready(g.person, public_id)
    flash("They may begin with real cases, and are told so.", "ok")
    return redirect(url_for("practice.people"))


@bp.get("/<practice_id>")
@needs("reviewer")
def show(practice_id: str) -> Page:
    """One case; once it is answered, what stands."""
    shown = queries.shown(g.person, practice_id)
    if shown.own is not None:
        return page("qa/practice_answer.html", shown=shown, case=shown.case, course=queries.course(g.person))
    return _page(shown, forms.grade_form(queries.asked(shown), shown.case.policy_sections, formdata=None))


def _page(shown: queries.Shown, form: forms.GradeForm, status: int = 200) -> Page:
    url = url_for("practice.answer", practice_id=shown.public_id)
    return page("qa/practice_case.html", status, shown=shown, case=shown.case, form=form, grade_url=url, is_vote=True)


@bp.post("/<practice_id>/answer")
@needs("reviewer")
@writes
def answer(practice_id: str) -> Page | Response:
    """Answer it."""
    shown = queries.shown(g.person, practice_id)
    form = forms.grade_form(queries.asked(shown), shown.case.policy_sections)
    if not form.validate():
        return _page(shown, form, 422)
    given = answers.Given(
        form.verdict.data, form.section.data or None, form.action.data or None, form.confidence.data, form.extra(),
        form.note.data or "",
    )  # fmt: skip
    try:
        practice.answer(g.person, practice_id, given)
    except BadInput as error:
        show_problems(form, error)
        return _page(shown, form, 422)
    return redirect(url_for("practice.show", practice_id=practice_id))
