"""What reports put into the app: their pages, the jobs that make and compare them, and what notices say of them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

import calibration.models.reports  # noqa: F401  (its tables must be known)
from calibration.reports import sending, wishes
from calibration.views import reports
from qa.core import jobs


def init_app(app: Flask) -> None:
    """Add them to *app*."""
    with app.app_context():
        jobs.register(wishes.MAKE, sending.make)
        jobs.register(sending.DUE, sending.ask_due, every=timedelta(minutes=10))
        jobs.register(sending.COMPARE, sending.compare, every=timedelta(days=1))
    app.register_blueprint(reports.bp)
    app.extensions["registries"].notice_lines[sending.KIND] = sending.said_now
