"""A guest's way into one session, and the fence that keeps a guest there."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from calibration.sessions import people as session_people
from qa.core.errors import NotFound
from qa.core.web import PUBLIC, Page, needs, page, writes

bp = Blueprint("guests", __name__)
#: What a guest may open besides the own session: how to leave, and what pages are made of.
OPEN_TO_GUESTS = {
    "static", "account.sign_out", "account.sign_in", "guests.door", "guests.come_in", "sessions.show", "sessions.live",
    "session_votes.show", "session_votes.vote", "minutes.show", "minutes.table",
}  # fmt: skip


@bp.get("/guest/<token>")
@needs(PUBLIC)
def door(token: str) -> Page:
    """What the link is for; looking does not use it up."""
    name, title = session_people.behind(token)
    return page("calibration/guest_door.html", name=name, title=title, token=token)


@bp.post("/guest/<token>")
@needs(PUBLIC)
@writes
def come_in(token: str) -> Response:
    """Use the link up, and sit down in the session."""
    sitting, address = session_people.come_in(token)
    session.clear()
    session["token"] = sitting
    return redirect(url_for("sessions.show", public_id=address))


def keep_in() -> None:
    """Before each request: somebody who is nothing but a guest sees the own session and nothing else."""
    person = g.get("person")
    if person is None or person.roles or request.endpoint in OPEN_TO_GUESTS:
        return
    if session_people.guest_in(person.id) is not None:
        raise NotFound("page")


def frame() -> dict[str, str | None]:
    """What the frame of a guest's page leads to: the own session alone, and the way out."""
    person = g.get("person")
    address = None if person is None or person.roles else session_people.guest_in(person.id)
    if address is None:
        return {}
    here = url_for("sessions.show", public_id=address)
    return {"home_url": here, "help_url": None, "account_url": None, "search_url": None}
