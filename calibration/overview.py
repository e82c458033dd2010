"""What the page of all figures shows: one reading of the roll-ups, narrowed and split in several ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from calibration import summing, tallied
from calibration.accuracy import Rate
from calibration.periods import FILTERS, SPLITS, Period
from calibration.queries import agents
from calibration.queries.agents import Agent
from calibration.summing import Summed
from calibration.tallied import CELL
from qa import policy_queries
from qa.core import preferences
from qa.core.access import Actor


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
    #: Over- and under-enforcement of all together, and by policy where the split is by errors.
    wrong: Sequence[Wrong]
    #: Filter -> (value, how pages call it) of what the period holds.
    choices: Mapping[str, Sequence[tuple[str, str]]]
    #: Cases of draws that are still in progress, left out.
    left_out: int


def overview(actor: Actor, asked: Period, by: str = "policy") -> Overview:
    """Figures of a period, those of persons only of agents that *actor* may see."""
    target = float(preferences.get("target_accuracy"))
    split = by if by in SPLITS else "policy"
    seen = summing.summed(asked, split)
    names = Names(seen)
    return Overview(
        period=asked,
        target=target,
        total=seen.total,
        agents=_by_agent(seen.agents, agents.shown_to(actor), target),
        split=sorted((names.line(split, number, rate) for number, rate in seen.split.items()), key=by_value),
        by=split,
        wrong=_wrong(seen, names),
        choices={name: names.choices(name) for name in FILTERS},
        left_out=seen.left_out,
    )


def of_all(asked: Period) -> tuple[Rate | None, float]:
    """The figure of all agents together, and the target."""
    return summing.summed(asked, "policy").total, float(preferences.get("target_accuracy"))


class Names:
    """How pages call what a period holds."""

    def __init__(self, seen: Summed) -> None:
        self.words, self.numbers, self.teams = seen.words, seen.numbers, agents.teams()
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
        if name == "cell":
            policy, locale = self.line("policy", number // CELL, rate), self.line("locale", number % CELL, rate)
            both = tallied.named(rate, policy=policy.only["policy"], locale=locale.only["locale"])
            return Line(f"{policy.name} · {locale.name}", both, only={**policy.only, **locale.only})
        value = self.value(name, number)
        only = {name: value} if name in FILTERS else {}
        return Line(self.label(name, value), tallied.named(rate, **{name: value}), only=only)


def _by_agent(rates: Mapping[int, Rate], shown: Mapping[int, Agent], target: float) -> list[Line]:
    """Persons, never sorted by value: those surely under the target first, then by name."""
    lines = [
        Line(agent.name, tallied.named(rates[key], agent=agent.external_id), agent.public_id)
        for key, agent in shown.items()
        if key in rates
    ]
    return sorted(lines, key=lambda line: (line.rate.says(target) != "under", line.name.casefold()))


def _wrong(seen: Summed, names: Names) -> list[Wrong]:
    """Errors apart: all together, and then by policy, the one that enforces wrongly most often first."""
    whole, parts = seen.wrong, seen.wrong_by_policy
    lines = [
        Wrong(names.label("policy", names.value("policy", number)), parts.get(2 * number + 1), parts.get(2 * number))
        for number in {number >> 1 for number in parts}
    ]
    together = [Wrong("All together", whole.get(1), whole.get(0))] if whole else []
    return together + sorted(lines, key=lambda line: (_known_share(line.enforced), line.name.casefold()))


def _known_share(rate: Rate | None) -> float:
    return 2.0 if rate is None or rate.in_progress or rate.too_little else rate.figure.estimate


def by_value(line: Line) -> tuple[bool, float, str]:
    """The key by which clauses are sorted, the largest first and those without a figure last; never persons."""
    known = not (line.rate.in_progress or line.rate.too_little)
    return not known, -line.rate.figure.estimate if known else 0.0, line.name.casefold()
