"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from flask import Flask

import training.models.learning  # noqa: F401
import training.models.modules  # noqa: F401  (all tables must be known)


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
