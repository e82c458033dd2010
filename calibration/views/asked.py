"""What the address of a page of figures asks for: one level, and the days between which cases were closed."""

from __future__ import annotations

from datetime import date

from flask import request

from calibration import accuracy, overview
from calibration.overview import Period

LEVELS = accuracy.LEVELS


def asked_period() -> Period:
    """The level and period of the address; what is none is as if it was not given."""
    return overview.period(request.args.get("match"), _day("since"), _day("until"))


def link_of(asked: Period) -> dict[str, str]:
    """What keeps the view in an address."""
    return {"match": asked.match, "since": asked.since.isoformat(), "until": asked.until.isoformat()}


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
