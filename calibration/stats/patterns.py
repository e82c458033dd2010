"""Count patterns: units collapsed to their distinct label counts, with how many units show each.

With three ratings a unit and twelve categories at most 364 patterns exist, so everything that is
computed from patterns costs the same for a thousand units as for a million; patterns of slices add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray, sums

#: whole numbers up to 2**53 are exact in a double
_EXACT_BITS = 53
#: cells of units x categories that may be counted out at once
_CELLS = 30_000_000
#: so many possible keys are few, however few units there are
_FEW_KEYS = 100_000


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


@dataclass(frozen=True, slots=True)
class _Code:
    """How counts become numbers: every category a digit with its own base, as many digits a key as stay exact."""

    bases: IntArray
    starts: tuple[int, ...]

    @classmethod
    def of(cls, bases: IntArray) -> "_Code":
        """The code with the fewest keys for digits below *bases*."""
        starts, bits = [], np.inf
        for place, more in enumerate(np.log2(np.maximum(bases, 2)).tolist()):
            bits += more
            if bits > _EXACT_BITS:
                starts.append(place)
                bits = more
        return cls(bases, tuple(starts))

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The categories [start, stop) of each key."""
        return list(pairwise((*self.starts, self.bases.size))) if self.starts else []

    @property
    def worth(self) -> list[FloatArray]:
        """What a count of each category adds to each key, [q] for every key."""
        found = []
        for start, stop in self.spans:
            one = np.zeros(self.bases.size)
            one[start:stop] = np.cumprod(np.concatenate([[1.0], self.bases[start : stop - 1]]))
            found.append(one)
        return found

    def decoded(self, keys: list[FloatArray]) -> IntArray:
        """The counts [P, q] that the keys stand for."""
        counts = np.zeros((keys[0].size if keys else 1, self.bases.size), dtype=np.int64)
        for key, (start, stop) in zip(keys, self.spans, strict=True):
            rest = key.astype(np.int64)
            for column in range(start, stop):
                rest, counts[:, column] = np.divmod(rest, self.bases[column])
        return counts


def _keys(unit: IntArray, label: IntArray, categories: int, unit_count: int) -> tuple[list[FloatArray], _Code]:
    """Exact keys of every unit's counts, and their code.

    The largest unit bounds all digits; where that takes more than one key, each category's own largest count does.
    """
    base = int(np.bincount(unit, minlength=unit_count).max(initial=0)) + 1
    code = _Code.of(np.full(categories, base, dtype=np.int64))
    if len(code.starts) < 2 or unit_count * categories > _CELLS:
        return [sums(unit, worth[label], unit_count) for worth in code.worth], code
    counts = np.bincount(unit * categories + label, minlength=unit_count * categories).reshape(unit_count, categories)
    code = _Code.of(counts.max(axis=0) + 1)
    return [counts @ worth for worth in code.worth], code


def _distinct(keys: list[FloatArray]) -> tuple[list[FloatArray], IntArray]:
    """Distinct rows of the keys, and which of them each unit shows."""
    if len(keys) == 1:
        values, place = _numbered(keys[0])
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


def _numbered(key: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distinct keys, ascending, and which of them each unit shows; without sorting where few keys are possible."""
    if not key.size or key.max() > 2 * key.size + _FEW_KEYS:
        values, place = np.unique(key, return_inverse=True)
        return values, place
    whole = key.astype(np.int64)
    here = np.zeros(int(whole.max()) + 1, dtype=bool)
    here[whole] = True
    found = np.flatnonzero(here)
    number = np.empty(here.size, dtype=np.int64)
    number[found] = np.arange(found.size)
    return found.astype(np.float64), number[whole]


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
    keys, code = _keys(unit, label, categories, unit_count)
    if len(keys) == 1:
        values, often = np.unique(keys[0], return_counts=True)
        keys = [values]
    elif keys:
        keys, place = _distinct(keys)
        often = np.bincount(place)
    else:
        return Patterns(np.zeros((0, categories), dtype=np.int64), np.zeros(0))
    counts = code.decoded(keys)
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
    keys, code = _keys(unit, label, categories, unit_count)
    if not keys:
        return np.zeros((1, categories), dtype=np.int64), np.zeros(unit_count, dtype=np.int64)
    values, place = _distinct(keys)
    return code.decoded(values), place.astype(np.int64)


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
    if not counts.size:
        return Patterns(counts, units)
    _, place = _distinct([counts @ worth for worth in _Code.of(counts.max(axis=0) + 1).worth])
    first = np.full(int(place.max()) + 1, -1, dtype=np.int64)
    first[place[::-1]] = np.arange(place.size)[::-1]
    return Patterns(counts[first], sums(place, units, first.size))
