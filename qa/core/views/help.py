"""Help: what the words mean, what each role does first, and how the figures are made."""

from __future__ import annotations

from flask import Blueprint

from qa.core.glossary import METHODS, WORDS
from qa.core.web import SIGNED_IN, Page, needs, page

bp = Blueprint("help", __name__)


@bp.get("/help")
@needs(SIGNED_IN)
def show() -> Page:
    """The one page of help."""
    return page("core/help.html", words=WORDS, methods=METHODS)
