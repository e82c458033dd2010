"""What the page of all figures shows: one reading of the roll-ups, narrowed and split in several ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from calibration import sentences, summing, tallied
from calibration.accuracy import Rate
from calibration.harm.sums import ALL
from calibration.periods import FILTERS, SPLITS, Period
from calibration.queries import agents
from calibration.queries.agents import Agent
from calibration.same_mix import SameMix
from calibration.stats.estimate import cases_needed
from calibration.stats.harm import Share
from calibration.summing import Summed
from calibration.tallied import CELL
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.policies import queries as policy_queries

#: Splits by two things at once.
PAIRS = {"cell": ("policy", "locale"), "team_policy": ("team", "policy")}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a page: a name, where it leads to, and its figure."""

    name: str
    rate: Rate
    public_id: str = ""
    #: What narrows a page to this row.
    only: Mapping[str, str] = field(default_factory=dict)
    #: When a figure can be expected, while there is none.
    expected_on: date | None = None
    #: Inside number of an agent, for `SameMix.of`.
    agent_id: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """Errors apart, at the level of the verdict: of what was enforced, and of what was left alone."""

    name: str
    enforced: Rate | None
    left_alone: Rate | None
    #: Harm per case, where errors are weighted and a figure can be given.
    harm: Share | None = None
    #: What narrows a page to this row.
    only: Mapping[str, str] = field(default_factory=dict)


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
    #: Over- and under-enforcement of all together, and by policy where the split is by errors.
    wrong: Sequence[Wrong]
    #: Filter -> (value, how pages call it) of what the period holds.
    choices: Mapping[str, Sequence[tuple[str, str]]]
    #: Cases of draws that are still in progress, left out.
    left_out: int
    #: When the last case that counts was closed.
    newest: datetime | None
    #: Whether the agents are so few that the page begins with teams and policies.
    is_small: bool
    #: Whether errors are weighted by harm.
    is_weighted: bool
    #: Agents on one mix of cases, by inside number.
    same_mix: SameMix


def overview(actor: Actor, asked: Period, by: str | None = None) -> Overview:
    """Figures of a period, those of persons only of agents that *actor* may see.

    Not told by what else to split, a desk with few agents is split by team and policy, any other by policy.
    """
    target = float(preferences.get("target_accuracy"))
    shown = agents.shown_to(actor)
    is_small = 0 < len(shown) < int(preferences.get("small_team"))
    split = by if by in SPLITS else "team_policy" if is_small else "policy"
    seen = summing.summed(asked, split)
    names = Names(seen, asked)
    return Overview(
        period=asked,
        target=target,
        total=seen.total,
        agents=_by_agent(seen, shown, target, asked),
        split=sorted((names.line(split, number, rate) for number, rate in seen.split.items()), key=by_value),
        by=split,
        wrong=_wrong(seen, names),
        choices={name: names.choices(name) for name in FILTERS},
        left_out=seen.left_out,
        newest=seen.newest,
        is_small=is_small,
        is_weighted=bool(seen.harm),
        same_mix=seen.same_mix,
    )


def of_all(asked: Period) -> tuple[Rate | None, float]:
    """The figure of all agents together, and the target."""
    return summing.summed(asked, "policy").total, float(preferences.get("target_accuracy"))


class Names:
    """How pages call what a period holds."""

    def __init__(self, seen: Summed, asked: Period) -> None:
        self.words, self.numbers, self.teams = seen.words, seen.numbers, agents.teams()
        self.asked = asked
        keys = [self.words[number] for number in self.numbers["policy"]]
        self.policies: Mapping[str, str] = policy_queries.labels(keys)

    def value(self, name: str, number: int) -> str:
        """What an address says for this slice."""
        return self.teams.get(number, "") if name == "team" else self.words.get(number, "")

    def label(self, name: str, value: str) -> str:
        """What a page says for it."""
        return self.policies.get(value, value) if name == "policy" else value.replace("_", " ") or "–"

    def choices(self, name: str) -> list[tuple[str, str]]:
        """All of one filter, by how pages call them."""
        values = [value for number in self.numbers[name] if (value := self.value(name, number))]
        return sorted(((value, self.label(name, value)) for value in values), key=lambda one: one[1].casefold())

    def line(self, name: str, number: int, rate: Rate) -> Line:
        """One row of a split."""
        if name in PAIRS:
            parts = [self.line(part, at, rate) for part, at in zip(PAIRS[name], divmod(number, CELL), strict=True)]
            only = {key: value for part in parts for key, value in part.only.items()}
            return Line(" · ".join(part.name for part in parts), tallied.named(rate, **only), only=only,
                        expected_on=expected_on(rate, self.asked))  # fmt: skip
        value = self.value(name, number)
        only = {name: value} if name in FILTERS else {}
        return Line(self.label(name, value), tallied.named(rate, **{name: value}), only=only,
                    expected_on=expected_on(rate, self.asked))  # fmt: skip


def expected_on(rate: Rate, asked: Period) -> date | None:
    """When there will be cases enough for a figure, if they go on coming like in the period; None while there are."""
    found = rate.figure
    if rate.in_progress:
        return None
    come = found.n + found.open
    return sentences.expected_on(found.n, come / asked.weeks, clock.now().date(), needed=cases_needed(found))


def _by_agent(seen: Summed, shown: Mapping[int, Agent], target: float, asked: Period) -> list[Line]:
    """Persons, never sorted by value: those surely under the target first, then by name."""
    lines = [
        Line(
            agent.name, tallied.named(rate, agent=agent.external_id), agent.public_id,
            expected_on=expected_on(rate, asked), agent_id=key,
        )
        for key, agent in shown.items()
        if (rate := seen.agents.get(key)) is not None
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.rate.says(target) != "under", line.name.casefold()))


def _wrong(seen: Summed, names: Names) -> list[Wrong]:
    """Errors apart: all together, and then by policy, the one that enforces wrongly most often first."""
    whole, parts = seen.wrong, seen.wrong_by_policy
    policies = {number: names.value("policy", number) for number in {number >> 1 for number in parts}}
    lines = [
        Wrong(
            names.label("policy", key), parts.get(2 * number + 1), parts.get(2 * number), seen.harm.get(number),
            {"policy": key},
        )
        for number, key in policies.items()
    ]  # fmt: skip
    together = [Wrong("All together", whole.get(1), whole.get(0), seen.harm.get(ALL))] if whole else []
    return together + sorted(lines, key=lambda line: (_known_share(line.enforced), line.name.casefold()))


def _known_share(rate: Rate | None) -> float:
    return 2.0 if rate is None or rate.in_progress or rate.too_little else rate.figure.estimate


def by_value(line: Line) -> tuple[bool, float, str]:
    """The key by which clauses are sorted, the largest first and those without a figure last; never persons."""
    known = not (line.rate.in_progress or line.rate.too_little)
    return not known, -line.rate.figure.estimate if known else 0.0, line.name.casefold()
