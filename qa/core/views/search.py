"""The search in the bar."""

from __future__ import annotations

from flask import Blueprint, g, request

from qa.core import search
from qa.core.web import SIGNED_IN, Page, needs, page

bp = Blueprint("search", __name__)


@bp.get("/search")
@needs(SIGNED_IN)
def show() -> Page:
    """What is found, by kind."""
    asked = request.args.get("q", "").strip()[: search.LONGEST]
    return page("core/search.html", asked=asked, found=search.find(g.person, asked))
