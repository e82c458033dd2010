"""How many cases of each stratum a plan takes: its size in one of three ways, shared out by the pure allocation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any

from qa.core.errors import Refused
from qa.draws import apart
from qa.draws.frames import Frame
from qa.models.plans import PlanVersion
from qa.sampling.allocation import allocate, least_size
from qa.sampling.frame import stratum_key, values_of
from qa.sampling.preview import effective_size
from qa.sampling.rates import UNKNOWN
from qa.sampling.sizes import cases_for_half_width

WEEK = timedelta(days=7)
_ASKED_FOR = re.compile(r"asked for by signal [0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Design:
    """What sizes are made of besides the rule and the frame, as it was known before the draw; stored with it."""

    #: Kind of case (a stratum without its agent) -> expected share of errors; empty: no history yet.
    rates: dict[str, float] = field(default_factory=dict)
    #: Agent -> by what their share is multiplied, where that is not 1.
    factors: dict[str, float] = field(default_factory=dict)
    #: Agent -> policy in play -> the same for these cases of theirs.
    closer: dict[str, dict[str, float]] = field(default_factory=dict)
    #: Agent (or agent and policy) -> why.
    reasons: dict[str, str] = field(default_factory=dict)
    #: Share of right decisions that a precision is planned for.
    expected: float = 1 - UNKNOWN
    #: The model behind the column `risk`, where the plan speaks of it.
    model: str | None = None

    @property
    def changed(self) -> list[tuple[str, float, str]]:
        """(whose cases, by what their share is multiplied, why)."""
        every = [(agent, factor, self._why(agent)) for agent, factor in self.factors.items()]
        some = [(agent, section, factor) for agent, own in self.closer.items() for section, factor in own.items()]
        return every + [
            (f"{agent} in {section}", factor, self._why(stratum_key([agent, section])))
            for agent, section, factor in some
        ]

    def _why(self, key: str) -> str:
        """The reasons in words, each once: the stored address of what asked for it means nothing to a reader."""
        said = [_ASKED_FOR.sub("asked for by an accuracy alert", one) for one in self.reasons.get(key, "").split(", ")]
        return ", ".join(dict.fromkeys(one for one in said if one))

    def as_stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self)


def sizes(version: PlanVersion, frame: Frame, design: Design) -> dict[str, int]:
    """Stratum -> cases to draw. Ties between strata go by their order in *frame*."""
    held = apart.together(version, frame.sizes)
    rates = stratum_rates(version, list(held), design)
    if "per_agent_week" in version.sizing:
        each = ceil(version.sizing["per_agent_week"] * weeks(frame))
        groups = by_agent(version, held)
        base: dict[str, int] = {}
        for own in groups.values():
            base |= _shared(version, own, each, rates)
    elif version.sizing.get("of") == "agent":
        base = {}
        for own in by_agent(version, held).values():
            base |= _precise(version, own, rates, design)
    elif "half_width" in version.sizing:
        base = _precise(version, held, rates, design)
    else:
        base = _shared(version, held, int(version.sizing["size"]), rates)
    if not design.factors and not design.closer:
        return base
    return _scaled(version, frame.sizes, apart.shared_out(version, frame.sizes, base), design)


def stratum_rates(version: PlanVersion, strata: list[str], design: Design) -> dict[str, float]:
    """Stratum -> expected share of errors: that of its kind, else the whole's, else what is usual."""
    usual = sum(design.rates.values()) / len(design.rates) if design.rates else 1 - design.expected
    return {key: design.rates.get(kind_of(version, key), usual) for key in strata}


def kind_of(version: PlanVersion, key: str) -> str:
    """A stratum's key without its agent: rates of errors are never split by person."""
    return "|".join(part for name, part in zip(version.strata, values_of(key), strict=False) if name != "agent")


def by_agent(version: PlanVersion, held: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Agent -> the own strata with their cases. Raises Refused where the plan is not split by agent."""
    if "agent" not in version.strata:
        raise Refused("A plan that gives each agent a number of cases needs agent among its strata.")
    place = list(version.strata).index("agent")
    groups: dict[str, dict[str, int]] = {}
    for key, count in held.items():
        groups.setdefault(values_of(key)[place], {})[key] = count
    return groups


def _shared(version: PlanVersion, held: dict[str, int], wanted: int, rates: dict[str, float]) -> dict[str, int]:
    """The strata in their order, which settles ties even where an agent is called otherwise since."""
    floor = version.min_per_stratum
    size = max(wanted, least_size(held, floor))
    places = {f"{place:08}": key for place, key in enumerate(held)}
    counts, expected = ({place: of[key] for place, key in places.items()} for of in (held, rates))
    found = allocate(counts, size, floor=floor, method=version.allocation, rates=expected)
    return {places[place]: count for place, count in found.items()}


def _precise(version: PlanVersion, held: dict[str, int], rates: dict[str, float], design: Design) -> dict[str, int]:
    """The smallest allocation that is worth as many cases as the wanted precision takes; all cases where none is."""
    needed = cases_for_half_width(version.sizing["half_width"], expected=design.expected)
    low, high = 0, sum(held.values())
    while low < high:
        middle = (low + high) // 2
        worth = effective_size(held, _shared(version, held, middle, rates))
        low, high = (low, middle) if worth is not None and worth >= needed else (middle + 1, high)
    return _shared(version, held, low, rates)


def _scaled(version: PlanVersion, held: dict[str, int], base: dict[str, int], design: Design) -> dict[str, int]:
    """The same with the shares of some agents, and of some of their policies, multiplied; the floors stay."""
    found, rates = dict(base), stratum_rates(version, list(held), design)
    for agent, own in by_agent(version, held).items():
        factor = design.factors.get(agent, 1.0)
        if factor != 1.0:
            found |= _multiplied(version, own, base, factor, rates)
        for section, factor in design.closer.get(agent, {}).items():
            there = {key: count for key, count in own.items() if apart.policy_of(version, key) == section}
            found |= _multiplied(version, there, found, factor, rates)
    return found


def _multiplied(
    version: PlanVersion, held: dict[str, int], base: Mapping[str, int], factor: float, rates: dict[str, float]
) -> dict[str, int]:
    return _shared(version, held, ceil(factor * sum(base[key] for key in held) - 1e-9), rates) if held else {}


def weeks(frame: Frame) -> int:
    """Whole weeks that the window stands for, at least one: of framed time, or of the cases' own closing at first."""
    start = frame.window_from or frame.first_closed_at
    return 1 if start is None else max(1, round((frame.window_to - start) / WEEK))
