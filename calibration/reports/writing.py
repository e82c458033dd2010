"""A report as a page that stands by itself and prints, and as a table beside it."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from calibration.reports import standing_alone
from calibration.reports.parts import HEADER, Report, as_rows
from qa.core import clock
from qa.core.tables.writing import csv_lines


def page_alone(report: Report, *, made_at: datetime | None = None) -> str:
    """One file, with its looks inside, without script, and nothing fetched from anywhere; *made_at* None: made now."""
    template = current_app.jinja_env.get_template("calibration/report_alone.html")
    return template.render(report=report, looks=standing_alone.looks(), made_at=made_at or clock.now())


def csv(report: Report) -> str:
    """Every figure of *report* with all its digits, safe to open in a spreadsheet."""
    return "".join(csv_lines(HEADER, list(as_rows(report))))
