"""The start page: what each room has to say to this person. And what a watcher of the server asks."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from qa.core import admin_queries, registries
from qa.core.notices import notify
from qa.core.web import PUBLIC, SIGNED_IN, Page, needs, page, writes

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(SIGNED_IN)
def show() -> Page:
    """The cards of all rooms that have something to say to this person."""
    return page("core/home.html", cards=registries.home_cards(g.person))


@bp.post("/notices/read")
@needs(SIGNED_IN)
@writes
def read_notices() -> Response:
    """Put away the notices that were shown."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError as error:
        raise BadRequest from error
    if until.tzinfo is None:
        raise BadRequest
    notify.read_all(g.person, until=until)
    return redirect(url_for("home.show"))


@bp.get("/healthz")
@needs(PUBLIC)
def alive() -> tuple[str, dict[str, str]]:
    """Whether this process answers."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@needs(PUBLIC)
def ready() -> tuple[str, int, dict[str, str]]:
    """Whether this process can do its work: the database is there and set up."""
    is_ready = admin_queries.is_ready()
    return (
        ("ready\n" if is_ready else "not ready\n"),
        (200 if is_ready else 503),
        {"Content-Type": "text/plain; charset=utf-8"},
    )
