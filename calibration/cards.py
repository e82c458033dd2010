"""What the home shows of this room: alerts that wait for a manager, an agent's own figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from calibration import dossier, overview, sentences
from calibration.dossier import AlertLine
from calibration.queries import agents, alerts
from qa.core.access import Actor


@dataclass(frozen=True, slots=True)
class AlertsCard:
    """Alerts that wait, and how many agents are watched."""

    waiting: Sequence[AlertLine]
    watched: int
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnCard:
    """An agent's own figure in one sentence."""

    said: str
    expected_on: date | None


def alerts_card(person: Actor) -> AlertsCard:
    """The alerts of the agents that a manager looks after."""
    found = dossier.lines(agents.led_by(person), alerts.WAITING)
    acts = [line for line in found if line.alert.level == "act"]
    return AlertsCard(acts, len(found) - len(acts), sentences.KINDS)


def own_card(person: Actor) -> OwnCard:
    """The agent's own figure of the last 13 weeks."""
    mine = overview.own(agents.may_open(person, person.public_id), overview.period(), for_themselves=True)
    return OwnCard(sentences.figure(mine.total, mine.target), mine.expected_on)
