"""Precedents: what sessions agreed on, by clause, for everybody."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from calibration import precedents
from calibration.queries import kept
from qa.core.errors import BadInput, Problem
from qa.core.web import SIGNED_IN, Page, needs, page, writes

bp = Blueprint("precedents", __name__, url_prefix="/precedents")
_DEEDS = {"retire": precedents.retire, "renew": precedents.renew}


@bp.get("")
@needs(SIGNED_IN)
def listed() -> Page:
    """Precedents, of one clause or with some words."""
    section, words = request.args.get("section", ""), request.args.get("q", "").strip()[:100]
    first = max(request.args.get("from", 0, type=int), 0)
    rows, seen = kept.listed(section=section, words=words, first=first)
    return page(
        "calibration/precedents.html", rows=rows, seen=seen, section=section, words=words, label=kept.label(section)
    )


@bp.get("/<public_id>")
@needs(SIGNED_IN)
def show(public_id: str) -> Page:
    """One precedent with its reason, its clause, and where it came from."""
    return page("calibration/precedent.html", one=kept.one(public_id), may_act=g.person.has(*precedents.OWNERS))


@bp.post("/<public_id>/state")
@needs(*precedents.OWNERS)
@writes
def move(public_id: str) -> Response:
    """End it, or say that it still holds."""
    kept.one(public_id)
    deed = _DEEDS.get(request.form.get("deed", ""))
    if deed is None:
        raise BadInput(Problem("a deed that there is", field="deed"))
    deed(g.person, public_id)
    flash("Noted.", "ok")
    return redirect(url_for("precedents.show", public_id=public_id))
