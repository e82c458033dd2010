"""What can be taken away from a session: its minutes, to print or as a table, and its deadline for a calendar."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, request

from calibration.queries import minutes as queries
from calibration.queries import sessions
from qa.core import clock
from qa.core.downloads import csv_of
from qa.core.errors import NotFound
from qa.core.leave import calendar_file
from qa.core.web import SIGNED_IN, Page, needs, page

bp = Blueprint("minutes", __name__, url_prefix="/sessions")
HEADER = (
    "case", "code", "answer", "votes", "names", "entropy_bits", "agreed", "agreed_is_nobodys_vote", "reason",
    "policy_unclear", "question", "precedent", "notes",
)  # fmt: skip


@bp.get("/<public_id>/minutes")
@needs(SIGNED_IN)
def show(public_id: str) -> Page:
    """The minutes, which print."""
    head = sessions.head(g.person, public_id)
    return page("calibration/minutes.html", head=head, minutes=queries.minutes(g.person, head))


@bp.get("/<public_id>/minutes.csv")
@needs(SIGNED_IN)
def table(public_id: str) -> Response:
    """The same as a table: a row for each answer to each case."""
    found = queries.minutes(g.person, sessions.head(g.person, public_id))
    rows = [
        (
            one.place, one.code, given.answer if given else "", given.votes if given else 0,
            "; ".join(given.names) if given else "", f"{one.entropy:.4f}" if given else "", one.agreed or "",
            one.by_nobody, one.reason, one.unclear, one.question[0] if one.question else "",
            one.precedent[1] if one.precedent else "", one.notes,
        )
        for one in found.cases
        for given in one.given or (None,)
    ]  # fmt: skip
    return csv_of("minutes.csv", HEADER, rows)


@bp.get("/<public_id>/deadline.ics")
@needs(SIGNED_IN)
def deadline(public_id: str) -> Response:
    """The end of voting, for a calendar; while votes are asked for."""
    head = sessions.head(g.person, public_id)
    if head.state not in ("draft", "voting") or head.is_guest:
        raise NotFound("session")
    base = current_app.config["SETTINGS"].public_url or request.host_url
    made = calendar_file.event(
        uid=f"{head.public_id}@second-look", title=f"Voting ends: {head.title}", at=head.deadline_at,
        url=f"{base.rstrip('/')}/sessions/{head.public_id}", stamp=clock.now(), sequence=head.changes,
    )  # fmt: skip
    answer = Response(made, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=deadline.ics"
    return answer
