"""What every figure of one agreement report shares: the ratings, how near labels are, and how intervals are made."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.stats.agreement_interval import Figure, Policy, figure
from calibration.stats.clustered import cluster_table, clustered
from calibration.stats.patterns import Patterns
from calibration.stats.ratings import FloatArray, IntArray, Ratings
from calibration.stats.statistic import Statistic

Json = dict[str, object]


def or_null(number: float) -> float | None:
    """The number as JSON has it: undefined is null."""
    return None if np.isnan(number) else float(number)


@dataclass(frozen=True, slots=True)
class Setting:
    """One report's ratings (of each rater's first round) and how its figures are made.

    *patterns* are the ratings' and *row* [unit_count] which of them each unit shows; *values* are the categories'
    numbers or None; *cluster* [unit_count] names the cluster of each unit, None when units came one by one.
    """

    ratings: Ratings
    patterns: Patterns
    row: IntArray
    level: str
    values: FloatArray | None
    weights: FloatArray
    policy: Policy
    cluster: IntArray | None

    @property
    def pairable_row(self) -> IntArray:
        """Which pairable pattern each unit shows [unit_count]; -1 for a unit with one rating or none."""
        paired = self.patterns.sizes >= 2
        rank = np.where(paired, np.cumsum(paired) - 1, -1)
        return np.where(self.row >= 0, rank[self.row], -1) if rank.size else self.row

    @property
    def rated_row(self) -> IntArray:
        """The place of each rated unit among the rated ones [unit_count]; -1 for the others."""
        rated = self.row >= 0
        return np.where(rated, np.cumsum(rated) - 1, -1)

    def figure(self, statistic: Statistic, row: IntArray, at: Callable[[Patterns], float]) -> Figure:
        """The figure with its interval; *row* says which row of the statistic each unit is in."""
        made = statistic
        if self.cluster is not None and statistic.reason is None:
            made = clustered(statistic, cluster_table(row, self.cluster, statistic.units.size))
        return figure(made, self.policy, self.patterns, at)
