"""Harm per case, all together and by policy in play: errors on the verdict, weighted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.harm.weights import Weights
from calibration.stats.domains import BoolArray
from calibration.stats.harm import Share, weighted_sum
from calibration.tallied import CELL, Figures, distinct

#: The key of all policies together; words are numbered from 1 on.
ALL = 0


def harm(verdicts: Figures, weights: Weights) -> Mapping[int, Share]:
    """Harm per case by the number of the policy in play, and of `ALL`; only where a figure can be given."""
    if not weights.is_set or not len(verdicts.drawn):
        return {}
    drawn = verdicts.drawn
    cells, place = distinct(drawn.column("play") * CELL + drawn.column("tier"))
    pairs = np.array([
        weights.of(drawn.words.get(cell // CELL, ""), drawn.words.get(cell % CELL, "")) for cell in cells.tolist()
    ]).reshape(-1, 2)  # fmt: skip
    wrong = drawn.settled & (drawn.level("verdict") == 1)
    cost = np.where(wrong, np.where(drawn.column("enforced") != 0, pairs[place, 0], pairs[place, 1]), 0.0)
    shares: dict[int, list[tuple[float, Share]]] = {}
    for value in np.unique(pairs[pairs > 0]).tolist():
        for number, share in _shares(verdicts, cost == value).items():
            if number == ALL or value in pairs[cells // CELL == number]:
                shares.setdefault(number, []).append((value, share))
    return {number: _sum(some) for number, some in shares.items()}


def _shares(verdicts: Figures, counts: BoolArray) -> dict[int, Share]:
    """The share of all cases, and of those of each policy, that count; none where no figure can be given."""
    seen = verdicts.counting(counts)
    rates = seen.by("policy") | ({ALL: seen.total} if seen.total is not None else {})
    return {
        number: Share(rate.figure.estimate, rate.figure.low, rate.figure.high)
        for number, rate in rates.items()
        if not (rate.in_progress or rate.too_little)
    }


def _sum(some: list[tuple[float, Share]]) -> Share:
    return weighted_sum([share for _, share in some], [value for value, _ in some])
