"""Training as those see it who answer for people: who has what, what is late, what waits for them; the modules."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core import clock
from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from training import giving
from training.forms import EVERYBODY, AssignForm, assign_form
from training.queries import assignments, checks, modules, paths, trials

bp = Blueprint("training", __name__)


@bp.get("/training")
@needs("agent", "manager")
def listing() -> Page:
    """Own training, and that of the people whom one leads."""
    leads = g.person.has("manager")
    return page(
        "training/listing.html",
        own=assignments.own(g.person) if g.person.has("agent") else None,
        led=assignments.of_led(g.person) if leads else None,
        missed=checks.missed_twice(g.person) if leads else [],
        path=paths.own(g.person) if g.person.has("agent") else [],
        waiting=trials.waiting(g.person) if leads else [],
        today=clock.now().date(),
    )


@bp.get("/assignments/new")
@needs("manager")
def new() -> Page:
    """Ask for training by hand."""
    return page("training/assign.html", form=_form())


@bp.post("/assignments")
@needs("manager")
@writes
def assign() -> Page | Response:
    """Have a module built and given out."""
    form = _form()
    if not form.validate():
        return page("training/assign.html", 422, form=form)
    try:
        wanted = {"sections": form.sections.data or [], "why": form.why.data or ""}
        if form.person.data == EVERYBODY:
            count = giving.ask_for_all(g.person, **wanted)
            return _listed(f"Modules are being built for {count} people. Each is told as soon as theirs is given out.")
        giving.ask_by_hand(g.person, person_id=form.person.data, **wanted)
    except BadInput as error:
        form.sections.errors = [str(problem) for problem in error.problems]
        return page("training/assign.html", 422, form=form)
    return _listed("The module is being built. The agent is told as soon as it is given out.")


@bp.post("/assignments/<public_id>/confirm")
@needs("manager")
@writes
def confirm(public_id: str) -> Response:
    """Give out what was proposed."""
    giving.confirm(g.person, public_id)
    return _listed("Given out.")


@bp.post("/assignments/<public_id>/withdraw")
@needs("manager")
@writes
def withdraw(public_id: str) -> Response:
    """Take back what was not begun."""
    giving.withdraw(g.person, public_id)
    return _listed("Withdrawn.")


@bp.get("/modules")
@needs("manager", "policy_owner", "admin")
def list_modules() -> Page:
    """All modules."""
    return page("training/modules.html", modules=modules.listed())


@bp.get("/modules/<public_id>")
@needs("manager", "policy_owner", "admin")
def show_module(public_id: str) -> Page:
    """One module with its questions."""
    return page("training/module.html", module=modules.shown(g.person, public_id))


def _listed(said: str) -> Response:
    """Back to the list, with a word on what was done."""
    flash(said, "ok")
    return redirect(url_for("training.listing"))


def _form() -> AssignForm:
    return assign_form(assignments.people_to_choose(g.person), assignments.sections_to_choose())
