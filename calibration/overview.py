"""What the page of all figures shows: one reading of the roll-ups, narrowed and split in several ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from calibration import accuracy, tallied
from calibration.accuracy import Rate
from calibration.grounds import LOOK_BACK
from calibration.queries import agents
from calibration.queries.agents import Agent
from calibration.stats.domains import BoolArray
from calibration.tallied import CELL, Figures
from qa import policy_queries
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.queries.tallied import Tallied

#: What a page may split by, besides agents.
SPLITS = ("policy", "workflow", "locale", "team", "severity", "cell")
#: What a page may be narrowed to, and the column of the roll-up that holds it.
FILTERS = {"policy": "play", "locale": "locale", "workflow": "workflow", "team": "team"}


@dataclass(frozen=True, slots=True)
class Period:
    """What figures of a page are about: one level, closing days, both inside, and what they are narrowed to."""

    match: str
    since: date
    until: date
    only: Mapping[str, str] = field(default_factory=dict)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment inside, and the first one after."""
        first = datetime.combine(self.since, datetime.min.time(), clock.now().tzinfo)
        return first, datetime.combine(self.until, datetime.min.time(), clock.now().tzinfo) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a page: a name, where it leads to, and its figure."""

    name: str
    rate: Rate
    public_id: str = ""
    #: What narrows a page to this row.
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Errors apart, at the level of the verdict: of what was enforced, and of what was left alone."""

    name: str
    enforced: Rate | None
    left_alone: Rate | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of figures: all together, by agent, and by one more split."""

    period: Period
    target: float
    total: Rate | None
    #: Those whose whole interval is under the target first, then by name.
    agents: Sequence[Line]
    #: By value, the largest first; those without a figure last.
    split: Sequence[Line]
    by: str
    #: Over- and under-enforcement of all together, and by policy.
    wrong: Sequence[Wrong]
    #: Filter -> (value, how pages call it) of what the period holds.
    choices: Mapping[str, Sequence[tuple[str, str]]]
    #: Cases of draws that are still in progress, left out.
    left_out: int


def period(
    match: str | None = None, since: date | None = None, until: date | None = None,
    only: Mapping[str, str] | None = None,
) -> Period:  # fmt: skip
    """The period that was asked for; else the headline level and the last 13 weeks."""
    today = clock.now().date()
    last = until or today
    level = match if match in accuracy.LEVELS else preferences.get("headline_level")
    asked = {name: value for name, value in (only or {}).items() if name in FILTERS and value}
    return Period(level, since or last - LOOK_BACK, last, asked)


def overview(actor: Actor, asked: Period, by: str = "policy") -> Overview:
    """Figures of a period, those of persons only of agents that *actor* may see."""
    seen, left_out = figures_of(asked)
    target = float(preferences.get("target_accuracy"))
    split = by if by in SPLITS else "policy"
    names = _Names(seen.whole)
    return Overview(
        period=asked,
        target=target,
        total=seen.total,
        agents=_by_agent(seen, agents.shown_to(actor), target),
        split=_by_value(_split(seen, split, names)),
        by=split,
        wrong=_wrong(seen, names),
        choices={name: names.choices(name) for name in FILTERS},
        left_out=left_out,
    )


def of_all(asked: Period) -> tuple[Rate | None, float]:
    """The figure of all agents together, and the target."""
    return figures_of(asked)[0].total, float(preferences.get("target_accuracy"))


def figures_of(asked: Period) -> tuple[Figures, int]:
    """The figures of the period's draws that are complete, and how many drawn cases of others are left out."""
    since, until = asked.moments
    drawn, left_out = tallied.period(since=since, until=until)
    return Figures(drawn, asked.match, member=members(drawn, asked.only)), left_out


