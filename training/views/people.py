"""Clearances of the people whom one leads, and notes on talks that only the two who talked can see."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from qa.core.downloads import csv_of
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from training import coaching
from training.coaching_forms import NoteForm, TalkForm, note_form
from training.queries import assignments, clearances
from training.queries import coaching as queries

bp = Blueprint("coaching", __name__)


@bp.get("/clearances")
@needs("manager")
def cleared() -> Page:
    """Who may take which workflow, until when, and what each has passed."""
    return page("training/clearances.html", rows=clearances.clearances(g.person), held=clearances.held(g.person))


@bp.get("/clearances.csv")
@needs("manager")
def cleared_csv() -> Response:
    """The same for the team's own tool."""
    rows = clearances.clearances(g.person)
    cells = [
        (one.person, one.work, one.workflow, "yes" if one.cleared else "no", one.until or "", one.because)
        for one in rows
    ]
    return csv_of("clearances.csv", ("person", "work", "workflow", "cleared", "until", "because"), cells)


@bp.get("/coaching")
@needs("agent", "manager")
def notes() -> Page:
    """Own notes, and those about oneself."""
    return _notes(_form())


def _form() -> NoteForm:
    leads = g.person.has("manager")
    about = queries.to_be_about(g.person) if leads else ()
    return note_form(assignments.people_to_choose(g.person) if leads else (), about)


def _notes(form: NoteForm, status: int = 200) -> Page:
    return page(
        "training/coaching.html", status, form=form, notes=queries.notes(g.person), leads=g.person.has("manager")
    )


@bp.post("/coaching")
@needs("manager")
@writes
def write_note() -> Page | Answer:
    """Keep a note."""
    form = _form()
    if not form.validate():
        return _notes(form, 422)
    try:
        coaching.write_note(
            g.person, person_id=form.person.data or "", text=form.text.data or "", agreed=form.agreed.data or "",
            about=form.origin(), check_on=form.check_on.data,
        )  # fmt: skip
    except BadInput as error:
        _say(form, error)
        return _notes(form, 422)
    flash("Kept. Only the two of you can read it.", "ok")
    return redirect(url_for("coaching.notes"))


def _say(form: NoteForm | TalkForm, error: BadInput) -> None:
    """What speaks against it, beside the field that it is about."""
    for problem in error.problems:
        field = getattr(form, problem.field or "", form.text)
        field.errors = [*field.errors, str(problem)]


@bp.post("/coaching/<public_id>/confirm")
@needs("agent")
@writes
def confirm(public_id: str) -> Answer:
    """It was so."""
    coaching.confirm(g.person, public_id)
    flash("Confirmed.", "ok")
    return redirect(url_for("coaching.notes"))


@bp.get("/assignments/<public_id>/talk")
@needs("manager")
def talk(public_id: str) -> Page:
    """The talk after the last retake."""
    return _talk(public_id, TalkForm())


def _talk(public_id: str, form: TalkForm, status: int = 200) -> Page:
    return page("training/talk.html", status, form=form, given=assignments.led_one(g.person, public_id))


@bp.post("/assignments/<public_id>/coached")
@needs("manager")
@writes
def coached(public_id: str) -> Page | Answer:
    """The talk was held."""
    form = TalkForm()
    if not form.validate():
        return _talk(public_id, form, 422)
    try:
        coaching.hold_talk(
            g.person, public_id, text=form.text.data or "", agreed=form.agreed.data or "",
            check_on=form.check_on.data, passed=form.outcome.data == "passed",
        )  # fmt: skip
    except BadInput as error:
        _say(form, error)
        return _talk(public_id, form, 422)
    flash("Kept. You are both told on the day of the next check.", "ok")
    return redirect(url_for("training.listing"))
