"""What the pages of figures show: one reading of the roll-ups, split in several ways; of one agent, of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from calibration import accuracy, sentences, tallied
from calibration.accuracy import Rate
from calibration.grounds import LOOK_BACK
from calibration.queries import agents
from calibration.queries.agents import Agent
from calibration.tallied import Figures
from qa import policy_queries, release
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.queries import measured
from qa.queries.measured import DrawnCase

#: What a page may split by, besides agents.
SPLITS = ("policy", "workflow", "locale", "team")


@dataclass(frozen=True, slots=True)
class Period:
    """What figures of a page are about: one level, and closing days, both inside."""

    match: str
    since: date
    until: date

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
    #: Cases of draws that are still in progress, left out.
    left_out: int


@dataclass(frozen=True, slots=True)
class Own:
    """One agent's figures."""

    agent: Agent
    period: Period
    target: float
    total: Rate | None
    policies: Sequence[Line]
    months: Sequence[Line]
    left_out: int
    expected_on: date | None


def period(match: str | None = None, since: date | None = None, until: date | None = None) -> Period:
    """The period that was asked for; else the headline level and the last 13 weeks."""
    today = clock.now().date()
    last = until or today
    level = match if match in accuracy.LEVELS else preferences.get("headline_level")
    return Period(level, since or last - LOOK_BACK, last)


def overview(actor: Actor, asked: Period, by: str = "policy") -> Overview:
    """Figures of a period, those of persons only of agents that *actor* may see."""
    seen, left_out = _figures(asked)
    target = float(preferences.get("target_accuracy"))
    split = by if by in SPLITS else "policy"
    return Overview(
        asked, target, seen.total, _by_agent(seen, agents.shown_to(actor), target), _by_value(_split(seen, split)),
        split, left_out,
    )  # fmt: skip


def of_all(asked: Period) -> tuple[Rate | None, float]:
    """The figure of all agents together, and the target."""
    return _figures(asked)[0].total, float(preferences.get("target_accuracy"))


def _figures(asked: Period) -> tuple[Figures, int]:
    """The figures of the period's draws that are complete, and how many drawn cases of others are left out."""
    since, until = asked.moments
    return tallied.figures(asked.match, since=since, until=until)


def own(agent: Agent, asked: Period, *, for_themselves: bool = False) -> Own:
    """The figures of one agent; for the agent as of the last release of results, like all that reaches them."""
    drawn, left_out = _drawn(asked, agent.id, released_only=for_themselves)
    total = accuracy.of_cases(drawn, match=asked.match)
    policies = _named(accuracy.of_cases(drawn, by=("policy",), match=asked.match), "policy")
    months = [Line(rate.keys["month"], rate) for rate in accuracy.of_cases(drawn, by=("month",), match=asked.match)]
    known = total[0] if total else None
    weeks = max((asked.until - asked.since).days / 7, 1)
    return Own(
        agent, asked, float(preferences.get("target_accuracy")), known, _by_value(policies), months, left_out,
        _expected(known, len(drawn) / weeks),
    )  # fmt: skip


def _expected(rate: Rate | None, a_week: float) -> date | None:
    return sentences.expected_on(rate.figure.n if rate is not None else 0, a_week, clock.now().date())


def _drawn(asked: Period, agent_id: int, *, released_only: bool = False) -> tuple[list[DrawnCase], int]:
    """The drawn cases of the period in draws that are complete, and how many others there are."""
    since, until = asked.moments
    drawn = list(measured.drawn_cases(agent_id=agent_id, since=since, until=until))
    if released_only:
        last = release.next_release() - timedelta(days=1)
        drawn = [_still_open(row) if row.settled_at is not None and row.settled_at > last else row for row in drawn]
    complete = accuracy.finished(drawn)
    return complete, len(drawn) - len(complete)


def _still_open(row: DrawnCase) -> DrawnCase:
    """A case as it stood before its settlement was released."""
    return replace(row, state="open", right_verdict=None, right_policy=None, right_action=None)


def _by_agent(seen: Figures, shown: Mapping[int, Agent], target: float) -> list[Line]:
    """Persons, never sorted by value: those surely under the target first, then by name."""
    rates = seen.by("agent")
    lines = [
        Line(agent.name, tallied.named(rates[key], agent=agent.external_id), agent.public_id)
        for key, agent in shown.items()
        if key in rates
    ]
    return sorted(lines, key=lambda line: (line.rate.says(target) != "under", line.name.casefold()))


def _split(seen: Figures, by: str) -> list[Line]:
    """The figures of one more split, under the names that pages use."""
    names = agents.teams() if by == "team" else {}
    says = seen.says(by)
    rates = [
        tallied.named(rate, **{by: names.get(number, "") if by == "team" else says(number)})
        for number, rate in seen.by(by).items()
    ]
    return _named(rates, by)


def _named(rates: Sequence[Rate], by: str) -> list[Line]:
    """Rates under the names that pages use."""
    if by != "policy":
        return [Line(rate.keys[by].replace("_", " ") or "–", rate) for rate in rates]
    labels = policy_queries.labels([rate.keys[by] for rate in rates])
    return [Line(labels[rate.keys[by]], rate) for rate in rates]


def _by_value(lines: Sequence[Line]) -> list[Line]:
    def place(line: Line) -> tuple[bool, float, str]:
        known = not (line.rate.in_progress or line.rate.too_little)
        return not known, -line.rate.figure.estimate if known else 0.0, line.name.casefold()

    return sorted(lines, key=place)
