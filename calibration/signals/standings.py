"""Where an open epoch stands after its last case: all that the next one needs, so that no earlier case is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.queries.stream_columns import ticks
from calibration.signals.grounds import StreamCase
from calibration.stats.mixture import NOTHING, State

#: U and A of a stream, as `calibration.stats.mixture` has them.
Sums = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """An epoch after its last case, without an act so far."""

    #: Microseconds since 1970, number and inside number of the last case that was read.
    place: tuple[int, int, int]
    #: Of the last case: another one's opens an epoch.
    team: str
    #: The evidence at which to watch, and whether it was reached.
    watch: float
    is_watched: bool
    pooled: Sums
    #: By the policy in play.
    by_policy: Mapping[str, Sums]

    def state(self, keys: Sequence[str]) -> State:
        """The streams, the policies' in the order of *keys*."""
        return State(np.array(self.pooled), np.array([self.by_policy.get(key, NOTHING) for key in keys]))

    def as_json(self) -> dict[str, Any]:
        """As a row keeps it; doubles survive being written and read."""
        return {
            "place": list(self.place), "team": self.team, "watch": self.watch, "is_watched": self.is_watched,
            "pooled": _written(self.pooled), "by_policy": {key: _written(one) for key, one in self.by_policy.items()},
        }  # fmt: skip


def after(case: StreamCase, watch: float, is_watched: bool, keys: Sequence[str], state: State) -> Standing:
    """The standing after *case*, with the policies' streams in the order of *keys*."""
    by_policy = {key: _sums(one) for key, one in zip(keys, state.by_policy, strict=True)}
    place = ticks(case.closed_at), case.number, case.case_id
    return Standing(place, case.team, watch, is_watched, _sums(state.pooled), by_policy)


def from_json(kept: Mapping[str, Any]) -> Standing | None:
    """The standing that a row keeps; None where it keeps none."""
    if not kept:
        return None
    closed, number, case_id = kept["place"]
    return Standing(
        (closed, number, case_id), kept["team"], kept["watch"], kept["is_watched"], _read(kept["pooled"]),
        {key: _read(one) for key, one in kept["by_policy"].items()},
    )  # fmt: skip


def _sums(one: Any) -> Sums:
    upto, best = one.tolist()
    return tuple(upto), tuple(best)


def _written(one: Sums) -> list[list[float]]:
    return [list(part) for part in one]


def _read(one: Sequence[Sequence[float]]) -> Sums:
    return tuple(one[0]), tuple(one[1])
