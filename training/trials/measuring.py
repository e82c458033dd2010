"""What a start drawn by chance shows: fresh cases of both arms while one waited, against each person's own before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from calibration.stats import arms
from calibration.stats.arms import Arms, Person
from calibration.stats.effect import EARLIER_WEEKS, WASH_OUT_DAYS
from calibration.stats.shrink import Prior, shrunken
from qa.core import clock, preferences
from qa.policies import queries as policy_queries
from qa.queries.measured import DrawnCase
from training import windows
from training.queries.trials import Drawn
from training.trials.trials import WAITS

#: Above this share of open cases a figure is still in progress.
MOST_OPEN = 0.02


@dataclass(frozen=True, slots=True)
class Compared:
    """Both arms of one set of sections, or of all trainings together."""

    ref: str
    name: str
    arms: Arms
    #: Settled cases of each arm in the later window.
    cases_now: int
    cases_later: int
    said: str


def compare(drawn: Sequence[Drawn], everybody: Sequence[DrawnCase]) -> list[Compared]:
    """All trainings together, then each set of sections that enough people of both arms were taught.

    Whose three weeks are not over yet is not in it.
    """
    over = [one for one in drawn if one.entered_at + WAITS <= clock.now()]
    if not over:
        return []
    own: dict[int, list[DrawnCase]] = {}
    for case in windows.once(everybody):
        own.setdefault(case.agent_id, []).append(case)
    rows = [_compared("trial", "All trainings with a start drawn by chance", over, own)]
    by_sections: dict[tuple[str, ...], list[Drawn]] = {}
    for one in over:
        by_sections.setdefault(one.sections, []).append(one)
    for sections, some in sorted(by_sections.items()):
        counts = [sum(one.arm == arm for one in some) for arm in ("now", "later")]
        if len(by_sections) > 1 and min(counts) >= arms.FEWEST_PEOPLE:
            name = ", ".join(policy_queries.labels(list(sections)).values())
            rows.append(_compared("trial:" + "+".join(sections), name, some, own))
    return rows


def _compared(ref: str, name: str, some: Sequence[Drawn], own: dict[int, list[DrawnCase]]) -> Compared:
    level = preferences.get("headline_level")
    stayed = [one for one in some if not one.has_left]
    found = _arms(stayed, own, level)
    left = len(some) - len(stayed)
    said = f"{found[0].people_now} people at once, {found[0].people_later} three weeks later"
    if left:
        as_drawn = _arms(some, own, level)[0]
        said += f"; {left} left the trial and are not in it: with them {_words(as_drawn)}"
    return Compared(ref, name, found[0], found[1], found[2], said)


def _words(found: Arms) -> str:
    if found.reason is not None:
        return found.reason
    return f"{100 * found.effect:+.1f} points [{100 * found.low:+.1f} to {100 * found.high:+.1f}]"


def _arms(some: Sequence[Drawn], own: dict[int, list[DrawnCase]], level: str) -> tuple[Arms, int, int]:
    """(what the arms show, settled cases of the arm now, of the arm later)."""
    before = {one.person_id: _between(one, own, *_earlier(one)) for one in some}
    after = {one.person_id: _between(one, own, *_later(one)) for one in some}
    prior = windows.prior([case for cases in before.values() for case in cases], level)
    people: dict[str, list[Person]] = {"now": [], "later": []}
    if prior is not None:
        for one in some:
            people[one.arm].append(_person(before[one.person_id], after[one.person_id], prior, level))
    cases = [sum(person.cases for person in people[arm]) for arm in ("now", "later")]
    found = arms.compare(people["now"], people["later"])
    looked = [case for some_cases in after.values() for case in some_cases]
    if found.reason is None and sum(case.is_open for case in looked) > MOST_OPEN * len(looked):
        nan = math.nan
        reason = "not enough data: a window is still in progress"
        found = Arms(found.people_now, found.people_later, nan, nan, nan, nan, nan, reason)
    return found, cases[0], cases[1]


def _earlier(one: Drawn) -> tuple[float, float]:
    start, stop = (7.0 * weeks for weeks in EARLIER_WEEKS)
    return start, stop


def _later(one: Drawn) -> tuple[float, float]:
    """From a week after the draw until the later arm begins; the same days for both arms."""
    entered = windows.days(one.entered_at, one.crossed_at)
    return entered + WASH_OUT_DAYS, entered + WAITS / timedelta(days=1)


def _between(one: Drawn, own: dict[int, list[DrawnCase]], start: float, stop: float) -> list[DrawnCase]:
    return [
        case for case in own.get(one.person_id, ())
        if start <= windows.days(case.closed_at, one.crossed_at) < stop
        and (not one.sections or any(windows.concerns(case, key) for key in one.sections))
    ]  # fmt: skip


def _person(before: Sequence[DrawnCase], after: Sequence[DrawnCase], prior: Prior, level: str) -> Person:
    known = [right for case in before if (right := case.right(level)) is not None]
    expected = float(shrunken(prior, np.array([float(sum(known))]), np.array([float(len(known))]))[0])
    settled = [(right, 1 / case.probability) for case in after if (right := case.right(level)) is not None]
    total = sum(weight for _, weight in settled)
    share = sum(weight for right, weight in settled if right) / total if settled else math.nan
    return Person(expected, share, len(settled))
