"""What this room puts into the app: blueprints, commands, jobs, places and cards."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

import calibration.models.signals  # noqa: F401  (its tables must be known)
from calibration import commands, signals
from qa.core import jobs


def init_app(app: Flask) -> None:
    """Add the room to *app*."""
    commands.init_app(app)
    with app.app_context():
        jobs.register("signals.scan", signals.scan_job, every=timedelta(days=1))
