"""Clearances of the people whom one leads, and notes on talks that only the two who talked can see."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from qa.core.downloads import csv_of
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from training import coaching
from training.forms import NoteForm, note_form
from training.queries import assignments, clearances

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
    cells = [(one.person, one.workflow, "yes" if one.cleared else "no", one.until or "", one.because) for one in rows]
    return csv_of("clearances.csv", ("person", "workflow", "cleared", "until", "because"), cells)


@bp.get("/coaching")
@needs("agent", "manager")
def notes() -> Page:
    """Own notes, and those about oneself."""
    return _notes(_form())


def _form() -> NoteForm:
    leads = g.person.has("manager")
    return note_form(assignments.people_to_choose(g.person) if leads else ())


def _notes(form: NoteForm, status: int = 200) -> Page:
    return page(
        "training/coaching.html", status, form=form, notes=coaching.notes(g.person), leads=g.person.has("manager")
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
            g.person, person_id=form.person.data or "", text=form.text.data or "", agreed=form.agreed.data or ""
        )
    except BadInput as error:
        form.text.errors = [str(problem) for problem in error.problems]
        return _notes(form, 422)
    flash("Kept. Only the two of you can read it.", "ok")
    return redirect(url_for("coaching.notes"))


@bp.post("/coaching/<public_id>/confirm")
@needs("agent")
@writes
def confirm(public_id: str) -> Answer:
    """It was so."""
    coaching.confirm(g.person, public_id)
    flash("Confirmed.", "ok")
    return redirect(url_for("coaching.notes"))
