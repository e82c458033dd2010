"""Accuracy of many slices at once: the figures of `domains.domain`, from sums by stratum and slice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.stats.domains import BoolArray, Selections
from calibration.stats.estimate import PERIOD, UNDERLYING, Estimate
from calibration.stats.joining import Key, merged
from calibration.stats.ratings import IntArray, sums
from calibration.stats.slice_sums import LOST, OPEN, RIGHT, WRONG, Cells, Sums, figures_of, is_running, parts_of

#: From so many possible cells on, sorting the cases costs less than an array of all cells.
_DENSE = 4_000_000


def _cells(stratum: IntArray, slice_of: IntArray, strata: int, slices: int) -> tuple[IntArray, IntArray]:
    """(the occupied cells as slice * strata + stratum, ascending; which of them each case lies in)."""
    key = slice_of * strata + stratum
    if strata * slices > _DENSE:
        occupied, place = np.unique(key, return_inverse=True)
        return occupied, place
    here = np.zeros(strata * slices, dtype=bool)
    here[key] = True
    occupied = np.flatnonzero(here)
    number = np.empty(strata * slices, dtype=np.int64)
    number[occupied] = np.arange(occupied.size)
    return occupied, number[key]


def sliced(
    cases: Selections, slice_of: IntArray, slices: int, *, estimand: str = UNDERLYING, level: float = 0.95
) -> list[Estimate]:
    """The weighted share of right decisions in each slice of the cases.

    Parameters
    ----------
    cases : selections of n cases, their strata in the order in which a thin one looks for its neighbour
    slice_of : int array [n], the slice of each case, codes below *slices*
    slices : number of slices, at least one case in each
    estimand : underlying or period
    level : coverage

    Returns
    -------
    One Estimate a slice: what `domains.domain` gives for its cases among all cases of the strata that they touch,
    to rounding. It costs one pass over the cases and one over the occupied cells, however many slices there are.

    Raises
    ------
    ValueError : an unknown estimand, codes of another length, or a slice without a case.

    References
    ----------
    As `domains.domain`.

    >>> two = Selections(np.zeros(4, int), np.ones(4), np.ones(4, bool), np.zeros(4, bool),
    ...     np.array([True, True, True, False]), (("all",),), np.array([4.0]))
    >>> [figure.estimate for figure in sliced(two, np.array([0, 0, 1, 1]), 2)]
    [1.0, 0.5]
    """
    return Slicer(cases).figures(slice_of, slices, estimand=estimand, level=level)


class Slicer:
    """Cases ready to be sliced in several ways: what all slicings share is summed once."""

    def __init__(self, cases: Selections) -> None:
        self.cases = cases
        self._fate = np.where(cases.settled, np.where(cases.right, RIGHT, WRONG), np.where(cases.open, OPEN, LOST))
        self._square = cases.weight**2
        #: The sums of all cases by stratum.
        self.whole = self._sums(cases.stratum, len(cases.keys))

    def figures(
        self, slice_of: IntArray, slices: int, *, estimand: str = UNDERLYING, level: float = 0.95
    ) -> list[Estimate]:
        """The figures of one slicing, as `sliced`."""
        if estimand not in (UNDERLYING, PERIOD) or slice_of.shape != self.cases.stratum.shape:
            raise ValueError(f"estimand {estimand!r} is unknown, or codes and cases differ in number")
        cells, stratum = self.cells(slice_of, slices)
        running = is_running(cells.over(cells.own.count.sum(axis=0)), cells.over(cells.own.count[OPEN]))
        group, notes = joined(cells, stratum, self.cases.keys, running)
        return figures_of(parts_of(cells, running, estimand, group), running, notes, estimand=estimand, level=level)

    def cells(self, slice_of: IntArray, slices: int, among: BoolArray | None = None) -> tuple[Cells, IntArray]:
        """The occupied cells of one slicing, and the stratum of each; *among* are the cases that lie in a slice.

        Raises ValueError for a slice without a case.
        """
        strata = len(self.cases.keys)
        if slices == 1 and among is None:
            occupied, own = np.flatnonzero(self.whole.count.sum(axis=0)), None
        else:
            inside = slice(None) if among is None else among
            occupied, place = _cells(self.cases.stratum[inside], slice_of[inside], strata, slices)
            own = self._sums(place, occupied.size, inside)
        starts = np.searchsorted(occupied, np.arange(slices + 1) * strata)
        if bool((np.diff(starts) == 0).any()):
            raise ValueError("every slice needs a case")
        stratum = occupied % strata
        whole = self.whole.at(stratum)
        return Cells(whole if own is None else own, whole, self.cases.frame[stratum], starts), stratum

    def _sums(self, place: IntArray, size: int, inside: BoolArray | slice = slice(None)) -> Sums:
        """The sums of the cases by *place* [n], codes below *size*: three passes, however many sums there are."""
        key = self._fate[inside] * size + place
        return Sums(
            np.bincount(key, minlength=4 * size).reshape(4, size),
            sums(key, self.cases.weight[inside], 4 * size).reshape(4, size),
            sums(key, self._square[inside], 4 * size).reshape(4, size),
        )


def joined(
    cells: Cells, stratum: IntArray, keys: Sequence[Key], running: BoolArray
) -> tuple[IntArray | None, dict[int, list[str]]]:
    """Thin strata of each slice joined with their neighbours.

    Parameters
    ----------
    cells : the occupied cells, those of a slice in the order of their strata
    stratum : int array [c], the stratum of each cell, places in *keys*
    keys : the strata's keys in order
    running : bool array [k], the slices whose open cases count as answers

    Returns
    -------
    (the joined stratum of each cell as the place of one of its cells, the sentences by slice); None where none is thin.
    A slice that touches one stratum alone is left as it is.
    """
    slice_of, size = cells.slice_of, np.diff(cells.starts)
    answers = cells.whole.answers(running[slice_of])
    group, notes = np.arange(stratum.size), {}
    for number in np.unique(slice_of[(answers < 2) & (size > 1)[slice_of]]).tolist():
        first, after = int(cells.starts[number]), int(cells.starts[number + 1])
        own = [keys[code] for code in stratum[first:after].tolist()]
        into, notes[number] = merged(own, answers[first:after].astype(np.int64))
        group[first:after] = first + into
    return (group if notes else None), notes
