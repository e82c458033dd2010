"""Agreement of any slice at once: patterns counted for every cell (policy, week, team, ..), so that a slice is a sum.

One list of patterns serves all cells; a cell is a row of how many of its units show each. A slice of some cells adds
their rows, whatever the number of units; a new rating moves one unit of one cell to another pattern.
"""

from dataclasses import dataclass

import numpy as np

from calibration.stats.patterns import Patterns, with_places
from calibration.stats.ratings import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Cube:
    """Patterns *counts* [P, q] of all cells, and units *units* [C, P] by cell and pattern."""

    counts: IntArray
    units: FloatArray

    def slice(self, cells: IntArray) -> Patterns:
        """The patterns of the units in *cells* (their codes, each once).

        >>> cube = Cube(np.array([[2, 0], [1, 1]]), np.array([[3.0, 1.0], [4.0, 0.0]]))
        >>> cube.slice(np.array([0, 1])).units.tolist()
        [7.0, 1.0]
        """
        units = self.units[cells].sum(axis=0)
        shown = units > 0
        return Patterns(self.counts[shown], units[shown])

    def moved(self, cell: int, before: IntArray | None, after: IntArray | None) -> "Cube":
        """The cube after a unit of *cell* went from the counts *before* [q] to *after* [q]; None is a unit unrated.

        Raises
        ------
        ValueError : the cell has no unit that shows *before*.
        """
        counts, units = self.counts, self.units.copy()
        if before is not None:
            rows = np.flatnonzero((counts == before).all(axis=1))
            if not rows.size or units[cell, rows[0]] < 1:
                raise ValueError(f"no unit of cell {cell} shows {before.tolist()}")
            units[cell, rows[0]] -= 1
        if after is not None:
            rows = np.flatnonzero((counts == after).all(axis=1))
            if not rows.size:
                counts = np.concatenate([counts, after[None, :]])
                units = np.hstack([units, np.zeros((len(units), 1))])
                rows = np.array([len(counts) - 1])
            units[cell, rows[0]] += 1
        return Cube(counts, units)


def cube_of(unit: IntArray, label: IntArray, cell: IntArray, categories: int, cells: int) -> Cube:
    """The cube of coded ratings.

    Parameters
    ----------
    unit, label : int arrays [N], one entry a rating
    cell : int array [units], the cell of each unit, 0 to cells - 1
    categories, cells : how many there are

    Returns
    -------
    Cube; its memory is cells x patterns. With three ratings a unit and 12 categories there are at most 364 patterns
    (of three ratings, and 454 with those of fewer).

    >>> made = cube_of(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), np.array([0, 1]), 2, 2)
    >>> made.slice(np.array([1])).counts.tolist()
    [[0, 2]]
    """
    patterns, row = with_places(unit, label, categories, cell.size)
    rated = row >= 0
    size = len(patterns.counts)
    key = cell[rated] * size + row[rated]
    units = np.bincount(key, minlength=cells * size).reshape(cells, size)
    return Cube(patterns.counts, units.astype(np.float64))
