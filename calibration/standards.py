"""Below standard: agents whose whole interval lies under the target, whatever their past; a list beside the drops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration import overview
from calibration.overview import Line
from calibration.periods import Period
from calibration.queries import agents, alerts
from qa.core.access import Actor

#: Chance that the whole 95% interval of somebody who is just at the target lies under it.
BY_CHANCE = 0.025


@dataclass(frozen=True, slots=True)
class Below:
    """One agent, and the address of the open alert about it, if there is one."""

    line: Line
    alert: str | None


@dataclass(frozen=True, slots=True)
class Standard:
    """The list, and what chance alone would put on it."""

    period: Period
    target: float
    below: Sequence[Below]
    #: Agents with a figure, and those that have too few cases or are in progress.
    known: int
    unknown: int

    @property
    def by_chance(self) -> float:
        """At most so many of the known ones would stand here if all of them were just at the target."""
        return self.known * BY_CHANCE


def standard(actor: Actor, asked: Period) -> Standard:
    """The agents that *actor* may see whose whole interval is under the target, by name."""
    seen = overview.overview(actor, asked)
    known = [line for line in seen.agents if not (line.rate.in_progress or line.rate.too_little)]
    said = _alerts(actor)
    below = [Below(line, said.get(line.public_id)) for line in known if line.rate.says(seen.target) == "under"]
    return Standard(asked, seen.target, below, len(known), len(seen.agents) - len(known))


def _alerts(actor: Actor) -> Mapping[str, str]:
    """Address of an agent -> that of the open alert that the agent is below standard."""
    led = agents.led_by(actor)
    rows = alerts.listed(agent_ids=list(led), states=(*alerts.WAITING, *alerts.UNDER_WAY))
    return {led[row.agent_id].public_id: row.public_id for row in rows if row.kind == "below_standard"}
