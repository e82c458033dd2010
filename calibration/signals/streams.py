"""An agent's stream of settled cases, cut into epochs, and the crossings that the detector finds in it.

Nothing here reads the database or the clock: the same cases and the same frozen epochs give the same crossings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from calibration.signals import standings
from calibration.signals.grounds import ELSEWHERE, WARM_UP, StreamCase, Team
from calibration.signals.standings import Standing
from calibration.stats.drift import Crossing, act_threshold, detect, leading

#: A case that is still open holds the stream up for so long after it was drawn; then it is passed over.
PATIENCE = timedelta(days=10)
#: Evidence is written down as its logarithm alone from here on.
MOST_LOG = 700.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a detector runs under: the target, and the evidence at which to watch and to act."""

    target: float = 0.95
    watch: float = 300.0
    years: float = 20.0


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of one agent's stream with its frozen baseline, and how it stands at the frontier."""

    no: int
    opened_at: datetime
    cause: str
    target: float
    planned_per_week: float
    threshold: float
    baseline: Mapping[str, float]
    #: Inside number of the last case that was read, and the evidence's logarithm there.
    frontier_case_id: int | None = None
    log_evidence: float | None = None
    #: What the next case needs, while there was no act.
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """The case at which an epoch's evidence crossed a level, with the errors that carried it there."""

    epoch: int
    level: str
    case: StreamCase
    since: StreamCase
    lead_key: str | None
    shares: Mapping[str, float]
    n: int
    error_ids: tuple[int, ...]
    log_evidence: float


@dataclass(frozen=True, slots=True)
class Step:
    """One case of an epoch, what was expected of it, and the evidence's logarithm after it."""

    epoch: int
    case: StreamCase
    baseline: float
    log_evidence: float


@dataclass(frozen=True, slots=True)
class Replay:
    """All epochs of an agent's stream and, of each, the furthest crossing."""

    agent_id: int
    epochs: tuple[Epoch, ...]
    raised: tuple[Raised, ...]
    #: The last case that was read; crossings behind it cannot be judged yet.
    frontier: StreamCase | None
    #: Where it was asked for: every case that was read in an epoch, with the evidence then.
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Opening:
    at: datetime
    cause: str


def readable(cases: Sequence[StreamCase], as_of: datetime) -> list[StreamCase]:
    """The settled cases up to the frontier: the first case that is still open and not drawn longer ago than `PATIENCE`.

    An open case that was drawn longer ago is passed over, and read in its place when it settles.
    """
    found = []
    for case in sorted(cases, key=lambda case: case.place):
        if case.is_open and as_of - case.drawn_at <= PATIENCE:
            break
        if case.wrong is not None:
            found.append(case)
    return found


def replay(
    agent_id: int,
    cases: Sequence[StreamCase],
    teams: Mapping[str, Team],
    rules: Rules,
    *,
    as_of: datetime,
    resets: Sequence[datetime] = (),
    frozen: Mapping[int, Epoch] | None = None,
    with_steps: bool = False,
) -> Replay:
    """Run an agent's whole stream.

    Parameters
    ----------
    cases : the agent's drawn cases, in any order
    teams : the teams' cases by name, the agent's among them
    rules : target, watch limit, years between false acts; only of epochs that are not frozen yet
    as_of : up to when; an open case's age is counted to here
    resets : moments at which a training ended
    frozen : epochs that were opened before, by number; used while their opening is still the same
    with_steps : keep every case with its evidence

    Returns
    -------
    Replay. An epoch that an act or a training opens keeps the baseline of the one before: the 13 weeks before it hold
    the drop itself, and would make it the new normal. A change of team measures anew.
    """
    stream = readable(cases, as_of)
    opening = _first(stream, teams, as_of, (frozen or {}).get(1))
    epochs: list[Epoch] = []
    raised: list[Raised] = []
    steps: list[Step] = []
    rest = [case for case in stream if opening is not None and case.closed_at >= opening.at]
    while opening is not None:
        before = epochs[-1] if epochs else None
        epoch = _epoch(len(epochs) + 1, opening, before, agent_id, stream, teams, rules, frozen or {})
        opening, until = _next(rest, opening.at, resets)
        inside = [case for case in rest if until is None or case.closed_at < until]
        epoch, found, evidence = _run(epoch, inside, rules)
        used = len(evidence)
        if with_steps:
            steps += [Step(epoch.no, case, expected(epoch, case), log_evidence)
                      for case, log_evidence in zip(inside, evidence, strict=False)]  # fmt: skip
        epochs = [replace(one, standing=None) for one in epochs] + [epoch]
        raised += [found] if found is not None else []
        rest = rest[used:]
        if found is not None and found.level == "act":
            opening = _Opening(found.case.closed_at, "act") if rest else None
        elif not rest:
            opening = None
    return Replay(agent_id, tuple(epochs), tuple(raised), stream[-1] if stream else None, tuple(steps))


