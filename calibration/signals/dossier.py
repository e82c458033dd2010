"""An accuracy alert as a page shows it: whose, how big, which clauses, whose matter, the errors, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calibration.queries import agents, alerts
from calibration.queries.agents import Agent
from calibration.queries.alerts import AlertRow, DoneRow, ErrorRow
from calibration.signals import aftermath
from calibration.signals.aftermath import Aftermath
from calibration.signals.scanning import LESSONS
from calibration.stats import drift
from calibration.stats.intervals import clopper_pearson
from qa.core import preferences, released
from qa.core.access import Actor
from qa.policies import queries as policy_queries
from qa.queries import grading

QUARTER_WEEKS = 13.0


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert in a list."""

    alert: AlertRow
    agent: Agent
    #: Name of the section that leads, where one does.
    lead: str | None


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One clause among the errors: whose matter it is, and by which counts."""

    key: str
    label: str
    own_errors: int
    others: int
    others_cases: int
    others_errors: int
    low: float
    high: float
    why: str | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All about one alert."""

    alert: AlertRow
    agent: Agent
    lead: str | None
    #: (section, share of the policy streams), the largest first.
    shares: Sequence[tuple[str, float]]
    matters: Sequence[MatterLine]
    #: Section key -> name, of what a deed can be about.
    clauses: Mapping[str, str]
    errors: Sequence[ErrorRow]
    done: Sequence[DoneRow]
    #: The error rate between its start and the crossing.
    low: float
    high: float
    must_open: bool
    #: Section key -> how pages call it, of all keys here.
    labels: Mapping[str, str]
    #: What is behind it, as somebody found.
    cause: str | None
    #: Address of a corrective action that is done -> the agent's cases since.
    aftermath: Mapping[str, Aftermath]

    @property
    def is_waiting(self) -> bool:
        """Whether somebody is still asked for."""
        return self.alert.state in alerts.WAITING

    @property
    def can_act(self) -> bool:
        """Whether something more can be done about it."""
        return self.alert.state in (*alerts.WAITING, "acted_on")


def lines(shown: Mapping[int, Agent], states: Sequence[str]) -> list[AlertLine]:
    """Alerts of the agents that are shown, by name within a day; never by size."""
    rows = alerts.listed(agent_ids=list(shown), states=states)
    labels = policy_queries.labels(sorted({row.lead_key for row in rows if row.lead_key}))
    found = [AlertLine(row, shown[row.agent_id], labels.get(row.lead_key or "")) for row in rows]
    return sorted(found, key=lambda line: (-line.alert.crossed_at.date().toordinal(), line.agent.name.casefold()))


def of(actor: Actor, public_id: str) -> Dossier:
    """The alert of this address, for those who look after its agent; NotFound for others."""
    mine = agents.led_by(actor)
    alert = alerts.one(public_id, mine)
    found: list[dict[str, Any]] = list(alert.evidence.get("matters", []))
    keys = sorted({*alert.shares, *(one["section"] for one in found), *([alert.lead_key] if alert.lead_key else [])})
    errors = alerts.errors(
        alert.evidence.get("cases", []), viewer_id=actor.id, must_open=actor.can_be_given_blind_tasks
    )
    keys += [key for row in errors for key in (row.decided_key, row.truth_key) if key]
    labels = policy_queries.labels(sorted(set(keys)))
    low, high = clopper_pearson(alert.errors, alert.n)
    done = alerts.done_about(public_id)
    return Dossier(
        alert,
        mine[alert.agent_id],
        labels.get(alert.lead_key or ""),
        [(labels[key], share) for key, share in alert.shares.items() if share >= 0.005],
        [_matter(one, labels) for one in found],
        {one["section"]: labels[one["section"]] for one in found} or {key: labels[key] for key in alert.shares},
        errors,
        done,
        low,
        high,
        actor.can_be_given_blind_tasks,
        labels,
        dict(grading.reasons("root_cause")).get(alert.cause or ""),
        _aftermath(actor, alert.agent_id, done),
    )


def _aftermath(actor: Actor, agent_id: int, done: Sequence[DoneRow]) -> dict[str, Aftermath]:
    """The cases since each lesson; who may be given blind tasks is told as of the last release hour."""
    known_at = released.known_at(actor)
    return {
        row.public_id: aftermath.since(agent_id, row.section_keys, row.done_at, known_at=known_at)
        for row in done
        if row.kind in LESSONS and row.done_at is not None and row.state in ("done", "checked")
    }


def matters(alert: AlertRow) -> list[MatterLine]:
    """Whose matter each clause among an alert's errors is."""
    found: list[dict[str, Any]] = list(alert.evidence.get("matters", []))
    labels = policy_queries.labels(sorted({one["section"] for one in found}))
    return [_matter(one, labels) for one in found]


def expected_false_alarms(agents_watched: int) -> float:
    """At most so many alerts a quarter, on average, while nothing is wrong with anybody."""
    return drift.expected_false_alarms(agents_watched, QUARTER_WEEKS, float(preferences.get("detector_years")))


def _matter(one: Mapping[str, Any], labels: Mapping[str, str]) -> MatterLine:
    low, high = clopper_pearson(one["errors"], one["cases"])
    return MatterLine(
        one["section"], labels[one["section"]], one["own_errors"], one["others"], one["cases"], one["errors"], low,
        high, one["why"],
    )  # fmt: skip
