"""The ground that a stream stands on: drawn cases in order, and the baseline that a team's weeks give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from calibration.queries.stream_columns import BoolArray, Columns, IntArray, moment_of, ticks
from calibration.stats import baseline as reference
from calibration.stats.ratings import FloatArray

#: Of the team's grades, before the first epoch opens.
WARM_UP = timedelta(weeks=4)
#: Of settled cases that a baseline is measured on.
LOOK_BACK = timedelta(weeks=13)
#: The cell that nobody has met before has the team's overall rate.
ELSEWHERE = "*"


@dataclass(frozen=True, slots=True)
class StreamCase:
    """A drawn case as a stream sees it. *wrong* is None until it is settled on the headline level."""

    case_id: int
    agent_id: int
    team: str
    play_key: str
    tier: str
    closed_at: datetime
    number: int
    drawn_at: datetime
    is_open: bool
    wrong: bool | None

    @property
    def cell(self) -> str:
        """The cell of the baseline that the case belongs to."""
        return f"{self.play_key}|{self.tier}"

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where the case stands in its stream."""
        return self.closed_at, self.number, self.case_id


@dataclass(frozen=True, slots=True)
class _Window:
    """What the cases between two places of a team come to, by cell."""

    agents: int
    #: Cells that were met, by name, and the team's rate in each; the last one is that of any other cell.
    met: Sequence[int]
    rates: FloatArray


@dataclass(frozen=True)
class Team:
    """The drawn cases of one team in order, as the ground that baselines are measured on.

    *closed* and *drawn* are microseconds since 1970, *cell* places in *cells*, *wrong* is -1 until it is settled.
    """

    closed: IntArray
    drawn: IntArray
    agent: IntArray
    cell: IntArray
    wrong: IntArray
    open: BoolArray
    cells: Sequence[str]

    @cached_property
    def _own(self) -> Mapping[int, IntArray]:
        """Agent -> the places of the own cases."""
        order = np.argsort(self.agent, kind="stable")
        agents, starts = np.unique(self.agent[order], return_index=True)
        return dict(zip(agents.tolist(), np.split(order, starts[1:]), strict=True)) if agents.size else {}

    @cached_property
    def _known(self) -> dict[tuple[int, int], _Window]:
        return {}

    def _window(self, first: int, after: int) -> _Window:
        """Counts between two places; most agents of a team ask for the same."""
        if (first, after) not in self._known:
            cell, wrong, size = self.cell[first:after], self.wrong[first:after], len(self.cells)
            met, failed = (np.bincount(cell[some], minlength=size) for some in (wrong >= 0, wrong == 1))
            names = sorted(np.flatnonzero(met).tolist(), key=self.cells.__getitem__)
            rates = reference.team_rates(_of_cells(failed, names), _of_cells(met, names)) if names else np.zeros(0)
            self._known[first, after] = _Window(np.unique(self.agent[first:after]).size, names, rates)
        return self._known[first, after]

    @cached_property
    def began(self) -> datetime | None:
        """When the team's first settled case was closed."""
        settled = np.flatnonzero(self.wrong >= 0)
        return moment_of(int(self.closed[settled[0]])) if settled.size else None

    def waits(self, until: datetime, drawn_since: datetime) -> bool:
        """Whether a case closed before *until* and drawn at *drawn_since* or later is still open."""
        waiting = self.open[: self._upto(until)] & (self.drawn[: self._upto(until)] >= ticks(drawn_since))
        return bool(waiting.any())

    def _upto(self, until: datetime) -> int:
        return int(np.searchsorted(self.closed, ticks(until)))

    def measured(self, agent_id: int, at: datetime, target: float) -> tuple[float, dict[str, float]]:
        """Planned cases a week and the baseline, from the 13 weeks of the team before *at*."""
        first, after = self._upto(at - LOOK_BACK), self._upto(at)
        window, own = self._window(first, after), self._own.get(agent_id, np.zeros(0, dtype=np.int64))
        own = own[(own >= first) & (own < after)]
        began = moment_of(int(self.closed[first])) if after > first else at - WARM_UP
        weeks = max((at - max(began, at - LOOK_BACK)) / timedelta(weeks=1), 1.0)
        drawn = own.size or (after - first) / max(window.agents, 1)
        return max(drawn / weeks, 1.0), self._baseline(window, own, target)

    def _baseline(self, window: _Window, own: IntArray, target: float) -> dict[str, float]:
        """Error rate by cell, and that of any other cell."""
        if not window.met:
            return {ELSEWHERE: 1 - target}
        cell, wrong = self.cell[own], self.wrong[own]
        mine = _of_cells(np.bincount(cell[wrong >= 0], minlength=len(self.cells)), window.met)
        observed = int((wrong == 1).sum())
        levels = reference.baseline(window.rates, target=target, observed=observed, expected=float(window.rates @ mine))
        return dict(zip([*(self.cells[name] for name in window.met), ELSEWHERE], levels.tolist(), strict=True))


def _of_cells(counts: IntArray, names: Sequence[int]) -> FloatArray:
    """The counts of these cells, and none of any other."""
    return np.append(counts[list(names)], 0).astype(np.float64)


def team_of(cases: Iterable[StreamCase]) -> Team:
    """A team from its cases."""
    ordered = sorted(cases, key=lambda case: case.place)
    cells = {name: code for code, name in enumerate(dict.fromkeys(case.cell for case in ordered))}
    return Team(
        np.array([ticks(case.closed_at) for case in ordered], dtype=np.int64),
        np.array([ticks(case.drawn_at) for case in ordered], dtype=np.int64),
        np.array([case.agent_id for case in ordered], dtype=np.int64),
        np.array([cells[case.cell] for case in ordered], dtype=np.int64),
        np.array([-1 if case.wrong is None else int(case.wrong) for case in ordered], dtype=np.int64),
        np.array([case.is_open for case in ordered], dtype=bool),
        tuple(cells),
    )


def team_in(some: Columns) -> Team:
    """A team from its cases as columns."""
    pairs, cell = np.unique(some.play * len(some.words) + some.tier, return_inverse=True)
    names = [f"{some.words[pair // len(some.words)]}|{some.words[pair % len(some.words)]}" for pair in pairs.tolist()]
    wrong = np.where(some.right < 0, -1, 1 - some.right)
    return Team(some.closed, some.drawn, some.agent, cell.astype(np.int64), wrong, some.open, names)


def stream_in(some: Columns) -> list[StreamCase]:
    """An agent's cases as columns, one by one."""
    words = some.words
    rows = zip(
        some.case.tolist(), some.agent.tolist(), some.team.tolist(), some.play.tolist(), some.tier.tolist(),
        some.closed.tolist(), some.number.tolist(), some.drawn.tolist(), some.open.tolist(), some.right.tolist(),
        strict=True,
    )  # fmt: skip
    return [
        StreamCase(case_id, agent, str(team), words[play], words[tier], moment_of(closed), number, moment_of(drawn),
                   is_open, None if right < 0 else not right)
        for case_id, agent, team, play, tier, closed, number, drawn, is_open, right in rows
    ]  # fmt: skip
