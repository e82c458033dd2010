"""The cases behind a figure of agreement: how the looks at each differ, newest first, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from calibration import comparing
from calibration.agreeing import SPLITS, Answers
from calibration.paged import PAGE, Paged
from calibration.periods import Period
from calibration.queries import agents, alerts
from calibration.stats.domains import BoolArray
from calibration.stats.ratings import IntArray
from qa.core.access import Actor
from qa.queries import tallied, voted

#: What the looks at a case came to.
CAME = ("differ", "same")


@dataclass(frozen=True, slots=True)
class Which:
    """Which of a period's cases: of a slice, with certain answers, looked at by certain graders."""

    #: Name of a split -> its value, as the page of agreement groups by it.
    only: Mapping[str, str] = field(default_factory=dict)
    #: Answers of which each was given at least once.
    answers: Sequence[str] = ()
    #: Own numbers of graders who all looked.
    graders: Sequence[str] = ()
    came: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case; *answers* are (answer, how often), the most frequent first, and empty where the case must be opened."""

    public_id: str
    external_id: str
    closed_at: datetime
    is_open: bool
    answers: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class BehindAgreement(Paged):
    """A page of cases."""

    period: Period
    which: Which
    rows: Sequence[CaseLine]
    must_open: bool


def behind(actor: Actor, asked: Period, which: Which, *, first: int = 0) -> BehindAgreement:
    """The cases with two looks or more of the teams that *actor* leads.

    Who may be given blind tasks is not told by a list who answered what: for them it is narrowed by slices alone, and
    the answers show once a case was opened.
    """
    must_open = actor.can_be_given_blind_tasks
    if must_open:
        which = Which(which.only)
    since, until = asked.moments
    seen = Answers(voted.looks(since=since, until=until, known_at=asked.known_at), asked.match)
    labels, names = seen.labels
    cases, place = np.unique(seen.told.record["case"], return_inverse=True)
    inside = _wanted(actor, seen, which, (labels, names, place, cases.size))
    newest = np.zeros(cases.size, dtype=np.int64)
    newest[place] = seen.told.column("closed")
    chosen = np.flatnonzero(inside)
    chosen = chosen[np.lexsort((-cases[chosen], -newest[chosen]))]
    shown = chosen[first : first + PAGE]
    given = {int(cases[at]): Counter(labels[place == at].tolist()) for at in shown.tolist()}
    said = comparing.labels(names, asked.match)
    rows = [
        CaseLine(row.public_id, row.external_id, row.closed_at, row.is_open,
                 [(said[names[code]], n) for code, n in given[row.case_id].most_common()] if row.is_open else [])
        for row in alerts.errors(list(given), viewer_id=actor.id, must_open=must_open)[::-1]
    ]  # fmt: skip
    return BehindAgreement(int(chosen.size), first, asked, which, rows, must_open)


def _wanted(
    actor: Actor, seen: Answers, which: Which, by_case: tuple[IntArray, Sequence[str], IntArray, int]
) -> BoolArray:
    """Which cases are meant, by their place."""
    labels, names, place, size = by_case
    told = seen.told

    def any_of(looks: BoolArray) -> BoolArray:
        return np.bincount(place[looks], minlength=size) > 0

    teams = told.column("team")
    led = [int(team) for team in np.unique(teams) if actor.sees_team(int(team) or None)]
    found: BoolArray = (np.bincount(place, minlength=size) >= 2) & any_of(np.isin(teams, led))
    for name, value in which.only.items():
        found &= any_of(SPLITS[name](told) == _number(name, value))
    for answer in which.answers:
        found &= any_of(labels == (names.index(answer) if answer in names else -1))
    people = {external: number for number, (external, _) in voted.graders().items()}
    for grader in which.graders:
        found &= any_of(told.column("grader") == people.get(grader, -1))
    if which.came in CAME:
        kinds = np.bincount(np.unique(place * (len(names) + 1) + labels) // (len(names) + 1), minlength=size)
        found &= (kinds > 1) == (which.came == "differ")
    return found


def _number(name: str, value: str) -> int:
    """The number of a slice's value; one that nobody has heard of is no slice's."""
    words = agents.teams() if name == "team" else tallied.words()
    return next((number for number, word in words.items() if word == value), -1)
