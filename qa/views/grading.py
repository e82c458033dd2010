"""Grading: taking up the next case, answering it blind, passing it on, taking it back, closing the batch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from qa.core.accounts.forms import show as show_problems
from qa.core.errors import BadInput, NotFound, Refused, Unprocessable
from qa.core.forms import OnceForm
from qa.core.web import Page, needs, page, writes
from qa.forms import grading as forms
from qa.grading import ahead, blind, flags, practice, routing
from qa.queries import blind_case, reveals
from qa.queries import grading as queries

bp = Blueprint("grading", __name__, url_prefix="/grade")


@bp.get("")
@needs("reviewer")
def next_up() -> Page:
    """The case in hand, or the start of the day's work."""
    task_id = blind.held(g.person)
    if task_id is None:
        first = practice.is_wanted(g.person)
        return page("qa/grade_start.html", day=queries.day(g.person), form=OnceForm(), practises_first=first)
    return _case_page(**_desk(task_id))


def _desk(task_id: str) -> dict[str, Any]:
    """A case with its decision form, in which an answer that was taken back stands again."""
    asked = queries.asked(g.person, task_id)
    answer = queries.last_answer(g.person, task_id)
    case = blind_case.blind_case(g.person, task_id)
    values = forms.again(answer, asked) if answer else {}
    form = forms.grade_form(asked, case.policy_sections, formdata=None, data=values)
    form.idempotency_key.data = queries.form_key(g.person, task_id)
    return {"case": case, "form": form}


@bp.post("/ahead")
@needs("reviewer")
@writes
def take_up_ahead() -> Page:
    """The next cases, for the page to hold ready."""
    tasks = ahead.take_up(g.person, have=request.form.getlist("have"))
    today = queries.day(g.person)
    desks = [_desk(task_id) for task_id in tasks]
    return page("qa/grade_ahead.html", desks=desks, pace=today.pace, skip_reasons=queries.reasons("skip"))


@bp.post("/claim")
@needs("reviewer")
@writes
def claim() -> Response:
    """Take up the next case."""
    if blind.claim(g.person) is None:
        flash(routing.why_none(g.person))
    return redirect(url_for("grading.next_up"))


@bp.post("/<task_id>/grade")
@needs("reviewer")
@writes
def grade(task_id: str) -> Page | Response:
    """Take the blind grade, and hand over the next case."""
    asked = queries.asked(g.person, task_id)
    form = forms.grade_form(asked, ())
    if not form.validate():
        return _refused(task_id, asked, form)
    try:
        done = _put_down(task_id, form)
    except BadInput as error:
        show_problems(form, error)
        return _refused(task_id, asked, form)
    except (NotFound, Refused, Unprocessable) as error:
        return page("qa/grade_kept.html", error.status, message_text=error.message, kept=forms.said(form))
    if _is_from_outbox():
        return jsonify(closed=done.batch_closed)
    if done.batch_closed:
        flash("That was a whole batch. Here is what was decided before.", "ok")
        return redirect(url_for("grading.show_batch"))
    if done.next_task is None:
        flash("Saved. No further case waits for you now.", "ok")
    return redirect(url_for("grading.next_up"))


def _put_down(task_id: str, form: forms.GradeForm) -> blind.Graded:
    return blind.grade(
        g.person,
        task_id,
        verdict=form.verdict.data,
        section_key=form.section.data or None,
        action=form.action.data or None,
        confidence=form.confidence.data,
        extra=form.extra(),
        note=form.note.data or "",
        seconds_shown=form.seconds(),
        key=form.idempotency_key.data or None,
    )


def _is_from_outbox() -> bool:
    """Whether the page sent the grade by itself and shows the next case already."""
    return "X-Outbox" in request.headers


def _refused(task_id: str, asked: queries.Asked, form: forms.GradeForm) -> Page:
    """The case again, with what is missing beside each field; or what was typed, when the case is out of sight."""
    if _is_from_outbox():
        said = " ".join(problem for problems in form.errors.values() for problem in problems)
        return page("qa/grade_kept.html", 422, message_text=said, kept=forms.said(form))
    try:
        case = blind_case.blind_case(g.person, task_id)
    except NotFound as error:
        return page("qa/grade_kept.html", error.status, message_text=error.message, kept=forms.said(form))
    errors = form.errors
    filled = forms.grade_form(asked, case.policy_sections)
    for name, problems in errors.items():
        if name is not None and name in filled:
            filled[name].errors = list(problems)
    return _case_page(case, filled, 422)


def _case_page(case: blind_case.BlindCase, form: forms.GradeForm, status: int = 200) -> Page:
    today = queries.day(g.person)
    return page(
        "qa/grade.html",
        status,
        case=case,
        form=form,
        position=today.position,
        of=today.portion,
        pace=today.pace,
        can_undo=today.in_batch > 0,
        batch_left=today.batch_left,
        skip_reasons=queries.reasons("skip"),
    )


@bp.post("/<task_id>/skip")
@needs("reviewer")
@writes
def skip(task_id: str) -> Response:
    """Pass the case on, and take up the next one."""
    blind.skip(g.person, task_id, reason=request.form.get("reason", ""))
    blind.claim(g.person)
    flash("Passed on.", "ok")
    return redirect(url_for("grading.next_up"))


@bp.post("/<task_id>/flag")
@needs("reviewer")
@writes
def flag(task_id: str) -> Response:
    """Ask a lead to look at the case."""
    told = flags.flag(g.person, task_id)
    if _is_from_outbox():
        return jsonify(told=told)
    flash("A lead is asked to look at this case." if told else "The leads know of this case.", "ok")
    return redirect(url_for("grading.next_up"))


@bp.post("/take-back")
@needs("reviewer")
@writes
def take_back() -> Response:
    """Take the last grade of the open batch back."""
    blind.take_back(g.person)
    return redirect(url_for("grading.next_up"))


@bp.get("/batch")
@needs("reviewer")
def show_batch() -> Page:
    """The open batch, or the last one that was closed with its reveals."""
    return page("qa/batch.html", batch=reveals.batch(g.person), day=queries.day(g.person))


@bp.get("/batch/<batch_id>")
@needs("reviewer")
def show_closed_batch(batch_id: str) -> Page:
    """One batch with its reveals."""
    return page("qa/batch.html", batch=reveals.batch(g.person, batch_id), day=queries.day(g.person))


@bp.post("/batch/close")
@needs("reviewer")
@writes
def close_batch() -> Response:
    """Commit the batch."""
    batch_id = blind.close_batch(g.person, key=request.form.get("idempotency_key") or None)
    return redirect(url_for("grading.show_closed_batch", batch_id=batch_id))
