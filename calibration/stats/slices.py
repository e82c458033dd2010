"""Accuracy of many slices at once: the figures of `domains.domain`, from sums by stratum and slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.stats.domains import BoolArray, Selections
from calibration.stats.estimate import (
    KORN_GRAUBARD,
    OPEN_RANGE,
    OPEN_SHARE,
    PERIOD,
    UNDERLYING,
    Estimate,
    Sampled,
    at_size,
    design_size,
)
from calibration.stats.joining import merged
from calibration.stats.ratings import FloatArray, IntArray, sums
from calibration.stats.weighted import nothing

#: From so many possible cells on, sorting the cases costs less than an array of all cells.
_DENSE = 4_000_000


@dataclass(frozen=True, slots=True)
class _Sums:
    """Counts and weights of cells: all drawn, settled, settled and right, open; squares of the settled ones."""

    drawn: IntArray
    settled: IntArray
    right: IntArray
    open: IntArray
    weight: FloatArray
    of_settled: FloatArray
    of_right: FloatArray
    of_open: FloatArray
    right_squares: FloatArray
    wrong_squares: FloatArray


def _sums(place: IntArray, size: int, cases: Selections) -> _Sums:
    """The sums of *cases* by *place* [n], codes below *size*."""
    right, wrong = cases.right & cases.settled, ~cases.right & cases.settled

    def count(member: BoolArray) -> IntArray:
        return np.bincount(place[member], minlength=size)

    def weight(member: BoolArray, power: int = 1) -> FloatArray:
        return sums(place[member], cases.weight[member] ** power, size)

    everything = np.ones(place.size, dtype=bool)
    return _Sums(
        count(everything), count(cases.settled), count(right), count(cases.open), weight(everything),
        weight(cases.settled), weight(right), weight(cases.open), weight(right, 2), weight(wrong, 2),
    )  # fmt: skip


def _cells(stratum: IntArray, slice_of: IntArray, strata: int, slices: int) -> tuple[IntArray, IntArray]:
    """(the occupied cells as slice * strata + stratum, ascending; which of them each case lies in)."""
    key = slice_of * strata + stratum
    if strata * slices > _DENSE:
        occupied, place = np.unique(key, return_inverse=True)
        return occupied, place
    occupied = np.flatnonzero(np.bincount(key, minlength=strata * slices))
    number = np.zeros(strata * slices, dtype=np.int64)
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
    if estimand not in (UNDERLYING, PERIOD) or slice_of.shape != cases.stratum.shape:
        raise ValueError(f"estimand {estimand!r} is unknown, or codes and cases differ in number")
    strata = len(cases.keys)
    occupied, place = _cells(cases.stratum, slice_of, strata, slices)
    cells = _sums(place, occupied.size, cases)
    whole = cells if slices == 1 and occupied.size == strata else _sums(cases.stratum, strata, cases)
    ends = np.searchsorted(occupied, np.arange(slices + 1) * strata)
    if bool((np.diff(ends) == 0).any()):
        raise ValueError("every slice needs a case")
    return [
        _figure(cases, occupied[first:end] % strata, cells, slice(int(first), int(end)), whole, estimand, level)
        for first, end in zip(ends[:-1], ends[1:], strict=True)
    ]


def _figure(
    cases: Selections, touched: IntArray, cells: _Sums, own: slice, whole: _Sums, estimand: str, level: float
) -> Estimate:
    """The figure of one slice: its cells *own*, in the strata *touched* [h]."""
    drawn, still_open = int(cells.drawn[own].sum()), int(cells.open[own].sum())
    n, right = int(cells.settled[own].sum()), int(cells.right[own].sum())
    running = still_open > OPEN_SHARE * drawn
    count = whole.settled[touched] + (whole.open[touched] if running else 0)
    group, notes = merged([cases.keys[code] for code in touched.tolist()] if (count < 2).any() else touched, count)
    raised = _raise(group, whole, touched, running)
    answered = cells.of_settled[own] + (cells.of_open[own] if running else 0.0)
    size = round(float(raised @ answered))
    if n + (still_open if running else 0) == 0:
        return nothing(n, still_open, size, estimand, notes)
    total = float(raised @ answered)
    share = min(1.0, float(raised @ cells.of_right[own]) / total) if total > 0 else float("nan")
    raw = right / n if n else float("nan")
    if running:
        high = min(1.0, share + float(raised @ cells.of_open[own]) / total) if total > 0 else float("nan")
        nan = float("nan")
        return Estimate(
            nan, share, high, n, nan, still_open, size, raw, estimand, OPEN_RANGE, "in progress", tuple(notes)
        )
    frame = sums(group, cases.frame[touched], touched.size)
    met = sums(group, count.astype(np.float64), touched.size)
    part = _part(group, raised, cells, own, share, total)
    variance = _variance(part, met, frame, estimand)
    answers = sums(group, cells.settled[own].astype(np.float64), touched.size) > 0
    freedom = int(met[answers].sum()) - int(answers.sum())
    every = drawn == int(whole.drawn[touched].sum())
    found = Sampled(share, variance, n, min(freedom, n - 1), int(np.unique(group).size) + int(not every), total)
    effective = design_size(found, estimand, level)
    low, high = at_size(share, effective, level=level)
    return Estimate(share, low, high, n, effective, still_open, size, raw, estimand, KORN_GRAUBARD, None, tuple(notes))


def _raise(group: IntArray, whole: _Sums, touched: IntArray, running: bool) -> FloatArray:
    """By how much answered cases of each touched stratum stand for the lost ones of their (joined) stratum [h]."""
    drawn = sums(group, whole.weight[touched], touched.size)
    answered = whole.of_settled[touched] + (whole.of_open[touched] if running else 0.0)
    heard = sums(group, answered, touched.size)
    return np.divide(drawn, heard, out=np.zeros(touched.size), where=heard > 0)[group]


def _part(
    group: IntArray, raised: FloatArray, cells: _Sums, own: slice, share: float, total: float
) -> tuple[FloatArray, FloatArray]:
    """Sum and sum of squares of e = w (y - p) / N within each (joined) stratum [h]."""
    size = group.size
    first = raised * (cells.of_right[own] - share * cells.of_settled[own]) / total
    squares = (1 - share) ** 2 * cells.right_squares[own] + share**2 * cells.wrong_squares[own]
    second = (raised / total) ** 2 * squares
    return sums(group, first, size), sums(group, second, size)


def _variance(part: tuple[FloatArray, FloatArray], met: FloatArray, frame: FloatArray, estimand: str) -> float:
    """`domains.linearised_variance` from the sums of each stratum and the answered cases *met* [h] in it."""
    total, squares = part
    inner = squares - np.divide(total**2, met, out=np.zeros(met.size), where=met > 0)
    factor = np.divide(met, met - 1, out=np.zeros(met.size), where=met > 1)
    if estimand == PERIOD:
        factor = factor * np.clip(1 - np.divide(met, frame, out=np.ones(met.size), where=frame > 0), 0, 1)
    return float(factor @ np.maximum(inner, 0.0))