def members(drawn: Tallied, only: Mapping[str, str]) -> BoolArray | None:
    """Which cases a page is narrowed to; None where to all."""
    if not only:
        return None
    inside = np.ones(len(drawn), dtype=bool)
    for name, value in only.items():
        numbers = agents.teams() if name == "team" else drawn.words
        wanted = [number for number, word in numbers.items() if word == value]
        inside &= np.isin(drawn.column(FILTERS[name]), wanted)
    return inside


class _Names:
    """How pages call what a period holds."""

    def __init__(self, drawn: Tallied) -> None:
        self.drawn = drawn
        self.teams = agents.teams()
        self.numbers = {name: tallied.distinct(drawn.column(column))[0].tolist() for name, column in FILTERS.items()}
        words = [drawn.words[number] for number in self.numbers["policy"]]
        self.policies: Mapping[str, str] = policy_queries.labels(words)

    def value(self, name: str, number: int) -> str:
        """What an address says for this slice."""
        return self.teams.get(number, "") if name == "team" else self.drawn.words.get(number, "")

    def label(self, name: str, value: str) -> str:
        """What a page says for it."""
        return self.policies.get(value, value) if name == "policy" else value.replace("_", " ") or "–"

    def choices(self, name: str) -> list[tuple[str, str]]:
        """All of one filter, by how pages call them."""
        values = [value for number in self.numbers[name] if (value := self.value(name, number))]
        return sorted(((value, self.label(name, value)) for value in values), key=lambda one: one[1].casefold())

    def line(self, name: str, number: int, rate: Rate) -> Line:
        """One row of a split."""
        if name == "cell":
            policy, locale = self.line("policy", number // CELL, rate), self.line("locale", number % CELL, rate)
            both = tallied.named(rate, policy=policy.only["policy"], locale=locale.only["locale"])
            return Line(f"{policy.name} · {locale.name}", both, only={**policy.only, **locale.only})
        value = self.value(name, number)
        only = {name: value} if name in FILTERS else {}
        return Line(self.label(name, value), tallied.named(rate, **{name: value}), only=only)


def _by_agent(seen: Figures, shown: Mapping[int, Agent], target: float) -> list[Line]:
    """Persons, never sorted by value: those surely under the target first, then by name."""
    rates = seen.by("agent")
    lines = [
        Line(agent.name, tallied.named(rates[key], agent=agent.external_id), agent.public_id)
        for key, agent in shown.items()
        if key in rates
    ]
    return sorted(lines, key=lambda line: (line.rate.says(target) != "under", line.name.casefold()))


def _split(seen: Figures, by: str, names: _Names) -> list[Line]:
    """The figures of one more split, under the names that pages use."""
    return [names.line(by, number, rate) for number, rate in seen.by(by).items()]


def _wrong(seen: Figures, names: _Names) -> list[Wrong]:
    """Errors apart: all together first, then by policy, the most frequently enforced wrongly first."""
    verdicts = seen.at("verdict")
    enforced = verdicts.drawn.column("enforced")
    whole, parts = verdicts.of(enforced), verdicts.of(verdicts.drawn.column("play") * 2 + enforced)
    policies = {number >> 1 for number in parts}
    lines = [
        Wrong(names.line("policy", number, rate).name, parts.get(2 * number + 1), parts.get(2 * number))
        for number in policies
        if (rate := parts.get(2 * number + 1) or parts.get(2 * number))
    ]
    together = [Wrong("All together", whole.get(1), whole.get(0))] if whole else []
    return together + sorted(lines, key=lambda line: (_known_share(line.enforced), line.name.casefold()))


def _known_share(rate: Rate | None) -> float:
    return 2.0 if rate is None or rate.in_progress or rate.too_little else rate.figure.estimate


def _by_value(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=by_value)


def by_value(line: Line) -> tuple[bool, float, str]:
    """The key by which clauses are sorted, the largest first and those without a figure last; never persons."""
    known = not (line.rate.in_progress or line.rate.too_little)
    return not known, -line.rate.figure.estimate if known else 0.0, line.name.casefold()
