"""One rater against oneself: the same unit labelled again in a later round."""

from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray, Ratings, sums
from calibration.stats.statistic import Statistic, spread
from calibration.stats.two_raters import cohen, cohen_kappa


@dataclass(frozen=True, slots=True)
class Repeats:
    """Two labels of one rater for one unit, the earlier round's and the later's; one row a pair."""

    unit: IntArray
    rater: IntArray
    earlier: IntArray
    later: IntArray
    raters: tuple[str, ...]
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.unit.size)

    @property
    def same(self) -> int:
        """Pairs with the same label."""
        return int((self.earlier == self.later).sum())


def repeats(ratings: Ratings) -> Repeats:
    """Every two rounds of one rater on one unit, in order of rounds."""
    order = np.lexsort((ratings.round, ratings.rater, ratings.unit))
    who = (ratings.unit * max(len(ratings.raters), 1) + ratings.rater)[order]
    most = int(np.unique(who, return_counts=True)[1].max(initial=0))
    first, second = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for lag in range(1, most):
        same = who[lag:] == who[:-lag]
        first.append(order[:-lag][same])
        second.append(order[lag:][same])
    early, late = np.concatenate(first), np.concatenate(second)
    return Repeats(
        ratings.unit[early],
        ratings.rater[early],
        ratings.label[early],
        ratings.label[late],
        ratings.raters,
        ratings.categories,
    )


def round_table(found: Repeats) -> FloatArray:
    """Pairs by the earlier label (rows) and the later one [q, q]."""
    q = len(found.categories)
    return np.bincount(found.earlier * q + found.later, minlength=q * q).reshape(q, q).astype(np.float64)


def _by_unit(found: Repeats, statistic: Statistic, pull: FloatArray) -> Statistic:
    """The figure with its standard error over units: a unit's pairs are summed first.

    *pull* [pairs] is each pair's influence, scaled to the number of pairs.
    """
    units, place = np.unique(found.unit, return_inverse=True)
    influence = sums(place, pull, units.size) * units.size / max(len(found), 1)
    ones = np.ones(units.size)
    none = np.zeros((units.size, 0))
    return Statistic(
        statistic.value, spread(influence, ones), none, ones, statistic.of_totals, influence, statistic.reason
    )


def same_label(found: Repeats) -> Statistic:
    """Share of pairs (a rater's earlier and later label of one unit) with the same label.

    Parameters
    ----------
    found : from `repeats`

    Returns
    -------
    Statistic in [0, 1], its standard error over units: a unit's pairs are summed first, as its raters met one unit.
    nan with a reason when nobody repeated a unit. An upper bound of self-consistency where the rater remembers.

    References
    ----------
    Abercrombie, Hovy & Prabhakaran 2023, Proceedings of LAW-XVII (agreement of annotators with themselves).
    """
    agree = (found.earlier == found.later).astype(np.float64)
    share = float(agree.mean()) if len(found) else float("nan")
    reason = None if len(found) else "no rater labelled a unit in two rounds"
    whole = Statistic(share, np.nan, np.zeros((0, 0)), agree, np.asarray, agree, reason)
    return _by_unit(found, whole, agree - share)


def self_kappa(found: Repeats, weights: FloatArray) -> Statistic:
    """Cohen's kappa of earlier against later labels, all raters pooled.

    Parameters
    ----------
    found : from `repeats`
    weights : float array [q, q], as `metrics.agreement_weights`

    Returns
    -------
    Statistic in [-1, 1], its standard error over units; nan with a reason where nothing varies or nobody repeated
    a unit.

    References
    ----------
    Cohen 1960, doi:10.1177/001316446002000104.
    """
    table = round_table(found)
    whole = cohen(table, weights)
    if whole.reason is not None:
        return whole
    by_cell = np.zeros(table.size)
    by_cell[np.flatnonzero(table.reshape(-1))] = whole.influence
    return _by_unit(found, whole, by_cell[found.earlier * len(found.categories) + found.later])


def by_rater(found: Repeats, weights: FloatArray) -> list[tuple[str, int, int, float]]:
    """(rater, pairs, same, Cohen's kappa or nan) for every rater with repeats, in order of raters."""
    rows = []
    for code in np.unique(found.rater).tolist():
        mine = found.rater == code
        part = Repeats(
            found.unit[mine], found.rater[mine], found.earlier[mine], found.later[mine],
            found.raters, found.categories,
        )  # fmt: skip
        rows.append((found.raters[code], len(part), part.same, cohen_kappa(round_table(part), weights)))
    return rows
