"""What alerts were made from, for the evidence pack: epochs with their frozen baselines, and every case they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from calibration.signals import scanning, streams
from calibration.signals.grounds import stream_in
from calibration.signals.streams import Replay, Rules
from calibration.signals.watched import Ground
from qa.core import clock, preferences
from qa.core.db import db, remembered
from qa.core.packing import table
from qa.core.registries import PackPart, PersonCode
from qa.models.cases import ClosedCase

_EPOCHS = (
    "agent", "epoch", "level", "opened_at", "cause", "target", "planned_per_week", "years", "watch", "threshold",
    "baseline",
)  # fmt: skip
_CASES = ("agent", "epoch", "case", "policy", "tier", "closed_at", "wrong", "expected", "log_evidence")
_CROSSINGS = ("agent", "epoch", "level", "case", "since", "n", "errors", "lead_key", "shares", "log_evidence")


@dataclass(frozen=True, slots=True)
class _Streams:
    """All agents' streams as they read now, under the epochs that were frozen."""

    level: str
    rules: Rules
    replays: Sequence[Replay]


def _streams() -> _Streams:
    return remembered("evidence of streams", _read)


def _read() -> _Streams:
    now, level = clock.now(), preferences.get("headline_level")
    rules = Rules(
        float(preferences.get("target_accuracy")), float(preferences.get("detector_watch")),
        float(preferences.get("detector_years")),
    )  # fmt: skip
    ground, frozen, resets = Ground(level, now, None), scanning.frozen(), scanning.resets()
    replays = [
        streams.replay(
            agent_id, stream_in(own), ground.teams, rules, as_of=now, resets=resets.get(agent_id, ()),
            frozen=frozen.get(agent_id), with_steps=True,
        )
        for agent_id, own in ground.by_agent()
    ]  # fmt: skip
    return _Streams(level, rules, replays)


def addresses(cases: Iterable[int]) -> dict[int, str]:
    """Inside number of each of *cases* -> what it is called in the pack."""
    wanted = sorted(set(cases))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 5_000):
        rows = db.session.execute(
            select(ClosedCase.id, ClosedCase.public_id).where(ClosedCase.id.in_(wanted[start : start + 5_000]))
        )
        found |= {row.id: row.public_id for row in rows}
    return found


def _of_streams() -> dict[int, str]:
    """The same of all cases that streams read."""
    return addresses(step.case.case_id for one in _streams().replays for step in one.steps)


def _epochs(code: PersonCode) -> Iterator[Sequence[object]]:
    seen = _streams()
    for one in seen.replays:
        for epoch in one.epochs:
            yield (
                code(one.agent_id), epoch.no, seen.level, epoch.opened_at, epoch.cause, epoch.target,
                epoch.planned_per_week, seen.rules.years, seen.rules.watch, epoch.threshold, dict(epoch.baseline),
            )  # fmt: skip


def _cases(code: PersonCode) -> Iterator[Sequence[object]]:
    called = _of_streams()
    for one in _streams().replays:
        for step in one.steps:
            case = step.case
            yield (
                code(one.agent_id), step.epoch, called[case.case_id], case.play_key, case.tier, case.closed_at,
                bool(case.wrong), step.baseline, step.log_evidence,
            )  # fmt: skip


def _crossings(code: PersonCode) -> Iterator[Sequence[object]]:
    called = _of_streams()
    for one in _streams().replays:
        for found in one.raised:
            yield (
                code(one.agent_id), found.epoch, found.level, called[found.case.case_id], called[found.since.case_id],
                found.n, len(found.error_ids), found.lead_key, dict(found.shares), found.log_evidence,
            )  # fmt: skip


def parts() -> list[PackPart]:
    """The files of streams."""
    return [
        table("epochs.csv", "agents' epochs, and the baselines that were frozen when they opened", _EPOCHS, _epochs),
        table("streams.csv", "settled cases as alerts read them, in order, with the evidence after each", _CASES,
              _cases),
        table("crossings.csv", "where the evidence first reached a level, as it reads now", _CROSSINGS, _crossings),
    ]  # fmt: skip
