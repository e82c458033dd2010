"""What stands out on the page of accuracy: who has really dropped, by an alert, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calibration.overview import Line
from calibration.queries import agents, alerts
from calibration.signals import dossier, drops
from calibration.signals.dossier import MatterLine
from calibration.signals.drops import Trend
from qa.core.access import Actor


@dataclass(frozen=True, slots=True)
class StandOut:
    """Open alerts of a drop, and of the newest one its weeks and whose matter its clauses are."""

    dropped: int
    agent: str
    alert: str
    lead: str | None
    trend: Trend | None
    matters: Sequence[MatterLine]
    #: An agent who looks worse than the target, and whom nothing shows to be.
    not_shown: Line | None


def stand_out(actor: Actor, lines: Sequence[Line], target: float) -> StandOut | None:
    """What stands out among the agents that *actor* leads; None where nobody dropped.

    Who may be given blind tasks is not told here, where an answer would move with every settlement.
    """
    if actor.can_be_given_blind_tasks or not actor.has("manager", "admin"):
        return None
    led = agents.led_by(actor)
    found = dossier.lines(led, (*alerts.WAITING, *alerts.UNDER_WAY))
    drop = [line for line in found if line.alert.kind == "drop" and line.alert.level == "act"]
    if not drop:
        return None
    newest = drop[0]
    names = {line.agent.public_id for line in drop}
    return StandOut(
        len({line.agent.id for line in drop}), newest.agent.name, newest.alert.public_id, newest.lead,
        drops.trend(newest.agent.id), dossier.matters(newest.alert),
        _not_shown([line for line in lines if line.public_id not in names], target),
    )  # fmt: skip


def _not_shown(others: Sequence[Line], target: float) -> Line | None:
    """Who of the others lies furthest under the target with an interval that reaches it."""
    known = [
        line for line in others
        if not (line.rate.in_progress or line.rate.too_little)
        and line.rate.figure.estimate < target <= line.rate.figure.high
    ]  # fmt: skip
    return min(known, key=lambda line: line.rate.figure.estimate, default=None)
