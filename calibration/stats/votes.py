"""Ratings as the latent-truth models read them: units collapsed to the distinct answers that they got."""

from dataclasses import dataclass

import numpy as np
import scipy

from calibration.stats.ratings import FloatArray, IntArray, Ratings

#: cells of the padded table of answers; beyond this every unit stands for itself
_CELLS = 50_000_000


@dataclass(frozen=True, slots=True)
class Votes:
    """Distinct sets of answers [P] of units, and how many units show each.

    *table* [P, raters x categories] is sparse and counts how often a set holds a rater's label, *units* [P] are
    weights, *gold* [P] known truths (-1: none), *place* [unit_count] is the set of each unit (-1: without a rating).
    """

    table: "scipy.sparse.csr_array"
    units: FloatArray
    gold: IntArray
    place: IntArray
    raters: int
    categories: int

    @property
    def sizes(self) -> FloatArray:
        """Ratings of a unit, by set [P]."""
        return np.asarray(self.table.sum(axis=1), dtype=np.float64).reshape(-1)

    @property
    def label_shares(self) -> FloatArray:
        """Share of each label among a unit's ratings [P, q]."""
        q = self.categories
        to_label = np.tile(np.eye(q), (self.raters, 1))
        return np.asarray(self.table @ to_label, dtype=np.float64) / self.sizes[:, None]


def _sets(unit: IntArray, answer: IntArray) -> IntArray:
    """Which units [U] (codes 0..U - 1, each with an answer) gave the same answers: a code for each."""
    size = np.bincount(unit)
    most = int(size.max(initial=0))
    if not most or size.size * most > _CELLS:
        return np.arange(size.size)
    first = np.cumsum(size) - size
    padded = np.full((size.size, most), -1, dtype=np.int64)
    padded[unit, np.arange(unit.size) - first[unit]] = answer
    order = np.lexsort(padded.T[::-1])
    changed = np.ones(size.size, dtype=bool)
    changed[1:] = (padded[order][1:] != padded[order][:-1]).any(axis=1)
    code = np.empty(size.size, dtype=np.int64)
    code[order] = np.cumsum(changed) - 1
    return code


def votes_of(ratings: Ratings, gold: IntArray | None = None) -> Votes:
    """The distinct answers of *ratings*; a rater may have labelled a unit more than once.

    Parameters
    ----------
    ratings : coded ratings; rounds are not told apart
    gold : int array [unit_count], the known category of each unit, -1 where there is none
    """
    q, raters = len(ratings.categories), len(ratings.raters)
    answer = ratings.rater * q + ratings.label
    order = np.lexsort((answer, ratings.unit))
    rated, unit = np.unique(ratings.unit[order], return_inverse=True)
    answer = answer[order]
    known = np.full(ratings.unit_count, -1, dtype=np.int64) if gold is None else gold
    marked = np.concatenate([known[rated], answer])
    which = np.concatenate([np.arange(rated.size), unit.reshape(-1)])
    by_unit = np.argsort(which, kind="stable")
    code = _sets(which[by_unit], marked[by_unit])
    patterns, first = np.unique(code, return_index=True)
    rows = np.isin(unit, first)
    table = scipy.sparse.csr_array(
        (np.ones(int(rows.sum())), (code[unit[rows]], answer[rows])), shape=(patterns.size, raters * q)
    )
    place = np.full(ratings.unit_count, -1, dtype=np.int64)
    place[rated] = code
    return Votes(table, np.bincount(code).astype(np.float64), known[rated][first], place, raters, q)
