"""Agents compared on one mix of cases: each one's share right if everybody had the same policies and tiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibration.stats.estimate import FEWEST_CASES, WIDEST
from calibration.stats.ratings import FloatArray
from calibration.stats.standardised import Standardised, direct
from calibration.tallied import CELL, Figures, distinct

#: Below this part of the mix a figure would be about other cases than everybody else's.
LEAST_COVERED = 0.8


@dataclass(frozen=True, slots=True)
class SameMix:
    """Settled and right cases of each agent by cell (policy in play x tier), and the weight of each cell in the mix."""

    place: Mapping[int, int]
    settled: FloatArray
    right: FloatArray
    mix: FloatArray

    def of(self, agent: int) -> Standardised | None:
        """The agent's figure on the mix of all; None where too few cases, or too little of the mix, say anything."""
        at = self.place.get(agent)
        if at is None or not self.mix.sum() > 0 or self.settled[at].sum() < FEWEST_CASES:
            return None
        found = direct(self.right[at], self.settled[at], self.mix)
        too_wide = not found.high - found.low <= WIDEST
        return None if found.covered < LEAST_COVERED or too_wide else found


def same_mix(seen: Figures) -> SameMix:
    """The counts of all agents in the cases that *seen* is about."""
    inside = seen.inside
    drawn, right = seen.drawn.only(inside), seen.cases.right[inside]
    settled = drawn.settled
    cells, cell = distinct(drawn.column("play") * CELL + drawn.column("tier"))
    agents, agent = distinct(drawn.column("agent"))
    key, size = agent * cells.size + cell, agents.size * cells.size
    shape = (agents.size, cells.size)
    return SameMix(
        {number: place for place, number in enumerate(agents.tolist())},
        np.bincount(key[settled], minlength=size).reshape(shape).astype(np.float64),
        np.bincount(key[settled & right], minlength=size).reshape(shape).astype(np.float64),
        np.bincount(cell, weights=1 / drawn.chance, minlength=cells.size),
    )
