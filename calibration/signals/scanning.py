"""Looking for drops over everything that is graded: reads only. What is found is kept by `signals.raising`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select

from calibration import tallied
from calibration.accuracy import Rate
from calibration.models.signals import CorrectiveAction, Signal, Stream
from calibration.queries import changed
from calibration.queries.stream_columns import Columns, Met, ticks
from calibration.signals import carrying, clauses, standings, streams
from calibration.signals.clauses import Matter, Settled
from calibration.signals.grounds import LOOK_BACK, stream_in
from calibration.signals.streams import Epoch, Replay, Rules
from calibration.signals.watched import Ground
from calibration.stats.drift import high_confidence
from calibration.tallied import Figures
from qa.core import clock, preferences
from qa.core.db import db

#: Corrective actions after which a person starts afresh.
LESSONS = ("module", "coaching")
#: Of alarms that pass this against all agents at once, the expected share of false ones within a year of some
#: 15 cases a week is at most 1 whatever they are, and small where some are real: high confidence.
CONFIDENT = 780.0
#: After so long everybody is looked at anew, and the clauses that everybody misreads are asked about.
FULL_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scan saw: the same settled cases give the same."""

    as_of: datetime
    level: str
    target: float
    agents: int
    years: float
    replays: tuple[Replay, ...]
    #: Open epochs that went on since the last scan, where later cases alone have changed, by agent.
    carried: Mapping[int, Epoch]
    ground: Ground
    #: Whether it looked at everybody, or only where something has changed since the last scan.
    is_full: bool
    #: Whether it looked as of now: later scans go on from here.
    is_now: bool
    #: The last 13 weeks' figures, and the agents whose whole interval of them lies under the target.
    lately: Figures
    below: Mapping[int, Rate]
    #: Errors in cases of critical severity, of the last 13 weeks.
    critical: tuple[Met, ...]
    misread: tuple[Matter, ...]
    #: Agents whose evidence stands against all agents at once.
    confident: frozenset[int]

    def recent(self, before: datetime | None = None) -> Settled:
        """The settled cases of everybody, from 13 weeks before that moment (before the scan) on."""
        return Settled(self.ground.since((before or self.as_of) - LOOK_BACK))


def look(as_of: datetime | None = None, *, afresh: bool = False, only_changed: bool = False) -> Seen:
    """Replay agents' streams up to *as_of* (now).

    *afresh*: with today's settings, as if no epoch was open yet. *only_changed*: only of agents about whom something
    has changed since the last scan, where there was one lately; others stand as they stood.
    """
    now = clock.now()
    end = as_of or now
    level, target = preferences.get("headline_level"), float(preferences.get("target_accuracy"))
    rules = Rules(target, float(preferences.get("detector_watch")), float(preferences.get("detector_years")))
    mark = changed.last_scan(level, now - FULL_EVERY) if only_changed and as_of is None and not afresh else None
    changes = None if mark is None else changed.agents_since(mark, now, patience=streams.PATIENCE)
    kept = {} if afresh else frozen(changes)
    begun = resets()
    caught_up = carrying.catch_up(level, changes or {}, kept, rules, as_of=end, resets=begun)
    agents = None if changes is None else changes.keys() - caught_up.epochs.keys()
    ground = Ground(level, end, agents)
    replays = _replays(ground, rules, end, kept, begun)
    since = end - LOOK_BACK
    lately, _ = tallied.figures(level, since=since, until=end + timedelta(seconds=1))
    return Seen(
        as_of=end, level=level, target=target, agents=_watched(replays, agents), years=rules.years, replays=replays,
        carried={agent_id: epoch for agent_id, epoch in caught_up.epochs.items()
                 if epoch is not kept[agent_id][epoch.no]},
        ground=ground, is_full=agents is None, is_now=as_of is None,
        lately=lately, below=_below(lately, target, _said(replays, since, agents)),
        critical=(*_critical(ground.cases, since), *(_critical(caught_up.cases, since) if caught_up.cases else ())),
        misread=() if agents is not None else tuple(
            clauses.misread_by_everybody(Settled(ground.since(since)), target=target)
        ),
        confident=_confident(replays, caught_up.epochs, since),
    )  # fmt: skip


def _replays(
    ground: Ground,
    rules: Rules,
    end: datetime,
    kept: Mapping[int, Mapping[int, Epoch]],
    begun: Mapping[int, Sequence[datetime]],
) -> tuple[Replay, ...]:
    """Each agent's whole stream anew."""
    return tuple(
        streams.replay(
            agent_id, stream_in(own), ground.teams, rules, as_of=end, resets=begun.get(agent_id, ()),
            frozen=kept.get(agent_id),
        )
        for agent_id, own in ground.by_agent()
    )  # fmt: skip


