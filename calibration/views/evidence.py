"""Evidence packs: ask for one, see it being made, take it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from calibration.evidence import evidence
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
    """The file, streamed."""
    path = evidence.file_of(g.person, public_id)
    answer = Response(_chunks(path), mimetype="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=evidence-pack.zip"
    answer.headers["Content-Length"] = str(path.stat().st_size)
    return answer


def _chunks(path: Path) -> Iterator[bytes]:
    """The file is opened by whoever reads the answer, and by nobody else."""
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            yield chunk
