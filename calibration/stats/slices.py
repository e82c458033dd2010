"""Accuracy of many slices at once: the figures of `domains.domain`, from sums by stratum and slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.stats.at_once import design_sizes, limits
from calibration.stats.domains import BoolArray, Selections
from calibration.stats.estimate import (
    KORN_GRAUBARD,
    OPEN_RANGE,
    OPEN_SHARE,
    PERIOD,
    UNDERLYING,
    Estimate,
)
from calibration.stats.joining import merged
from calibration.stats.ratings import FloatArray, IntArray, sums
from calibration.stats.weighted import nothing

_NAN = float("nan")
#: From so many possible cells on, sorting the cases costs less than an array of all cells.
_DENSE = 4_000_000
#: What a case came to, as the columns of a table of sums.
_LOST, _OPEN, _WRONG, _RIGHT = range(4)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of cells [4, c] by what cases came to: how many, their weights, the squares of these."""

    count: IntArray
    weight: FloatArray
    square: FloatArray

    def at(self, rows: IntArray) -> _Sums:
        """The sums of these cells."""
        return _Sums(self.count[:, rows], self.weight[:, rows], self.square[:, rows])

    @property
    def settled(self) -> IntArray:
        """Cases that are settled, by cell."""
        return np.asarray(self.count[_WRONG] + self.count[_RIGHT])

    @property
    def heard(self) -> FloatArray:
        """Their weight."""
        return np.asarray(self.weight[_WRONG] + self.weight[_RIGHT])


def _counting(settled: IntArray | FloatArray, still_open: IntArray | FloatArray, running: BoolArray) -> FloatArray:
    """What counts of cells: the settled part, and the open one too where a figure is *running*."""
    if not running.any():
        return np.asarray(settled, dtype=np.float64)
    return np.asarray(settled + running * still_open, dtype=np.float64)


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
        self._fate = np.where(cases.settled, np.where(cases.right, _RIGHT, _WRONG), np.where(cases.open, _OPEN, _LOST))
        self._square = cases.weight**2
        self._whole = self._sums(cases.stratum, len(cases.keys))

    def figures(
        self, slice_of: IntArray, slices: int, *, estimand: str = UNDERLYING, level: float = 0.95
    ) -> list[Estimate]:
        """The figures of one slicing, as `sliced`."""
        if estimand not in (UNDERLYING, PERIOD) or slice_of.shape != self.cases.stratum.shape:
            raise ValueError(f"estimand {estimand!r} is unknown, or codes and cases differ in number")
        strata = len(self.cases.keys)
        if slices == 1:
            occupied = np.flatnonzero(self._whole.count.sum(axis=0))
        else:
            occupied, place = _cells(self.cases.stratum, slice_of, strata, slices)
        starts = np.searchsorted(occupied, np.arange(slices + 1) * strata)
        if bool((np.diff(starts) == 0).any()):
            raise ValueError("every slice needs a case")
        stratum = occupied % strata
        own = self._whole.at(stratum) if slices == 1 else self._sums(place, occupied.size)
        return _Slices(self.cases, stratum, starts, own, self._whole, estimand).figures(level)

    def _sums(self, place: IntArray, size: int) -> _Sums:
        """The sums of the cases by *place* [n], codes below *size*: three passes, however many sums there are."""
        key = self._fate * size + place
        return _Sums(
            np.bincount(key, minlength=4 * size).reshape(4, size),
            sums(key, self.cases.weight, 4 * size).reshape(4, size),
            sums(key, self._square, 4 * size).reshape(4, size),
        )


