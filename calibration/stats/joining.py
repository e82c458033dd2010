"""Joining thin strata with their neighbours, in the time that their number takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from calibration.stats.ratings import IntArray

Key = tuple[str, ...]


def merged(keys: Sequence[Key] | IntArray, count: IntArray) -> tuple[IntArray, list[str]]:
    """The strata after those with fewer than two answers joined their neighbour, as `weighted.neighbour` names it.

    Parameters
    ----------
    keys : the strata's keys in order; read only where one is thin
    count : int array [h], answers by stratum

    Returns
    -------
    (the stratum that each one belongs to now [h], a sentence for each join). The first thin stratum joins the nearest
    one of its own group, which shares all parts of the key but the last, else the nearest at all; of two that are as
    near the earlier one; and so on until none is thin or one is left.

    >>> merged([("ann", "high"), ("ann", "low"), ("bob", "low")], np.array([1, 5, 9]))
    (array([1, 1, 2]), ['ann / high joined with ann / low'])
    """
    group = np.arange(len(keys))
    thin = [int(place) for place in np.flatnonzero(count < 2)]
    if not thin or len(keys) < 2:
        return group, []
    return _Line([tuple(key) for key in keys], count.tolist()).joined(thin)


class _Line:
    """The strata that are left, each knowing the one before and after it."""

    def __init__(self, keys: list[Key], count: list[int]) -> None:
        self.keys, self.count = keys, count
        size = len(keys)
        self.before, self.after = list(range(-1, size - 1)), list(range(1, size + 1))
        self.into = list(range(size))
        self.of_group = Counter(key[:-1] for key in keys)

    def joined(self, thin: list[int]) -> tuple[IntArray, list[str]]:
        """Join every thin stratum; what each belongs to, and the sentences."""
        notes, left = [], len(self.keys)
        for place in thin:
            while left > 1 and place >= 0 and self.into[place] == place and self.count[place] < 2:
                other = self._neighbour(place)
                notes.append(f"{' / '.join(self.keys[place])} joined with {' / '.join(self.keys[other])}")
                self._join(place, other)
                left -= 1
                # An earlier one that is still too thin is the first again; a later one comes in its turn.
                place = other if other < place else -1
        return np.array([self._root(place) for place in range(len(self.keys))]), notes

    def _join(self, gone: int, other: int) -> None:
        self.into[gone] = other
        self.count[other] += self.count[gone]
        self.of_group[self.keys[gone][:-1]] -= 1
        first, last = self.before[gone], self.after[gone]
        if first >= 0:
            self.after[first] = last
        if last < len(self.keys):
            self.before[last] = first

    def _neighbour(self, place: int) -> int:
        first, last = self.before[place], self.after[place]
        if self.of_group[self.keys[place][:-1]] > 1:
            while True:
                for other in (first, last):
                    if 0 <= other < len(self.keys) and self.keys[other][:-1] == self.keys[place][:-1]:
                        return other
                first = self.before[first] if first >= 0 else first
                last = self.after[last] if last < len(self.keys) else last
        return first if first >= 0 else last

    def _root(self, place: int) -> int:
        while self.into[place] != place:
            place = self.into[place]
        return place
