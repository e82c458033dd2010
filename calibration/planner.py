"""From a wanted precision to cases, hours and weeks: for each agent, each policy, or all together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from calibration import overview
from calibration.accuracy import Rate
from calibration.overview import Line, Overview
from calibration.periods import Period
from calibration.stats import planning
from calibration.stats.intervals import cases_for_half_width, half_width
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.errors import BadInput, Problem

#: What a plan may be for: what the page says, and one thing it needs the cases for.
GOALS = {"width": "Know the accuracy to within", "below": "Show that it is under the target"}
EACH = {"agent": "Each agent", "policy": "Each policy", "all": "All together"}
#: Beyond this a design tells so little a case that another design is wanted, not more cases.
MOST_EFFECT = 10.0
POWER, ERROR = 0.80, 0.05


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. Shares from 0 to 1; *expected* None: the team's own rate."""

    goal: str = "width"
    each: str = "agent"
    within: float = 0.05
    actual: float = 0.85
    expected: float | None = None
    an_hour: float = 20.0


@dataclass(frozen=True, slots=True)
class Need:
    """One row: what it takes, and what the present pace gives."""

    name: str
    #: Accuracy that the number of cases was made for, and whether it is the row's own.
    expected: float
    is_own: bool
    effect: float
    cases: int
    #: Graded cases a week at present, over the period.
    a_week: float
    weeks: int | None
    ready_on: date | None
    #: Half the width of the interval after a quarter at the present pace; None without a case.
    quarter: float | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The page: rows, and all of them summed up."""

    wish: Wish
    target: float
    needs: list[Need]
    overlap: float
    #: Cases together, looks with the double-graded share, and the hours that these take.
    cases: int
    looks: int
    hours: float
    #: Weeks until the last row is there; None where one never comes.
    weeks: int | None


def planned(actor: Actor, wish: Wish, asked: Period) -> Planned:
    """What *wish* takes, by rates and pace of a period. Raises BadInput for a goal that nothing can reach."""
    seen = overview.overview(actor, asked)
    _check(wish, seen.target)
    weeks = max((asked.until - asked.since).days / 7, 1.0)
    needs = [_need(line, seen, wish, weeks) for line in _lines(seen, wish.each)]
    overlap = float(preferences.get("overlap_share"))
    cases = sum(need.cases for need in needs)
    looks = math.ceil(cases * (1 + overlap))
    until = [need.weeks for need in needs]
    known = [number for number in until if number is not None]
    return Planned(
        wish, seen.target, needs, overlap, cases, looks, looks / wish.an_hour,
        max(known) if known and len(known) == len(until) else None,
    )  # fmt: skip


def _check(wish: Wish, target: float) -> None:
    if wish.goal == "below" and not 0 < wish.actual < target:
        raise BadInput(Problem(f"a share under the target of {target:g}", field="actual", value=f"{wish.actual:g}"))


def _lines(seen: Overview, each: str) -> Iterable[Line]:
    """The rows by name, never by value."""
    if each == "all":
        return [Line("All together", seen.total)] if seen.total is not None else []
    return sorted(seen.agents if each == "agent" else seen.split, key=lambda line: line.name.casefold())


def _need(line: Line, seen: Overview, wish: Wish, weeks: float) -> Need:
    # A person's row is planned with everybody's rate: a plan that expects more errors of one says so to all.
    own = _known(line.rate) and wish.each != "agent"
    base = line.rate if own else seen.total
    common = base.figure.estimate if base is not None and _known(base) else seen.target
    expected = common if wish.expected is None else wish.expected
    effect = design_effect(line.rate) if _known(line.rate) else design_effect(seen.total)
    simple = (
        cases_for_half_width(wish.within, expected)
        if wish.goal == "width"
        else planning.cases_to_show_below(seen.target, wish.actual, error=ERROR, power=POWER)
    )
    cases, a_week = planning.with_design_effect(simple, effect), line.rate.figure.n / weeks
    until = math.ceil(cases / a_week) if a_week else None
    quarter = half_width(13 * a_week / effect, expected) if a_week else None
    ready = clock.now().date() + timedelta(weeks=until) if until is not None else None
    return Need(line.name, expected, own and wish.expected is None, effect, cases, a_week, until, ready, quarter)


def _known(rate: Rate | None) -> bool:
    return rate is not None and not (rate.in_progress or rate.too_little)


def design_effect(rate: Rate | None) -> float:
    """Cases that were graded for each that a simple sample would have needed; 1 while that is not known."""
    if rate is None or not _known(rate) or not rate.figure.n_effective > 0:
        return 1.0
    return min(max(rate.figure.n / rate.figure.n_effective, 1.0), MOST_EFFECT)
