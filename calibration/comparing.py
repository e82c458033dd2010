"""What the page of agreement shows: graders among themselves, from one reading of their looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from calibration import sentences
from calibration.agreeing import Agreement, Answers, Json
from calibration.periods import Period
from calibration.queries import agents
from calibration.stats.agreement import FEWEST_UNITS
from calibration.stats.confused import coincidences
from calibration.stats.pairs import Pairs, pairs
from calibration.tallied import month_name
from qa.core import clock, remembering
from qa.core.access import Actor
from qa.policies import queries as policy_queries
from qa.queries import voted

#: What the page may split by; months have a line of their own.
SPLITS = ("policy", "locale", "workflow", "team")


@dataclass(frozen=True, slots=True)
class Group:
    """The agreement of one slice under its name."""

    name: str
    agreement: Agreement
    #: What an address says for it.
    key: str = ""
    #: When a figure can be expected, while there is none.
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two graders who looked at the same cases."""

    a: str
    b: str
    cases: int
    percent: float
    kappa: float | None
    low: float | None
    high: float | None
    #: Their own numbers.
    who: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Confused:
    """Two answers that were given to the same case, and in how many of its pairs of looks."""

    a: str
    b: str
    times: float


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows of a period at one level."""

    period: Period
    by: str
    graders: int
    all: Agreement
    expected_on: date | None
    newest: datetime | None
    #: The least agreement first, those with too few cases last.
    groups: Sequence[Group]
    months: Sequence[Group]
    names: Mapping[str, str]
    #: Specific agreement by answer, the least first; those with too few looks last.
    answers: Sequence[Json]
    #: Labels and the pairs of looks between them: the coincidences, rounded.
    matrix: Sequence[Sequence[int]]
    confused: Sequence[Confused]
    pairs: Sequence[PairLine]


@dataclass(frozen=True)
class Counted:
    """The patterns of a period without names, counted once for as long as nobody commits a look."""

    graders: int
    all: Agreement
    split: Mapping[int, Agreement]
    months: Mapping[int, Agreement]
    pairs: Pairs | None
    #: The inside numbers of the graders that the pairs name by their codes.
    who: Sequence[int]
    words: Mapping[int, str]
    #: When the last case with a look was closed.
    newest: datetime | None


#: Answers that are remembered, each some hundred patterns.
REMEMBERED = 32


def _counted(asked: Period, split: str) -> Counted:
    if asked.known_at is not None:  # what changes later must not show by what an answer costs either
        return _count(asked, split)
    key = (voted.stamp(), asked.match, asked.moments, split)
    return remembering.remembered("comparing", key, lambda: _count(asked, split), most=REMEMBERED)


def _count(asked: Period, split: str) -> Counted:
    since, until = asked.moments
    seen = Answers(voted.looks(since=since, until=until, known_at=asked.known_at), asked.match)
    ratings, who = seen.ratings()
    q = len(ratings.categories)
    return Counted(
        graders=seen.graders,
        all=seen.all,
        split=seen.by(split),
        months=seen.by("month"),
        pairs=pairs(ratings, np.eye(q)) if q else None,
        who=who.tolist(),
        words=seen.looks.words,
        newest=datetime.fromtimestamp(int(seen.looks.column("closed").max()), UTC) if len(seen.looks) else None,
    )


def compared(actor: Actor, asked: Period, by: str) -> Page:
    """The page for *actor*: an observer sees graders without their names."""
    split = by if by in SPLITS else "policy"
    seen = _counted(asked, split)
    whole = seen.all
    matrix = coincidences(whole.patterns) if len(whole.categories) else np.zeros((0, 0))
    return Page(
        period=asked,
        by=split,
        graders=seen.graders,
        all=whole,
        groups=_groups(seen, split, asked),
        expected_on=_expected(whole, asked),
        newest=seen.newest,
        months=[Group(month_name(number), one) for number, one in sorted(seen.months.items())],
        names=labels(whole.categories, asked.match),
        answers=sorted(whole.by_category, key=_worst_first),
        matrix=np.rint(matrix).astype(int).tolist(),
        confused=_confused(matrix, whole.categories),
        pairs=_pairs(actor, seen),
    )


def _groups(seen: Counted, by: str, asked: Period) -> list[Group]:
    words = agents.teams() if by == "team" else seen.words
    keys = {number: words.get(number, "") for number in seen.split}
    known = {key: key for key in keys.values()} if by == "team" else labels(list(keys.values()), by)
    lines = [Group(known[key], seen.split[at], key, _expected(seen.split[at], asked)) for at, key in keys.items()]
    return sorted(lines, key=_least_first)


def _expected(found: Agreement, asked: Period) -> date | None:
    """When enough cases with two looks can be expected, if they go on coming like in the period."""
    a_week = found.units_paired / max((asked.until - asked.since).days / 7, 1)
    return sentences.expected_on(found.units_paired, a_week, clock.now().date(), needed=FEWEST_UNITS)


def _least_first(group: Group) -> tuple[bool, float, str]:
    if not group.agreement.is_enough:
        return True, 0.0, group.name.casefold()
    return False, group.agreement.coefficients["percent"]["value"] or 0.0, group.name.casefold()


def _worst_first(row: Json) -> tuple[bool, float, str]:
    share = row["specific_agreement"]
    return row["n"] < FEWEST_UNITS or share is None, share or 0.0, row["category"]


def _confused(matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]], names: Sequence[str]) -> list[Confused]:
    """The pairs of answers that are confused most, at most ten."""
    rows, columns = np.triu_indices(len(names), k=1)
    found = [
        Confused(names[a], names[b], float(matrix[a, b]))
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
        if matrix[a, b] > 0
    ]
    return sorted(found, key=lambda one: (-one.times, one.a, one.b))[:10]


def _pairs(actor: Actor, seen: Counted) -> list[PairLine]:
    """Pairs with enough cases in common, by name, never by value."""
    if seen.pairs is None:
        return []
    found = seen.pairs
    people = voted.graders()
    named = actor.has("manager", "admin")
    shown = [people[number][1] if named else f"Grader {at + 1}" for at, number in enumerate(seen.who)]
    own = [people[number][0] if named else "" for number in seen.who]
    lines = [
        PairLine(
            *sorted((shown[a], shown[b])), int(n), percent, *(None if np.isnan(x) else x for x in rest),
            who=(own[a], own[b]),
        )
        for a, b, n, percent, *rest in zip(
            found.a.tolist(), found.b.tolist(), found.units.tolist(), found.percent.tolist(),
            found.cohen_kappa.tolist(), found.low.tolist(), found.high.tolist(), strict=True,
        )
        if n >= FEWEST_UNITS
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.a.casefold(), line.b.casefold()))


def labels(keys: Sequence[str], match: str) -> Mapping[str, str]:
    """What the page calls answers or slices."""
    if match == "policy":
        return policy_queries.labels(list(keys))
    if match == "action":
        sections = policy_queries.labels(sorted({key.partition(" · ")[0] for key in keys}))
        return {key: f"{sections[key.partition(' · ')[0]]} · {_plain(key.partition(' · ')[2])}" for key in keys}
    return {key: _plain(key) for key in keys}


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
