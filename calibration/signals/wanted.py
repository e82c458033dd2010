"""What a scan would raise: drops, errors of critical severity, and agents who are below the standard."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from calibration.models.signals import Signal
from calibration.queries.stream_columns import Met
from calibration.signals import rests_on, streams
from calibration.signals.grounds import LOOK_BACK
from calibration.signals.scanning import Seen
from calibration.signals.streams import Epoch, Raised
from qa.queries import tallied

#: States in which a signal may still be withdrawn; what people have ended stays as they left it.
ALIVE = ("raised", "owned", "acted_on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signal as the scan would raise it."""

    agent_id: int
    kind: str
    level: str
    epoch: int
    case: Met
    n: int
    errors: int
    evidence: dict[str, Any]
    shares: dict[str, float]
    lead_key: str | None = None

    @property
    def crossing(self) -> tuple[int, str, int, str, int]:
        """What makes it the same signal as one that is kept."""
        return self.agent_id, self.kind, self.epoch, self.level, self.case.case_id


def wanted(seen: Seen, kept: Iterable[Signal]) -> list[Wanted]:
    """All that a scan would raise, whether it is kept already or not."""
    disputed = frozenset(tallied.disputed().tolist())
    return [*_drops(seen, disputed), *_critical(seen), *_below(seen, kept)]


def _drops(seen: Seen, disputed: Collection[int]) -> list[Wanted]:
    epochs = {(replay.agent_id, epoch.no): epoch for replay in seen.replays for epoch in replay.epochs}
    return [
        _drop(replay.agent_id, one, epochs[replay.agent_id, one.epoch], seen, disputed)
        for replay in seen.replays
        for one in replay.raised
    ]


def _drop(agent_id: int, one: Raised, epoch: Epoch, seen: Seen, disputed: Collection[int]) -> Wanted:
    evidence = {
        "value": streams.evidence(one.log_evidence),
        "threshold": epoch.threshold,
        "target": epoch.target,
        "since": one.since.closed_at.isoformat(),
        "cases": list(one.error_ids),
        "disputed": sum(case_id in disputed for case_id in one.error_ids),
        "high_confidence": one.level == "act" and agent_id in seen.confident,
    }
    case = seen.ground.cases.one(one.case.case_id)
    shares = dict(one.shares)
    return Wanted(
        agent_id, "drop", one.level, one.epoch, case, one.n, len(one.error_ids), evidence, shares, one.lead_key
    )


def _critical(seen: Seen) -> list[Wanted]:
    return [
        Wanted(row.agent_id, "critical", "act", 0, row, 1, 1,
               {"cases": [row.case_id], "since": row.closed_at.isoformat(), "target": seen.target}, {}, row.play_key)
        for row in seen.critical
    ]  # fmt: skip


def _below(seen: Seen, kept: Iterable[Signal]) -> list[Wanted]:
    """Below standard is said once while it lasts; after somebody has ended it, not again within 13 weeks."""
    since = seen.as_of - LOOK_BACK
    said = {
        row.agent_id: row for row in kept
        if row.kind == "below_standard" and row.state != "withdrawn" and (row.state in ALIVE or row.crossed_at >= since)
    }  # fmt: skip
    found = []
    for agent_id, rate in seen.below.items():
        before = said.get(agent_id)
        if before is not None:  # as it was found
            found.append(
                Wanted(agent_id, "below_standard", "act", 0, _crossed(before), before.n, before.errors, {}, {})
            )
            continue
        mine = seen.ground.of_agent(agent_id, since)
        errors = mine.case[mine.right == 0].tolist()
        if not errors:
            continue
        evidence = {
            "cases": errors,
            "since": since.isoformat(),
            "target": seen.target,
            "estimate": rate.figure.estimate,
            "low": rate.figure.low,
            "high": rate.figure.high,
            "n_effective": rate.figure.n_effective,
            "level": seen.level,
            rests_on.KEY: rests_on.rows(seen.lately, agent_id),
        }
        n = int((mine.right >= 0).sum())
        found.append(Wanted(agent_id, "below_standard", "act", 0, mine.one(errors[-1]), n, len(errors), evidence, {}))
    return found


def _crossed(row: Signal) -> Met:
    """The case at which a kept signal crossed."""
    return Met(row.crossed_case_id, row.agent_id, row.crossed_at, 0, "", "", None)
