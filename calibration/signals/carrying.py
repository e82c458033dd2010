"""Carrying agents' streams on from where the last scan left them, where only later cases have changed.

What cannot be carried on is replayed from its cases: a change before the last case that was read, another team, a
lesson, an evidence that reaches a limit. So a stream carried on a hundred times stands as one replay lets it stand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import and_, or_

from calibration.queries.stream_columns import Columns, columns, moment_of, of_cases, ticks
from calibration.signals import standings, streams
from calibration.signals.grounds import StreamCase, stream_in
from calibration.signals.standings import Standing
from calibration.signals.streams import Epoch, Rules
from calibration.signals.watched import by_agent
from calibration.stats.mixture import log_ratios, traces
from qa.models.cases import ClosedCase

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The epochs that could be carried on, by agent, and the cases behind those that were read before."""

    epochs: Mapping[int, Epoch]
    cases: Columns | None = None


def catch_up(
    level: str,
    changes: Mapping[int, datetime],
    kept: Mapping[int, Mapping[int, Epoch]],
    rules: Rules,
    *,
    as_of: datetime,
    resets: Mapping[int, Sequence[datetime]],
) -> CaughtUp:
    """Carry on the streams of whoever changed in later cases alone.

    *changes*: when the first case that changed was closed, by agent. *kept*: the agents' epochs by number.
    """
    known = {
        agent_id: epoch for agent_id, first in changes.items()
        if (epoch := _open_epoch(kept.get(agent_id, {}), rules, resets.get(agent_id, ()))) is not None
        and epoch.standing is not None and epoch.standing.place[0] < ticks(first)
    }  # fmt: skip
    places = {agent_id: epoch.standing.place for agent_id, epoch in known.items() if epoch.standing is not None}
    if not places:
        return CaughtUp({})
    later = _later(level, as_of, places)
    own = dict(by_agent(later))
    found = {}
    for agent_id, epoch in known.items():
        stands = carry_on(epoch, stream_in(own[agent_id]) if agent_id in own else [], as_of=as_of)
        if stands is not None:
            found[agent_id] = stands
    return CaughtUp(found, later)


def _open_epoch(kept: Mapping[int, Epoch], rules: Rules, resets: Sequence[datetime]) -> Epoch | None:
    """The latest epoch, where nothing but cases has to do with how it goes on."""
    epoch = kept[max(kept)] if kept else None
    if epoch is None or epoch.standing is None or any(at > epoch.opened_at for at in resets):
        return None
    return epoch if epoch.standing.watch == min(rules.watch, epoch.threshold) else None


def _later(level: str, as_of: datetime, places: Mapping[int, tuple[int, int, int]]) -> Columns:
    """The drawn cases of these agents behind their places.

    Most stand at the same day, some wait for an open case since weeks: each day's agents are asked for from there on.
    """
    by_day: dict[int, list[int]] = {}
    for agent_id, (closed, _, _) in places.items():
        by_day.setdefault(closed // _DAY, []).append(agent_id)
    behind = or_(*(
        and_(ClosedCase.agent_id.in_(own), ClosedCase.closed_at >= moment_of(min(places[one][0] for one in own)))
        for _, own in sorted(by_day.items())
    ))  # fmt: skip
    found = columns(level, as_of, of_cases(behind))
    closed, number, case = (
        np.array([places[agent][part] for agent in found.agent.tolist()], dtype=np.int64) for part in range(3)
    )
    at_once = found.closed == closed
    tied = at_once & (found.number == number)
    return found.at((found.closed > closed) | (at_once & (found.number > number)) | (tied & (found.case > case)))


def carry_on(epoch: Epoch, later: Sequence[StreamCase], *, as_of: datetime) -> Epoch | None:
    """The epoch after those of its agent's cases that lie behind its last one; None where it must be replayed.

    *later*: all of the agent's drawn cases behind the last one that was read, in any order.
    """
    before = epoch.standing
    if before is None:
        return None
    read = streams.readable(later, as_of)
    if not read:
        return epoch
    if any(case.team != before.team for case in read):
        return None
    keys = sorted({*before.by_policy, *(case.play_key for case in read)})
    number = {key: place for place, key in enumerate(keys)}
    wrong = np.array([bool(case.wrong) for case in read], dtype=np.float64)
    ratios = log_ratios(wrong, np.array([streams.expected(epoch, case) for case in read]))
    policy = np.array([number[case.play_key] for case in read], dtype=np.int64)
    evidence, _, state = traces(policy, ratios, len(keys), before.state(keys))
    if evidence.max() >= math.log(_next_limit(before, epoch)):
        return None
    last = read[-1]
    standing = standings.after(last, before.watch, before.is_watched, keys, state)
    return replace(epoch, frontier_case_id=last.case_id, log_evidence=float(evidence[-1]), standing=standing)


def _next_limit(before: Standing, epoch: Epoch) -> float:
    """The evidence at which something would be raised that was not raised before."""
    return epoch.threshold if before.is_watched else before.watch
