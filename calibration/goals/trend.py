"""Accuracy by month of closing, each month against the target of that month, with what happened in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from calibration import summing, tallied
from calibration.accuracy import Rate
from calibration.goals import events
from calibration.goals.events import EventRow
from calibration.goals.targets import Targets
from calibration.periods import FILTERS
from calibration.tallied import Figures
from qa.core import clock, preferences, released
from qa.core.access import Actor
from qa.policies import queries as policy_queries
from qa.queries.tallied import Tallied

#: Months that a trend holds, the present one included.
MONTHS = 13


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its figure (None: nothing was drawn), the target of its last day, and what happened in it."""

    first: date
    rate: Rate | None
    target: float
    events: Sequence[EventRow]

    @property
    def says(self) -> str:
        """meets, under or unclear, against the target of this month."""
        return self.rate.says(self.target) if self.rate is not None else "unclear"


@dataclass(frozen=True, slots=True)
class Trend:
    """The months, oldest first, and what a trend can be narrowed to."""

    match: str
    months: Sequence[Month]
    workflows: Sequence[tuple[str, str]]
    policies: Sequence[tuple[str, str]]
    #: Drawn cases of draws that are still in progress, left out.
    left_out: int

    @property
    def shown(self) -> Sequence[Month]:
        """The months from the first one of which something is known."""
        known = [place for place, one in enumerate(self.months) if one.rate is not None or one.events]
        return self.months[known[0] :] if known else self.months[-1:]


def trend(reader: Actor, *, workflow: str = "", policy: str = "", until: date | None = None) -> Trend:
    """The trend up to a day (today), of all or of one workflow or policy, as *reader* may know."""
    last = until or clock.now().date()
    firsts = _months(last)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), UTC)
    since = datetime.combine(firsts[0], datetime.min.time(), UTC)
    known_at = released.known_at(reader)
    drawn, left_out = tallied.period(since=since, until=end, known_at=known_at)
    only = {name: value for name, value in (("workflow", workflow), ("policy", policy)) if value}
    match = str(preferences.get("headline_level"))
    seen = Figures(drawn, match, member=summing.members(drawn, only), known_at=known_at)
    rates = {tallied.month_name(number): rate for number, rate in seen.by("month").items()}
    held, happened = Targets(), events.listed(firsts[0], last)
    months = [_month(first, rates, held, happened, workflow, policy) for first in firsts]
    return Trend(match, months, _workflows(drawn), _policies(drawn), left_out)


def _months(last: date) -> list[date]:
    first = last.replace(day=1)
    found = [first]
    for _ in range(MONTHS - 1):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def _month(
    first: date, rates: Mapping[str, Rate], held: Targets, happened: Sequence[EventRow], workflow: str, policy: str
) -> Month:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    mine = [one for one in reversed(happened) if first <= one.happened_on <= last]
    return Month(first, rates.get(f"{first:%Y-%m}"), held.on(last, workflow=workflow, policy=policy), mine)


def _values(drawn: Tallied, name: str) -> list[str]:
    numbers = tallied.distinct(drawn.column(FILTERS[name]))[0].tolist()
    return [drawn.words[number] for number in numbers if drawn.words.get(number)]


def _workflows(drawn: Tallied) -> list[tuple[str, str]]:
    return sorted((value, value.replace("_", " ")) for value in _values(drawn, "workflow"))


def _policies(drawn: Tallied) -> list[tuple[str, str]]:
    values = _values(drawn, "policy")
    labels = policy_queries.labels(values)
    return sorted(((value, labels.get(value, value)) for value in values), key=lambda one: one[1].casefold())
