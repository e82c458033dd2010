"""Modules in the hands of whoever answers for them: their states, their questions, what people said of them, files."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from qa.core.downloads import csv_of
from qa.core.errors import BadInput, Problem
from qa.core.web import Page, needs, page, writes
from training import editing
from training.forms import FlagAnswerForm, JudgeForm, LessonForm, MoveForm, QuestionForm, section_choices
from training.generation.gift import as_gift
from training.generation.moodle import as_moodle
from training.queries import assignments, handed_out, modules, preview

bp = Blueprint("editing", __name__, url_prefix="/modules")
WHO = ("manager", "policy_owner", "admin")


def _authoring() -> Any:
    """Loaded by its first use: it brings all that builds modules."""
    return import_module("training.authoring")


@bp.get("/<public_id>/edit")
@needs(*WHO)
def edit(public_id: str) -> Page:
    """Write a question or a lesson."""
    return _edit(public_id, QuestionForm(), LessonForm(prefix="lesson-"))


def _edit(public_id: str, question: QuestionForm, lesson: LessonForm, status: int = 200) -> Page:
    title = modules.title_of(public_id)
    for form in (question, lesson):
        form.section.choices = section_choices(assignments.sections_to_choose())
    return page("training/edit.html", status, public_id=public_id, title=title, question=question, lesson=lesson)


@bp.post("/<public_id>/items")
@needs(*WHO)
@writes
def write_item(public_id: str) -> Page | Answer:
    """Add a question."""
    form = QuestionForm()
    form.section.choices = section_choices(assignments.sections_to_choose())
    modules.title_of(public_id)
    if not form.validate():
        return _edit(public_id, form, LessonForm(formdata=None, prefix="lesson-"), 422)
    lines = tuple(line.strip() for line in (form.wrong.data or "").splitlines() if line.strip())
    authoring = _authoring()
    written = authoring.Written(
        section=form.section.data, quote=form.quote.data or "", stem=form.stem.data or "", right=form.right.data or "",
        wrong=lines, case_text=form.case_text.data or "", feedback=form.feedback.data or "",
    )  # fmt: skip
    try:
        authoring.add(g.person, public_id, written)
    except BadInput as error:
        _say(form, error)
        return _edit(public_id, form, LessonForm(formdata=None, prefix="lesson-"), 422)
    return _back(public_id, "Kept. In a live module somebody else approves it first.")


@bp.post("/<public_id>/lessons")
@needs(*WHO)
@writes
def write_lesson(public_id: str) -> Page | Answer:
    """Add words of one's own to the lessons."""
    form = LessonForm(prefix="lesson-")
    form.section.choices = section_choices(assignments.sections_to_choose())
    modules.title_of(public_id)
    if not form.validate():
        return _edit(public_id, QuestionForm(formdata=None), form, 422)
    try:
        _authoring().add_lesson(
            g.person,
            public_id,
            section=form.section.data,
            quote=form.quote.data or "",
            text=form.text.data or "",
            is_reply=form.is_reply.data,
        )
    except BadInput as error:
        _say(form, error)
        return _edit(public_id, QuestionForm(formdata=None), form, 422)
    return _back(public_id, "Kept at the end of the lessons.")


def _say(form: QuestionForm | LessonForm, error: BadInput) -> None:
    """What speaks against it, beside the field that it is about."""
    for problem in error.problems:
        field = getattr(form, problem.field or "", form.quote)
        field.errors = [*field.errors, str(problem)]


@bp.post("/<public_id>/state")
@needs(*WHO)
@writes
def move(public_id: str) -> Answer:
    """Approve, put live, retire."""
    form = MoveForm()
    editing.move(g.person, public_id, form.to.data or "")
    return _back(public_id, f"The module is {form.to.data} now.")


@bp.post("/<public_id>/judge")
@needs(*WHO)
@writes
def judge(public_id: str) -> Answer:
    """Turn a question down, take it back in, approve or void it."""
    modules.title_of(public_id)
    form = JudgeForm()
    if not form.validate():
        raise BadInput(Problem("a question, and what becomes of it", field="item"))
    item, deed = form.item.data or "", form.deed.data or ""
    if deed == "approve":
        _authoring().approve(g.person, public_id, item)
        return _back(public_id, "Approved: it may be asked now.")
    count = editing.judge(g.person, public_id, item, deed=deed, reason=form.reason.data or "")
    return _back(public_id, f"Kept. {count} sittings were scored anew." if deed == "void" else "Kept.")


@bp.post("/<public_id>/flags")
@needs(*WHO)
@writes
def answer_flag(public_id: str) -> Answer:
    """Say what came of what somebody said of a question."""
    modules.title_of(public_id)
    form = FlagAnswerForm()
    if not form.validate():
        raise BadInput(Problem("an answer", field="answer"))
    editing.answer_flag(g.person, public_id, form.flag.data or "", form.answer.data or "")
    return _back(public_id, "Answered. Whoever said so is told.")


@bp.get("/<public_id>/questions.json")
@needs(*WHO)
def questions_json(public_id: str) -> Response:
    """The questions as JSON."""
    plain, _ = handed_out.questions(g.person, public_id)
    return _file(json.dumps({"items": plain}, indent=1, ensure_ascii=False), "application/json", "questions.json")


@bp.get("/<public_id>/questions.gift")
@needs(*WHO)
def questions_gift(public_id: str) -> Response:
    """The questions as GIFT."""
    _, items = handed_out.questions(g.person, public_id)
    return _file(as_gift(items), "text/plain; charset=utf-8", "questions.gift")


@bp.get("/<public_id>/questions.xml")
@needs(*WHO)
def questions_xml(public_id: str) -> Response:
    """The questions as Moodle XML."""
    _, items = handed_out.questions(g.person, public_id)
    text = as_moodle(items, modules.title_of(public_id))
    return _file(text, "application/xml; charset=utf-8", "questions.xml")


@bp.get("/<public_id>/preview")
@needs(*WHO)
def show_preview(public_id: str) -> Page:
    """As an agent will meet it."""
    return page("training/preview.html", seen=preview.preview(g.person, public_id))


@bp.get("/<public_id>/sittings.csv")
@needs("manager")
def attempts_csv(public_id: str) -> Response:
    """Every answer of the people whom one leads."""
    return csv_of("sittings.csv", handed_out.SITTINGS, handed_out.sittings(g.person, public_id))


def _file(text: str, kind: str, name: str) -> Response:
    answer = Response(text, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _back(public_id: str, said: str) -> Answer:
    flash(said, "ok")
    return redirect(url_for("training.show_module", public_id=public_id))
