"""The ground that a stream stands on: drawn cases in order, and the baseline that a team's weeks give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from calibration.stats import baseline as reference

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
class Team:
    """The drawn cases of one team in order, as the ground that baselines are measured on."""

    cases: Sequence[StreamCase]

    @property
    def began(self) -> datetime | None:
        """When the team's first settled case was closed."""
        return next((case.closed_at for case in self.cases if case.wrong is not None), None)

    def window(self, until: datetime) -> list[StreamCase]:
        """Its drawn cases of the 13 weeks before *until*."""
        return [case for case in self.cases if until - LOOK_BACK <= case.closed_at < until]


def team_of(cases: Iterable[StreamCase]) -> Team:
    """A team from its cases."""
    return Team(sorted(cases, key=lambda case: case.place))


def measured(agent_id: int, team: Team, at: datetime, target: float) -> tuple[float, dict[str, float]]:
    """Planned cases a week and the baseline, from the 13 weeks of the team before *at*."""
    window = team.window(at)
    first = window[0].closed_at if window else at - WARM_UP
    weeks = max((at - max(first, at - LOOK_BACK)) / timedelta(weeks=1), 1.0)
    own = [case for case in window if case.agent_id == agent_id]
    drawn = len(own) or len(window) / max(len({case.agent_id for case in window}), 1)
    return max(drawn / weeks, 1.0), _baseline(agent_id, [case for case in window if case.wrong is not None], target)


def _baseline(agent_id: int, settled: Sequence[StreamCase], target: float) -> dict[str, float]:
    """Error rate by cell, and that of any other cell."""
    if not settled:
        return {ELSEWHERE: 1 - target}
    cells = sorted({case.cell for case in settled}) + [ELSEWHERE]
    place = {cell: number for number, cell in enumerate(cells)}
    met, wrong, own = np.zeros(len(cells)), np.zeros(len(cells)), np.zeros(len(cells))
    observed = 0
    for case in settled:
        met[place[case.cell]] += 1
        wrong[place[case.cell]] += bool(case.wrong)
        if case.agent_id == agent_id:
            own[place[case.cell]] += 1
            observed += bool(case.wrong)
    rates = reference.team_rates(wrong, met)
    levels = reference.baseline(rates, target=target, observed=observed, expected=float(rates @ own))
    return {cell: float(level) for cell, level in zip(cells, levels, strict=True)}
