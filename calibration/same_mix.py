"""Agents compared on one mix of cases: each one's share right if everybody had the same policies and tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.stats.domains import BoolArray
from calibration.stats.estimate import FEWEST_CASES, WIDEST
from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.standardised import Standardised, direct
from calibration.tallied import CELL, Figures, distinct
from qa.queries.tallied import Tallied

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


@dataclass(frozen=True, slots=True)
class Mix:
    """Settled and right cases [agents, cells] and the weight of each cell [cells], of some drawn cases."""

    agents: IntArray
    cells: IntArray
    settled: FloatArray
    right: FloatArray
    weight: FloatArray


def same_mix(seen: Figures) -> SameMix:
    """The counts of all agents in the cases that *seen* is about."""
    inside = seen.inside
    return together([mix_of(seen.drawn.only(inside), seen.cases.right[inside])])


def mix_of(drawn: Tallied, right: BoolArray) -> Mix:
    """The counts of drawn cases, of which these are right."""
    settled = drawn.settled
    cells, cell = distinct(drawn.column("play") * CELL + drawn.column("tier"))
    agents, agent = distinct(drawn.column("agent"))
    key, size = agent * cells.size + cell, agents.size * cells.size
    shape = (agents.size, cells.size)
    return Mix(
        agents,
        cells,
        np.bincount(key[settled], minlength=size).reshape(shape).astype(np.float64),
        np.bincount(key[settled & right], minlength=size).reshape(shape).astype(np.float64),
        np.bincount(cell, weights=1 / drawn.chance, minlength=cells.size),
    )


def together(mixes: Sequence[Mix]) -> SameMix:
    """The counts of several sets of drawn cases."""
    agents, agent = distinct(np.concatenate([np.zeros(0, dtype=np.int64), *(mix.agents for mix in mixes)]))
    cells, cell = distinct(np.concatenate([np.zeros(0, dtype=np.int64), *(mix.cells for mix in mixes)]))
    settled, right = np.zeros((agents.size, cells.size)), np.zeros((agents.size, cells.size))
    weight, row, column = np.zeros(cells.size), 0, 0
    for mix in mixes:
        rows, columns = agent[row : row + mix.agents.size], cell[column : column + mix.cells.size]
        # Most draws hold all agents and cells: these are added as they stand, in a tenth of the time.
        here = ... if mix.settled.shape == settled.shape else np.ix_(rows, columns)
        settled[here] += mix.settled
        right[here] += mix.right
        weight[columns] += mix.weight
        row, column = row + mix.agents.size, column + mix.cells.size
    places = {number: place for place, number in enumerate(agents.tolist())}
    return SameMix(places, settled, right, weight)
