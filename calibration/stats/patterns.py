"""Count patterns: units collapsed to their distinct label counts, with how many units show each.

With three ratings a unit and twelve categories at most 364 patterns exist, so everything that is
computed from patterns costs the same for a thousand units as for a million; patterns of slices add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray, sums

#: whole numbers up to 2**53 are exact in a double
_EXACT_BITS = 53


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct count vectors *counts* [P, q] and the number of units *units* [P] of each.

    *units* may be fractions where a rule asks what a moved unit would do.
    """

    counts: IntArray
    units: FloatArray

    @property
    def sizes(self) -> IntArray:
        """Ratings of a unit, by pattern [P]."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.int64)

    @property
    def pairable(self) -> "Patterns":
        """The patterns of units with at least two ratings."""
        rows = self.sizes >= 2
        return Patterns(self.counts[rows], self.units[rows])

    @property
    def totals(self) -> FloatArray:
        """Ratings of each category over all units [q]."""
        return np.asarray(self.units @ self.counts, dtype=np.float64)

    @property
    def unit_count(self) -> float:
        """Units with at least one rating."""
        return float(self.units.sum())


def _keys(unit: IntArray, label: IntArray, categories: int, unit_count: int) -> tuple[list[FloatArray], int, int]:
    """Exact keys of every unit's counts: [keys], their base, categories a key."""
    base = int(np.bincount(unit, minlength=unit_count).max(initial=0)) + 1
    width = max(1, int(_EXACT_BITS / np.log2(max(base, 2))))
    keys = []
    for start in range(0, categories, width):
        worth = np.zeros(categories)
        stop = min(start + width, categories)
        worth[start:stop] = float(base) ** np.arange(stop - start)
        keys.append(sums(unit, worth[label], unit_count))
    return keys, base, width


def _distinct(keys: list[FloatArray]) -> tuple[list[FloatArray], IntArray]:
    """Distinct rows of the keys, and which of them each unit shows."""
    if len(keys) == 1:
        values, place = np.unique(keys[0], return_inverse=True)
        return [values], place
    order = np.lexsort(keys)
    ordered = [key[order] for key in keys]
    changed = np.zeros(order.size, dtype=bool)
    changed[:1] = True
    for key in ordered:
        changed[1:] |= key[1:] != key[:-1]
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.cumsum(changed) - 1
    return [key[changed] for key in ordered], place


def _decoded(keys: list[FloatArray], categories: int, base: int, width: int) -> IntArray:
    """The counts [P, q] that the keys stand for."""
    counts = np.zeros((keys[0].size, categories), dtype=np.int64)
    for block, key in enumerate(keys):
        rest = key.astype(np.int64)
        for column in range(block * width, min((block + 1) * width, categories)):
            counts[:, column] = rest % base
            rest //= base
    return counts


def collapse(unit: IntArray, label: IntArray, categories: int, unit_count: int) -> Patterns:
    """The count patterns of coded ratings.

    Parameters
    ----------
    unit, label : int arrays [N], codes from 0; one entry a rating
    categories : int, number of declared categories q
    unit_count : int, number of units; units without a rating are left out

    Returns
    -------
    Patterns, exact for any number of categories and ratings.

    >>> p = collapse(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 0, 1, 1]), 2, 3)
    >>> p.counts.tolist(), p.units.tolist()
    ([[1, 1], [0, 2]], [2.0, 1.0])
    """
    keys, base, width = _keys(unit, label, categories, unit_count)
    if len(keys) == 1:
        values, often = np.unique(keys[0], return_counts=True)
        keys = [values]
    elif keys:
        keys, place = _distinct(keys)
        often = np.bincount(place)
    else:
        return Patterns(np.zeros((0, categories), dtype=np.int64), np.zeros(0))
    counts = _decoded(keys, categories, base, width)
    rated = counts.sum(axis=1) > 0
    return Patterns(counts[rated], often[rated].astype(np.float64))


def with_places(unit: IntArray, label: IntArray, categories: int, unit_count: int) -> tuple[Patterns, IntArray]:
    """The patterns, and which of them each unit shows [unit_count]; -1 for a unit without a rating."""
    counts, place = of_units(unit, label, categories, unit_count)
    rated = counts.sum(axis=1) > 0
    row = np.where(rated, np.cumsum(rated) - 1, -1)[place]
    often = np.bincount(row[row >= 0], minlength=int(rated.sum()))
    return Patterns(counts[rated], often.astype(np.float64)), row


def of_units(unit: IntArray, label: IntArray, categories: int, unit_count: int) -> tuple[IntArray, IntArray]:
    """Distinct counts [P, q] and which of them each unit shows [unit_count]; unrated units too."""
    keys, base, width = _keys(unit, label, categories, unit_count)
    if not keys:
        return np.zeros((1, categories), dtype=np.int64), np.zeros(unit_count, dtype=np.int64)
    values, place = _distinct(keys)
    return _decoded(values, categories, base, width), place.astype(np.int64)


def _row_keys(counts: IntArray) -> list[FloatArray]:
    """Exact keys of rows of counts, so that equal rows are found by sorting numbers."""
    base = int(counts.max(initial=0)) + 1
    width = max(1, int(_EXACT_BITS / np.log2(max(base, 2))))
    worth = float(base) ** np.arange(min(width, counts.shape[1]))
    return [
        np.asarray(counts[:, start : start + width] @ worth[: counts.shape[1] - start], dtype=np.float64)
        for start in range(0, counts.shape[1], width)
    ]


def merge(parts: Sequence[Patterns]) -> Patterns:
    """One set of patterns from those of slices that share no unit.

    Raises
    ------
    ValueError : no part, or parts over different categories.
    """
    if not parts or len({part.counts.shape[1] for part in parts}) != 1:
        raise ValueError("patterns merge over the same categories")
    counts = np.concatenate([part.counts for part in parts])
    units = np.concatenate([part.units for part in parts])
    keys = _row_keys(counts)
    if not keys or not len(counts):
        return Patterns(counts, units)
    _, place = _distinct(keys)
    first = np.full(int(place.max()) + 1, -1, dtype=np.int64)
    first[place[::-1]] = np.arange(place.size)[::-1]
    return Patterns(counts[first], sums(place, units, first.size))
