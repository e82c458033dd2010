"""What targets and events put into the app: their page."""

from __future__ import annotations

from flask import Flask

import calibration.models.goals  # noqa: F401  (its tables must be known)
from calibration.views import goals


def init_app(app: Flask) -> None:
    """Add it to *app*."""
    app.register_blueprint(goals.bp)
