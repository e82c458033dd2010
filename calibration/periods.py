"""What a page of figures is about: a level, closing days, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from calibration import accuracy
from calibration.signals.grounds import LOOK_BACK
from calibration.stats.estimate import UNDERLYING
from qa.core import clock, preferences

#: What a page may split by, besides agents.
SPLITS = ("policy", "workflow", "locale", "team", "severity", "cell", "team_policy", "errors")
#: What a page may be narrowed to, and the column of the roll-up that holds it.
FILTERS = {"policy": "play", "locale": "locale", "workflow": "workflow", "team": "team"}


@dataclass(frozen=True, slots=True)
class Period:
    """What figures of a page are about: one level, closing days, both inside, and what they are narrowed to."""

    match: str
    since: date
    until: date
    only: Mapping[str, str] = field(default_factory=dict)
    #: What came out later than this is told as still open; None: nothing is.
    known_at: datetime | None = None
    #: What the figures speak of: the rate to expect with such cases, or the cases of this period alone.
    estimand: str = UNDERLYING

    @property
    def weeks(self) -> float:
        """How long it is, at least one."""
        return max((self.until - self.since).days / 7, 1.0)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment inside, and the first one after."""
        first = datetime.combine(self.since, datetime.min.time(), clock.now().tzinfo)
        return first, datetime.combine(self.until, datetime.min.time(), clock.now().tzinfo) + timedelta(days=1)


def period(
    match: str | None = None, since: date | None = None, until: date | None = None,
    only: Mapping[str, str] | None = None, known_at: datetime | None = None, estimand: str | None = None,
) -> Period:  # fmt: skip
    """The period that was asked for; else the headline level and the last 13 weeks."""
    today = clock.now().date()
    last = until or today
    level = match if match in accuracy.LEVELS else preferences.get("headline_level")
    asked = {name: value for name, value in (only or {}).items() if name in FILTERS and value}
    about = estimand if estimand in accuracy.ESTIMANDS else UNDERLYING
    return Period(level, since or last - LOOK_BACK, last, asked, known_at, about)
