"""What the business case puts into the app: its page and its place."""

from __future__ import annotations

from flask import Flask

import training.models.business  # noqa: F401  (its table must be known)
from qa.core.registries import Place
from training.views import business

_LEADS = frozenset({"manager", "observer", "admin"})


def init_app(app: Flask) -> None:
    """Add it to *app*."""
    app.register_blueprint(business.bp)
    places = app.extensions["registries"].places
    places.append(Place("Business case", "/business-case", "", _LEADS, order=26, group="Numbers"))
