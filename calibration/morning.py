"""A lead's morning: how far the sample is, what was closed late, and who among the graders needs a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calibration import periods
from calibration.graders import page as grader_page
from calibration.graders.lines import Part
from calibration.graders.page import Line
from calibration.queries import mornings
from calibration.queries.mornings import Late
from calibration.stats.estimate import OPEN_SHARE
from qa.core import clock, released, remembering
from qa.core.access import Actor

#: Weeks of samples, and of closed cases, that the home looks back.
WEEKS_OF_SAMPLES, WEEKS_OF_CLOSING = 6, 4
REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Week:
    """The samples drawn in one week, from its Monday on."""

    monday: date
    drawn: int
    ended: int
    open: int

    @property
    def is_final(self) -> bool:
        """Whether figures of it are final: at most 2 % are open."""
        return self.open <= OPEN_SHARE * self.drawn


@dataclass(frozen=True, slots=True)
class SampleCard:
    """How far the samples of the last weeks are."""

    weeks: Sequence[Week]
    drawn: int
    ended: int

    @property
    def open(self) -> int:
        """Cases that still wait for a look or for a decision."""
        return sum(week.open for week in self.weeks)


@dataclass(frozen=True, slots=True)
class LateCard:
    """What was closed late, all together and by workflow."""

    since: date
    share: Part
    workflows: Sequence[Late]


@dataclass(frozen=True, slots=True)
class GradersCard:
    """Graders who carry a mark, and how many could."""

    marked: Sequence[Line]
    graders: int


def sample_card(person: Actor) -> SampleCard | None:
    """Drawn, ended and open cases by the week of their draw; None while nothing was drawn lately."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS_OF_SAMPLES - 1)
    found: dict[date, list[int]] = {}
    known_at = released.known_at(person)
    for row in mornings.draws(first, known_at=known_at):
        on = row.drawn_at.date()
        counts = found.setdefault(on - timedelta(days=on.weekday()), [0, 0, 0])
        for place, number in enumerate((row.drawn, row.ended, row.open)):
            counts[place] += number
    weeks = [Week(monday, *counts) for monday, counts in sorted(found.items(), reverse=True)]
    if not weeks:
        return None
    return SampleCard(weeks, sum(week.drawn for week in weeks), sum(week.ended for week in weeks))


def late_card(person: Actor) -> LateCard | None:
    """Cases of the led teams that were closed after their due time; None where no case has one."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since, mine = midnight - timedelta(weeks=WEEKS_OF_CLOSING), mornings.looked_after(person)
    key = (mornings.stamp(), tuple(mine), since)
    if person.can_be_given_blind_tasks:  # to whom nothing may tell, not even what an answer costs, who asked before
        found = mornings.late(mine, since)
    else:
        found = remembering.remembered("late", key, lambda: mornings.late(mine, since), most=REMEMBERED)
    if not found:
        return None
    share = Part(sum(one.late for one in found), sum(one.n for one in found))
    return LateCard(since.date(), share, found)


def graders_card(person: Actor) -> GradersCard | None:
    """Graders off calibration, or rushed, of the last 13 weeks; None where nobody graded."""
    seen = grader_page.graders(person, periods.period())
    if not seen.lines:
        return None
    return GradersCard([line for line in seen.lines if line.off or line.figures.rushed], len(seen.lines))