class _Slices:
    """The figures of slices: arrays over the occupied cells, those of a slice side by side, and sums over each."""

    def __init__(
        self, cases: Selections, stratum: IntArray, starts: IntArray, own: _Sums, whole: _Sums, estimand: str
    ) -> None:
        self.own, self.estimand, self.starts = own, estimand, starts[:-1]
        self.size = np.diff(starts)
        self.slice_of = np.repeat(np.arange(self.size.size), self.size)
        count = own.count
        self.drawn, self.open = self.over(count.sum(axis=0)), self.over(count[_OPEN])
        self.n, self.right = self.over(own.settled), self.over(count[_RIGHT])
        self.running = self.open > OPEN_SHARE * self.drawn
        running = self.running[self.slice_of]
        met = _counting(whole.settled[stratum], whole.count[_OPEN][stratum], running)
        heard = _counting(whole.heard[stratum], whole.weight[_OPEN][stratum], running)
        self.group, self.notes = self._joined(cases, stratum, met)
        #: By joined stratum of a slice: answers, frame, and by how much an answer stands for lost ones.
        self.met, self.frame = self.joined(met), self.joined(cases.frame[stratum])
        heard, weight = self.joined(heard), self.joined(whole.weight.sum(axis=0)[stratum])
        raised = np.divide(weight, heard, out=np.zeros(stratum.size), where=heard > 0)
        self.raised = raised[self.group] if self.notes else raised
        self.is_whole = self.drawn == self.over(whole.count.sum(axis=0)[stratum])
        self.total = self.over(self.raised * _counting(own.heard, own.weight[_OPEN], running))

    def joined(self, worth: FloatArray) -> FloatArray:
        """The sums over the joined strata of each slice, each in the place of one of its cells."""
        return sums(self.group, worth, self.group.size) if self.notes else worth

    def over(self, worth: FloatArray | IntArray) -> FloatArray:
        """The sum over the cells of each slice."""
        return np.asarray(np.add.reduceat(worth, self.starts))

    def _joined(self, cases: Selections, stratum: IntArray, met: FloatArray) -> tuple[IntArray, dict[int, list[str]]]:
        """The joined stratum of each cell, as the place of a cell of its slice; the sentences by slice."""
        group, notes = np.arange(stratum.size), {}
        alone = (self.size < 2)[self.slice_of]
        for number in np.unique(self.slice_of[(met < 2) & ~alone]).tolist():
            first, after = int(self.starts[number]), int(self.starts[number] + self.size[number])
            keys = [cases.keys[code] for code in stratum[first:after].tolist()]
            into, notes[number] = merged(keys, met[first:after].astype(np.int64))
            group[first:after] = first + into
        return group, notes

    def figures(self, level: float) -> list[Estimate]:
        """One figure a slice."""
        share = self._share(self.own.weight[_RIGHT])
        high = np.minimum(1.0, share + self._share(self.own.weight[_OPEN]))
        value = np.minimum(1.0, share)
        freedom = np.minimum(self._freedom(), self.n - 1)
        effective = design_sizes(
            value, self._variance(share), self.n, freedom, self._strata(), self.total, estimand=self.estimand,
            level=level,
        )  # fmt: skip
        lower, upper = limits(value, effective, level=level)
        columns = (
            self.n.astype(int), self.right, self.total, self.open.astype(int), value, high, lower, upper, effective,
        )  # fmt: skip
        rows = zip(self.running.tolist(), *(column.tolist() for column in columns), strict=True)
        return [self._figure(self.notes.get(at, []), *row) for at, row in enumerate(rows)]

    def _figure(
        self, notes: list[str], running: bool, n: int, right: float, total: float, still_open: int, value: float,
        high: float, lower: float, upper: float, effective: float,
    ) -> Estimate:  # fmt: skip
        size = round(total)
        if n + (still_open if running else 0) == 0:
            return nothing(n, still_open, size, self.estimand, notes)
        raw, said = right / n if n else _NAN, tuple(notes)
        if running:
            return Estimate(
                _NAN, value, high, n, _NAN, still_open, size, raw, self.estimand, OPEN_RANGE, "in progress", said
            )
        return Estimate(
            value, lower, upper, n, effective, still_open, size, raw, self.estimand, KORN_GRAUBARD, None, said
        )

    def _share(self, weight: FloatArray) -> FloatArray:
        part = self.over(self.raised * weight)
        return np.asarray(np.divide(part, self.total, out=np.full(part.size, np.nan), where=self.total > 0))

    def _variance(self, share: FloatArray) -> FloatArray:
        """`domains.linearised_variance` of each slice, from sum and squares of e = w (y - p) / N in its strata."""
        p = np.minimum(np.nan_to_num(share), 1.0)[self.slice_of]
        scale = self.raised / np.where(self.total > 0, self.total, 1.0)[self.slice_of]
        weight, square, cells = self.own.weight, self.own.square, self.group.size
        first = self.joined(scale * ((1 - p) * weight[_RIGHT] - p * weight[_WRONG]))
        second = self.joined(scale**2 * ((1 - p) ** 2 * square[_RIGHT] + p**2 * square[_WRONG]))
        met = self.met
        inner = second - np.divide(first**2, met, out=np.zeros(cells), where=met > 0)
        factor = np.divide(met, met - 1, out=np.zeros(cells), where=met > 1)
        if self.estimand == PERIOD:
            known = np.divide(met, self.frame, out=np.ones(cells), where=self.frame > 0)
            factor = factor * np.clip(1 - known, 0, 1)
        return self.over(factor * np.maximum(inner, 0.0))

    def _freedom(self) -> FloatArray:
        """Answers less strata, of the joined strata in which a slice has an answer."""
        answers = self.joined(self.own.settled.astype(np.float64)) > 0
        return self.over(np.where(answers, self.met - 1, 0.0))

    def _strata(self) -> FloatArray:
        """Joined strata that a slice touches, and one more where it is not all that lies in them."""
        mine = np.zeros(self.group.size)
        mine[self.group] = 1
        return np.asarray(self.over(mine) + ~self.is_whole)