def frozen(agents: Collection[int] | None = None) -> dict[int, dict[int, Epoch]]:
    """The epochs that were opened before, of some agents or of all, by agent and number."""
    found: dict[int, dict[int, Epoch]] = defaultdict(dict)
    kept = select(
        Stream.agent_id, Stream.epoch, Stream.opened_at, Stream.cause, Stream.target, Stream.planned_per_week,
        Stream.threshold, Stream.baseline, Stream.frontier_case_id, Stream.values, Stream.standing,
    )  # fmt: skip
    if agents is not None:
        kept = kept.where(Stream.agent_id.in_(sorted(agents)))
    for agent_id, *epoch, values, standing in db.session.execute(kept):
        found[agent_id][epoch[0]] = Epoch(*epoch, (values or {}).get("log_evidence"), standings.from_json(standing))
    return found


def resets() -> dict[int, list[datetime]]:
    """When somebody's training or coaching was done, by agent."""
    found: dict[int, list[datetime]] = defaultdict(list)
    query = (
        select(Signal.agent_id, CorrectiveAction.done_at)
        .join(Signal, Signal.id == CorrectiveAction.signal_id)
        .where(CorrectiveAction.kind.in_(LESSONS), CorrectiveAction.done_at.is_not(None))
    )
    for agent_id, done_at in db.session.execute(query.order_by(CorrectiveAction.done_at)):
        found[agent_id].append(done_at)
    return found


def _watched(replays: Collection[Replay], agents: Collection[int] | None) -> int:
    """How many agents have a stream."""
    seen = {one.agent_id for one in replays}
    return len(seen if agents is None else seen | set(db.session.scalars(select(Stream.agent_id).distinct())))


def _said(replays: Collection[Replay], since: datetime, agents: Collection[int] | None) -> set[int]:
    """Agents of whom an act says already, from then on, that they got worse."""
    found = {
        one.agent_id for one in replays for raised in one.raised
        if raised.level == "act" and raised.case.closed_at >= since
    }  # fmt: skip
    if agents is None:
        return found
    acts = select(Signal.agent_id).where(Signal.kind == "drop", Signal.level == "act", Signal.state != "withdrawn")
    return found | (set(db.session.scalars(acts.where(Signal.crossed_at >= since))) - set(agents))


def _below(lately: Figures, target: float, said: Collection[int]) -> dict[int, Rate]:
    """Who is under the target with the whole interval over the last 13 weeks, without an act that says so already."""
    rates = lately.by("agent")
    return {agent: rate for agent, rate in sorted(rates.items()) if rate.says(target) == "under" and agent not in said}


def _critical(cases: Columns, since: datetime) -> tuple[Met, ...]:
    """Errors of critical severity: each one is a signal of its own."""
    wrong = cases.critical & (cases.right == 0) & (cases.closed >= ticks(since))
    return tuple(cases.met(wrong))


def _confident(replays: Collection[Replay], carried: Mapping[int, Epoch], since: datetime) -> frozenset[int]:
    """Agents whose evidence passes against that of all agents, as it stands or as it stood at a recent act."""
    evidence: dict[int, float] = {}
    latest = select(Stream.agent_id, Stream.values).order_by(Stream.agent_id, Stream.epoch)
    for agent_id, values in db.session.execute(latest):
        evidence[agent_id] = (values or {}).get("log_evidence") or 0.0
    for agent_id, epoch in carried.items():
        evidence[agent_id] = epoch.log_evidence or 0.0
    for agent_id, log_evidence in _acts(since):
        evidence[agent_id] = max(evidence.get(agent_id, 0.0), log_evidence)
    for one in replays:
        stands = one.epochs[-1].log_evidence if one.epochs else None
        acts = [raised.log_evidence for raised in one.raised if raised.level == "act"
                and raised.case.closed_at >= since]  # fmt: skip
        evidence[one.agent_id] = max([stands or 0.0, *acts])
    agents = sorted(evidence)
    passing = high_confidence(np.array([evidence[agent] for agent in agents]), CONFIDENT)
    return frozenset(agent for agent, passes in zip(agents, passing.tolist(), strict=True) if passes)


def _acts(since: datetime) -> Iterator[tuple[int, float]]:
    """(agent, the evidence's logarithm) of the acts that were raised from then on and stand."""
    acts = select(Signal.agent_id, Signal.evidence).where(Signal.kind == "drop", Signal.level == "act")
    acts = acts.where(Signal.crossed_at >= since, Signal.state != "withdrawn", Signal.agent_id.is_not(None))
    for agent_id, evidence in db.session.execute(acts):
        yield agent_id, math.log(evidence["value"]) if evidence.get("value") else streams.MOST_LOG
