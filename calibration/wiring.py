"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from flask import Flask

import calibration.models.signals  # noqa: F401  (its tables must be known)
from calibration import commands


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    commands.init_app(app)
