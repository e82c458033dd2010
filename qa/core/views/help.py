"""Help: what the words mean, what each role does first, and how the figures are made."""

from __future__ import annotations

from flask import Blueprint

from qa.core import methods as sources
from qa.core import rights
from qa.core.accounts.forms import ROLE_NAMES
from qa.core.glossary import METHODS, WORDS
from qa.core.web import SIGNED_IN, Page, needs, page

bp = Blueprint("help", __name__)


@bp.get("/help/methods")
@needs(SIGNED_IN)
def methods() -> Page:
    """All methods, by what they are about."""
    return page("core/methods.html", chapters=sources.chapters())


@bp.get("/help/methods/<key>")
@needs(SIGNED_IN)
def method(key: str) -> Page:
    """The methods of one kind, in full."""
    return page("core/method.html", chapter=sources.chapter(key))


@bp.get("/help/access")
@needs(SIGNED_IN)
def access() -> Page:
    """Who can see what, and who can change what."""
    names = {role: label.split(":")[0] for role, label in ROLE_NAMES.items()}
    return page("core/access.html", areas=rights.table(), roles=names, scopes=rights.SCOPES)


@bp.get("/help")
@needs(SIGNED_IN)
def show() -> Page:
    """The one page of help."""
    return page("core/help.html", words=WORDS, methods=METHODS)
