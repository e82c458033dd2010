"""What the address of a page of figures asks for: one level, closing days, and what it is narrowed to."""

from __future__ import annotations

from flask import g, request

from calibration import accuracy, periods
from calibration.periods import Period
from qa.core import asked, released

LEVELS = accuracy.LEVELS


def asked_period() -> Period:
    """The level, period and filters of the address; what is none is as if it was not given."""
    only = {name: request.args.get(name, "") for name in periods.FILTERS}
    known_at = released.known_at(g.person)
    match, estimand = request.args.get("match"), request.args.get("estimand")
    return periods.period(match, asked.day("since"), asked.day("until"), only, known_at, estimand)


def link_of(asked: Period) -> dict[str, str]:
    """What keeps the view in an address."""
    period = {"match": asked.match, "since": asked.since.isoformat(), "until": asked.until.isoformat()}
    if asked.estimand != accuracy.UNDERLYING:
        period["estimand"] = asked.estimand
    return period | dict(asked.only)
