"""The reveal of one case after its grade was committed, and the explanation of a settled difference."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa import findings, source_links
from qa.core.web import Page, needs, page, writes
from qa.forms import rulings as forms
from qa.grading import today
from qa.queries import grading, reveals

bp = Blueprint("reveals", __name__, url_prefix="/grade/reveal")


@bp.get("/<task_id>")
@needs("reviewer")
def show(task_id: str) -> Page:
    """Decision and work beside the own answer; the own note is where the words for the agent begin."""
    told = reveals.reveal(g.person, task_id)
    return _page(task_id, _form(feedback=told.note))


@bp.get("")
@needs("reviewer")
def next_difference() -> Response:
    """The first difference that waits for this person's explanation, else the last batch."""
    waiting = reveals.to_explain(g.person)
    return redirect(url_for("reveals.show", task_id=waiting[0][0]) if waiting else url_for("grading.show_batch"))


def _form(**given: str) -> forms.ExplainForm:
    form = forms.ExplainForm(data=given)
    form.root_cause.choices = forms.choices(list(grading.reasons("root_cause")))
    return form


def _page(
    task_id: str, form: forms.ExplainForm, status: int = 200, *, today_form: forms.TodayForm | None = None
) -> Page:
    told = reveals.reveal(g.person, task_id)
    case, work = reveals.evidence(g.person, task_id)
    form.idempotency_key.data = form.idempotency_key.data or f"explain-{told.finding_id}"
    waiting = len(reveals.to_explain(g.person))
    source = source_links.of_task(task_id)
    return page(
        "qa/reveal.html", status, reveal=told, case=case, work=work, form=form, waiting=waiting, source=source,
        apart=today.asked(g.person, task_id), today_form=today_form or forms.TodayForm(formdata=None),
    )  # fmt: skip


@bp.post("/<task_id>/today")
@needs("reviewer")
@writes
def by_today(task_id: str) -> Page | Response:
    """Keep what one would answer by the text in force; the grade stays as it is."""
    told, form = reveals.reveal(g.person, task_id), forms.TodayForm()
    if not form.validate():
        return _page(task_id, _form(feedback=told.note), 422, today_form=form)
    today.answer(g.person, task_id, form.answer.data)
    flash("Saved. Your grade stays as it is.", "ok")
    return redirect(url_for("reveals.show", task_id=task_id))


@bp.post("/<task_id>/explain")
@needs("reviewer")
@writes
def explain(task_id: str) -> Page | Response:
    """Write cause and feedback."""
    form = _form()
    told = reveals.reveal(g.person, task_id)
    if told.finding_id is None or not form.validate():
        return _page(task_id, form, 409 if told.finding_id is None else 422)
    findings.explain(
        g.person,
        told.finding_id,
        root_cause=form.root_cause.data,
        feedback=form.feedback.data,
        process_slip=form.process_slip.data or "",
    )
    flash("Saved. The agent reads it after the next release.", "ok")
    return redirect(url_for("reveals.next_difference"))
