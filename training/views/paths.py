"""Paths: trainings in an order, as leads begin them and see how far people are."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from qa.core.errors import BadInput
from qa.core.web import Page, needs, page, writes
from training.paths import paths
from training.paths.forms import PathForm, path_form
from training.queries import assignments
from training.queries import paths as queries

bp = Blueprint("paths", __name__, url_prefix="/paths")


@bp.get("")
@needs("manager")
def listing() -> Page:
    """The paths that one began."""
    return page("training/paths.html", rows=queries.listed(g.person))


@bp.get("/new")
@needs("manager")
def new() -> Page:
    """Begin a path."""
    return page("training/path_new.html", form=_form())


def _form() -> PathForm:
    people, teams = assignments.people_to_choose(g.person), queries.teams_to_choose(g.person)
    everywhere = g.person.managed_teams is None or g.person.has("admin")
    return path_form(people, teams, assignments.sections_to_choose(), everywhere=everywhere)


@bp.post("")
@needs("manager")
@writes
def create() -> Page | Response:
    """Begin it."""
    form = _form()
    if not form.validate():
        return page("training/path_new.html", 422, form=form)
    try:
        made = paths.create(
            g.person, title=form.title.data or "", kind=form.kind.data, why=form.why.data or "", who=form.who.data,
            steps=form.steps(),
        )  # fmt: skip
    except BadInput as error:
        form.first_sections.errors = [str(problem) for problem in error.problems]
        return page("training/path_new.html", 422, form=form)
    flash("Begun. The first trainings are being built; each opens the next when it is passed.", "ok")
    return redirect(url_for("paths.show", public_id=made))


@bp.get("/<public_id>")
@needs("manager")
def show(public_id: str) -> Page:
    """Its steps, and how far people are."""
    row = paths.seen(g.person, public_id)
    return page(
        "training/path.html", path=row, kind=queries.KINDS[row.kind], steps=queries.steps_of(row.id),
        people=queries.walkers(g.person, row.id),
    )  # fmt: skip


@bp.post("/<public_id>/end")
@needs("manager")
@writes
def end(public_id: str) -> Response:
    """Open no further step."""
    paths.end(g.person, public_id)
    flash("Ended. What was given out goes on.", "ok")
    return redirect(url_for("paths.listing"))
