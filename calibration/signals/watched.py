"""What a scan reads: the drawn cases of the agents that it looks at, and of others where a baseline asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property

import numpy as np

from calibration.queries.stream_columns import Columns, columns, of_cases, ticks
from calibration.signals.grounds import Team, team_in
from qa.models.cases import ClosedCase

#: From so many agents on everybody's cases are read: that costs less than as many look-ups.
MANY = 300


class Ground:
    """Drawn cases up to a moment; *agents* None: of everybody."""

    def __init__(self, level: str, as_of: datetime, agents: Collection[int] | None) -> None:
        self.level, self.as_of, self.agents = level, as_of, agents

    @cached_property
    def cases(self) -> Columns:
        """The cases of the agents that are looked at."""
        if self.agents is None or len(self.agents) > MANY:
            every = self._every
            return every if self.agents is None else every.at(np.isin(every.agent, list(self.agents)))
        return columns(self.level, self.as_of, of_cases(ClosedCase.agent_id.in_(sorted(self.agents))))

    @cached_property
    def _every(self) -> Columns:
        return columns(self.level, self.as_of)

    @property
    def _has_every(self) -> bool:
        return self.agents is None or "_every" in self.__dict__

    @cached_property
    def teams(self) -> Mapping[str, Team]:
        """Teams by their number as a text, each read when it is asked for."""
        return _Teams(self)

    def by_agent(self) -> Iterator[tuple[int, Columns]]:
        """Each agent's cases, in order of inside numbers."""
        return by_agent(self.cases)

    @cached_property
    def _of_agents(self) -> Mapping[int, Columns]:
        return dict(by_agent(self._every))

    def since(self, moment: datetime) -> Columns:
        """Everybody's cases that were closed from then on."""
        if self._has_every:
            return self._every.at(slice(int(np.searchsorted(self._every.closed, ticks(moment))), None))
        return columns(self.level, self.as_of, ClosedCase.closed_at >= moment)

    def of_agent(self, agent_id: int, since: datetime) -> Columns:
        """The cases of one agent, looked at or not, that were closed from then on."""
        if self._has_every:
            mine = self._of_agents.get(agent_id, self._every.at(slice(0, 0)))
            return mine.at(slice(int(np.searchsorted(mine.closed, ticks(since))), None))
        mine = ClosedCase.agent_id == agent_id, ClosedCase.closed_at >= since
        return columns(self.level, self.as_of, of_cases(*mine))

    def of_team(self, name: str) -> Columns:
        """The cases of one team, of whoever was in it when they were closed."""
        if self._has_every:
            return self._every.at(self._every.team == int(name))
        return columns(self.level, self.as_of, ClosedCase.agent_team_id == (int(name) or None))


def by_agent(cases: Columns) -> Iterator[tuple[int, Columns]]:
    """Each agent's cases in their order, in order of inside numbers."""
    order = np.argsort(cases.agent, kind="stable")
    agents, starts = np.unique(cases.agent[order], return_index=True)
    ends = [*starts[1:].tolist(), order.size] if agents.size else []
    for agent, start, end in zip(agents.tolist(), starts.tolist(), ends, strict=True):
        yield agent, cases.at(order[start:end])


class _Teams(Mapping[str, Team]):
    def __init__(self, ground: Ground) -> None:
        self.ground, self.known = ground, dict[str, Team]()

    def __getitem__(self, name: str) -> Team:
        if name not in self.known:
            self.known[name] = team_in(self.ground.of_team(name))
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
