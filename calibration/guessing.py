"""Could graders guess? Guesses of the hidden decision by quarter, beside what chance alone would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calibration.stats.guessing import FEWEST_GUESSES, Guessing, guessing
from qa.core import clock, preferences, released
from qa.core.access import Actor
from qa.grading import guesses
from qa.queries import guesses as queries
from qa.queries.guesses import Guessed

#: How many quarters the page looks back, this one included.
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter's guesses."""

    since: date
    #: None while there are too few.
    figure: Guessing | None
    given: int
    passed: int
    unanswered: int
    is_now: bool

    @property
    def label(self) -> str:
        """The quarter in words."""
        return f"Q{(self.since.month + 2) // 3} {self.since.year}"


@dataclass(frozen=True, slots=True)
class Told:
    """All quarters in which somebody was asked, the newest first."""

    quarters: Sequence[Quarter]
    share_asked: float
    #: Whether this quarter is known well enough, so that nobody is asked any more.
    is_precise: bool
    fewest: int = FEWEST_GUESSES
    narrow: float = guesses.NARROW

    @property
    def newest(self) -> Quarter | None:
        """The newest quarter with a figure, else the newest at all; None where nobody was asked yet."""
        return next((one for one in self.quarters if one.figure), self.quarters[0] if self.quarters else None)


def told(reader: Actor) -> Told:
    """The last quarters, for whoever grades too as of the last release hour."""
    now = clock.now()
    first = guesses.quarter_of(now)
    starts = [first]
    for _ in range(QUARTERS - 1):
        starts.append(guesses.quarter_of(starts[-1] - timedelta(days=1)))
    rows = queries.counted(since=starts[-1], until=now + timedelta(seconds=1), known_at=released.known_at(reader))
    held: dict[datetime, list[Guessed]] = {}
    for row in rows:
        held.setdefault(guesses.quarter_of(row.asked_at), []).append(row)
    quarters = [_quarter(start, held[start], is_now=start == first) for start in starts if start in held]
    return Told(quarters, preferences.get("guess_share"), guesses.is_precise())


def card(reader: Actor) -> Told | None:
    """The same for a lead's home; None where nobody was asked yet."""
    found = told(reader)
    return found if found.quarters else None


def _quarter(start: datetime, rows: Sequence[Guessed], *, is_now: bool) -> Quarter:
    given = [row for row in rows if row.state == "given"]
    figure = None
    if len(given) >= FEWEST_GUESSES:
        own = [(row.own, row.confidence) for row in given]
        figure = guessing(own, [row.guess == "violates" for row in given], [row.decided == "violates" for row in given])
    passed = sum(row.state == "passed" for row in rows)
    return Quarter(start.date(), figure, len(given), passed, len(rows) - len(given) - passed, is_now)