def _first(
    stream: Sequence[StreamCase], teams: Mapping[str, Team], as_of: datetime, kept: Epoch | None
) -> _Opening | None:
    """The opening of the first epoch: four weeks after the team's first settled case, once those weeks are settled."""
    if kept is not None:
        return _Opening(kept.opened_at, kept.cause) if as_of >= kept.opened_at else None
    if not stream or (began := teams[stream[0].team].began) is None:
        return None
    at = max(began + WARM_UP, stream[0].closed_at)
    if as_of < at:
        return None
    waits = teams[stream[0].team].waits(at, as_of - PATIENCE)
    return None if waits else _Opening(at, "first")


def _next(
    rest: Sequence[StreamCase], since: datetime, resets: Sequence[datetime]
) -> tuple[_Opening | None, datetime | None]:
    """What ends the epoch from outside: a training, or another team; and when."""
    found = [_Opening(at, "training") for at in resets if at > since]
    moved = [late for early, late in zip(rest, rest[1:], strict=False) if late.team != early.team]
    found += [_Opening(case.closed_at, "role") for case in moved[:1]]
    first = min(found, key=lambda one: (one.at, one.cause), default=None)
    return first, first.at if first else None


def _epoch(
    no: int,
    opening: _Opening,
    before: Epoch | None,
    agent_id: int,
    stream: Sequence[StreamCase],
    teams: Mapping[str, Team],
    rules: Rules,
    frozen: Mapping[int, Epoch],
) -> Epoch:
    """The epoch as it was frozen, else as it opens now."""
    kept = frozen.get(no)
    if kept is not None and (kept.opened_at, kept.cause) == (opening.at, opening.cause):
        return kept
    if before is not None and opening.cause in ("act", "training"):
        planned, levels, target = before.planned_per_week, before.baseline, before.target
    else:
        team = next(case.team for case in stream if case.closed_at >= opening.at) if stream else ""
        planned, levels = teams[team].measured(agent_id, opening.at, rules.target)
        target = rules.target
    return Epoch(no, opening.at, opening.cause, target, planned, act_threshold(planned, rules.years), levels)


def expected(epoch: Epoch, case: StreamCase) -> float:
    """The error rate that an epoch's baseline gives for such a case."""
    return epoch.baseline.get(case.cell, epoch.baseline[ELSEWHERE])


def _run(epoch: Epoch, cases: Sequence[StreamCase], rules: Rules) -> tuple[Epoch, Raised | None, list[float]]:
    """The epoch up to its act or its end, its furthest crossing, and the evidence's logarithm after each case read."""
    if not cases:
        return epoch, None, []
    keys = sorted({case.play_key for case in cases})
    number = {key: place for place, key in enumerate(keys)}
    limit = min(rules.watch, epoch.threshold)
    run = detect(
        np.array([number[case.play_key] for case in cases], dtype=np.int64),
        np.array([bool(case.wrong) for case in cases], dtype=np.float64),
        np.array([expected(epoch, case) for case in cases]),
        policies=len(keys),
        act=epoch.threshold,
        watch=limit,
        stop_at_act=True,
    )
    last = cases[run.log_evidence.size - 1]
    standing = None
    if run.state is not None:
        standing = standings.after(last, limit, bool(run.crossings), keys, run.state)
    evidence = float(run.log_evidence[-1])
    stands = replace(epoch, frontier_case_id=last.case_id, log_evidence=evidence, standing=standing)
    return stands, _raised(epoch, run.crossings[-1], cases, keys) if run.crossings else None, run.log_evidence.tolist()


def _raised(epoch: Epoch, crossing: Crossing, cases: Sequence[StreamCase], keys: Sequence[str]) -> Raised:
    lead = leading(crossing.shares)
    inside = cases[crossing.start : crossing.at + 1]
    shares = {key: round(float(share), 6) for key, share in zip(keys, crossing.shares, strict=True) if share >= 5e-7}
    return Raised(
        epoch.no,
        crossing.level,
        cases[crossing.at],
        inside[0],
        None if lead is None else keys[lead],
        dict(sorted(shares.items(), key=lambda item: (-item[1], item[0]))),
        crossing.cases,
        tuple(case.case_id for case in inside if case.wrong),
        crossing.log_evidence,
    )


def evidence(log_evidence: float) -> float | None:
    """The evidence itself; None above the largest double."""
    return math.exp(log_evidence) if log_evidence < MOST_LOG else None
