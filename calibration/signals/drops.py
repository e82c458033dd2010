"""The evidence of a drop of one agent over the weeks: how strong it was, when it most likely began, when it crossed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from calibration.signals import scanning, streams
from calibration.signals.grounds import stream_in
from calibration.signals.streams import Raised, Replay, Rules, Step
from calibration.signals.watched import Ground
from calibration.stats.onset import onset
from qa.core import clock, preferences

#: Weeks that a page shows.
WEEKS = 26


@dataclass(frozen=True, slots=True)
class Week:
    """A week of one agent's stream. *share*: the strongest evidence, 1 where an alert comes; None without a case."""

    monday: date
    share: float | None
    n: int
    errors: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The last weeks, and of the newest drop among them when it most likely began and when it first crossed."""

    weeks: Sequence[Week]
    began: date | None
    crossed: date | None


def trend(agent_id: int) -> Trend | None:
    """The evidence of an agent's last weeks, as it reads now; None while no epoch is open."""
    now, level = clock.now(), preferences.get("headline_level")
    rules = Rules(
        float(preferences.get("target_accuracy")), float(preferences.get("detector_watch")),
        float(preferences.get("detector_years")),
    )  # fmt: skip
    ground = Ground(level, now, {agent_id})
    found = streams.replay(
        agent_id, stream_in(ground.cases), ground.teams, rules, as_of=now, with_steps=True,
        resets=scanning.resets().get(agent_id, ()), frozen=scanning.frozen([agent_id]).get(agent_id),
    )  # fmt: skip
    if not found.steps:
        return None
    limits = {epoch.no: float(np.log(epoch.threshold)) for epoch in found.epochs}
    first = max(_monday(now.date()) - timedelta(weeks=WEEKS - 1), _monday(found.steps[0].case.closed_at.date()))
    act = _first_act(found, first)
    return Trend(
        _weeks(found.steps, limits, first, _monday(now.date())),
        None if act is None else _began(found.steps, act),
        None if act is None else act.case.closed_at.date(),
    )


def _weeks(steps: Sequence[Step], limits: Mapping[int, float], first: date, last: date) -> list[Week]:
    met: dict[date, list[Step]] = {}
    for step in steps:
        met.setdefault(_monday(step.case.closed_at.date()), []).append(step)
    found = []
    for turn in range((last - first).days // 7 + 1):
        monday = first + timedelta(weeks=turn)
        mine = met.get(monday, [])
        shares = [max(step.log_evidence, 0.0) / limits[step.epoch] for step in mine]
        found.append(Week(monday, max(shares, default=None), len(mine), sum(bool(step.case.wrong) for step in mine)))
    return found


def _first_act(found: Replay, first: date) -> Raised | None:
    """The first of the newest run of acts: one after another without a training between is one drop that goes on."""
    acts = [one for one in found.raised if one.level == "act" and one.case.closed_at.date() >= first]
    causes = {epoch.no: epoch.cause for epoch in found.epochs}
    while len(acts) > 1 and causes[acts[-1].epoch] == "act" and acts[-2].epoch == acts[-1].epoch - 1:
        acts.pop()
    return acts[-1] if acts else None


def _began(steps: Sequence[Step], act: Raised) -> date | None:
    """When the drop most likely began: in the section that leads it, where one does."""
    mine = [
        step for step in steps
        if step.epoch == act.epoch and step.case.place <= act.case.place
        and (act.lead_key is None or step.case.play_key == act.lead_key)
    ]  # fmt: skip
    at = onset(np.array([float(bool(step.case.wrong)) for step in mine]), np.array([step.baseline for step in mine]))
    return None if at is None else mine[at].case.closed_at.date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
