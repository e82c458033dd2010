"""What the home shows of this room: a manager's open alerts, an agent's own figure, an observer's of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from calibration import overview, owning, periods, sentences
from calibration.queries import agents, alerts
from calibration.queries.alerts import DueRow
from calibration.signals import dossier
from calibration.signals.dossier import AlertLine
from qa.core import clock, released
from qa.core.access import Actor


@dataclass(frozen=True, slots=True)
class AlertsCard:
    """Alerts that wait, those that something is being done about, and how many agents are watched."""

    waiting: Sequence[AlertLine]
    under_way: Sequence[AlertLine]
    watched: int
    kinds: Mapping[str, str]
    #: What should be done by now, or be looked at, with the agent's name.
    due: Sequence[tuple[DueRow, str]]


@dataclass(frozen=True, slots=True)
class OwnCard:
    """An agent's own figure in one sentence."""

    said: str
    expected_on: date | None


def alerts_card(person: Actor) -> AlertsCard:
    """The alerts of the agents that a manager looks after."""
    led = agents.led_by(person)
    found = dossier.lines(led, (*alerts.WAITING, *alerts.UNDER_WAY))
    acts = [line for line in found if line.alert.level == "act"]
    waiting = [line for line in acts if line.alert.state in alerts.WAITING]
    under_way = [line for line in acts if line.alert.state in alerts.UNDER_WAY]
    due = [(row, led[row.agent_id].name) for row in alerts.due(list(led), clock.now().date())]
    return AlertsCard(waiting, under_way, len(found) - len(acts), sentences.KINDS, due)


def own_card(person: Actor) -> OwnCard:
    """The agent's own figure of the last 13 weeks."""
    asked = periods.period(known_at=released.known_at(person))
    mine = owning.own(agents.may_open(person, person.public_id), asked, for_themselves=True)
    return OwnCard(sentences.figure(mine.total, mine.target), mine.expected_on)


def observer_card(person: Actor) -> str:
    """The figure of all agents together, in one sentence and without a name."""
    return sentences.figure(*overview.of_all(periods.period(known_at=released.known_at(person))))
