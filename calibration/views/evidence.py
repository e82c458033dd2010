"""Evidence packs: ask for one, see it being made, take it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, send_file, url_for
from werkzeug.wrappers import Response

from calibration import evidence
from qa.core.web import Page, needs, page, writes

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
_DECIDERS = ("manager", "admin")


@bp.get("")
@needs(*_DECIDERS)
def listed() -> Page:
    """What a pack is, and the own ones."""
    refused = evidence.why_not(g.person)
    return page("calibration/evidence.html", refused=refused, packs=[] if refused else evidence.listed(g.person))


@bp.post("")
@needs(*_DECIDERS)
@writes
def ask() -> Response:
    """Have one made."""
    asked = evidence.ask(g.person)
    flash("It is being made." if asked else "Yours is being made already.")
    return redirect(url_for("evidence.listed"))


@bp.get("/<public_id>.zip")
@needs(*_DECIDERS)
def take(public_id: str) -> Response:
    """The file."""
    path = evidence.file_of(g.person, public_id)
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name="evidence-pack.zip")
