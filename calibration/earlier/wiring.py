"""What earlier QA puts into the app: the job that draws a blind check, and who holds names."""

from __future__ import annotations

from flask import Flask

import calibration.models.earlier  # noqa: F401  (its tables must be known)
from calibration.earlier import blind_check, keeping
from calibration.views import earlier
from qa.core import jobs


def init_app(app: Flask) -> None:
    """Add it to *app*."""
    with app.app_context():
        jobs.register(blind_check.JOB, blind_check.draw)
    app.register_blueprint(earlier.bp)
    app.extensions["registries"].person_holders.extend(keeping.holders())
