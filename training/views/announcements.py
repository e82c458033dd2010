"""Announcements of changed processes and products: to read, to announce, and who has not read."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from qa.core import clock
from qa.core.downloads import csv_of
from qa.core.errors import BadInput, NotFound
from qa.core.web import Page, needs, page, writes
from training.announcements import announcements
from training.announcements.forms import AnnounceForm, announce_form
from training.queries import announcements as queries
from training.queries import paths

bp = Blueprint("announcements", __name__, url_prefix="/announcements")
WHO = ("agent", "reviewer", "manager")


@bp.get("")
@needs(*WHO)
def listing() -> Page:
    """What one has to read, and what one has announced."""
    person = g.person
    return page(
        "training/announcements.html", own=queries.own(person) if person.has("agent", "reviewer") else None,
        sent=queries.sent(person) if person.has("manager") else None, today=clock.now().date(),
    )  # fmt: skip


@bp.get("/new")
@needs("manager")
def new() -> Page:
    """Announce a change."""
    return page("training/announce.html", form=_form())


def _form() -> AnnounceForm:
    everywhere = g.person.managed_teams is None or g.person.has("admin")
    return announce_form(paths.teams_to_choose(g.person), everywhere=everywhere)


@bp.post("")
@needs("manager")
@writes
def announce() -> Page | Answer:
    """Tell those whom it concerns."""
    form = _form()
    if not form.validate():
        return page("training/announce.html", 422, form=form)
    try:
        made = announcements.announce(
            g.person, kind=form.kind.data, title=form.title.data or "", body=form.body.data or "",
            audience=form.audience.data, team=form.team.data or None, due_on=form.due_on.data,
        )  # fmt: skip
    except BadInput as error:
        form.due_on.errors = [str(problem) for problem in error.problems]
        return page("training/announce.html", 422, form=form)
    flash("Announced. Each of them is told, and told again on the day if it was not read.", "ok")
    return redirect(url_for("announcements.show", public_id=made))


@bp.get("/<public_id>")
@needs(*WHO)
def show(public_id: str) -> Page:
    """What changed; for its leads also who has not read it."""
    led = queries.of_lead(g.person, public_id)
    to_read = queries.to_person(g.person, public_id)
    row = to_read or led
    if row is None:
        raise NotFound("announcement")
    readers = queries.addressed(led) if led is not None else []
    own = next((one for one in queries.own(g.person) if one.public_id == public_id), None)
    return page(
        "training/announcement.html", row=row, kind=queries.KINDS[row.kind], own=own, is_led=led is not None,
        readers=len(readers), missing=[one for one in readers if one.read_at is None],
        paragraphs=[one for one in row.body.replace("\r\n", "\n").split("\n\n") if one.strip()],
    )  # fmt: skip


@bp.post("/<public_id>/understood")
@needs("agent", "reviewer")
@writes
def understood(public_id: str) -> Answer:
    """Read and understood."""
    announcements.understood(g.person, public_id)
    flash("Kept: read and understood.", "ok")
    return redirect(url_for("announcements.listing"))


@bp.get("/<public_id>/missing.csv")
@needs("manager")
def missing_csv(public_id: str) -> Response:
    """Who has not read it, as a table."""
    row = queries.of_lead(g.person, public_id)
    if row is None:
        raise NotFound("announcement")
    cells = [(one.external_id, one.name, row.due_on) for one in queries.missing(row)]
    return csv_of("not-read.csv", ("person_id", "name", "due_on"), cells)
