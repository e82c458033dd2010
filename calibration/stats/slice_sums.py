"""Sums that a figure of a slice is made of: they add up over strata, and so over draws, whatever else changes.

Of a slice d, with p its share right, N the weight that its cases stand for, and in stratum h the answers n_h, the raise
r_h for lost cases, R_h and W_h the weights of the slice's right and wrong cases there and R2_h, W2_h the sums of their
squares, the linearised variance of `domains.linearised_variance` is

    V = [(1 - p)^2 A + p^2 B + 2 p (1 - p) C] / N^2,        f_h = n_h / (n_h - 1), for a period (1 - n_h / N_h) f_h
    A = sum f_h r_h^2 (R2_h - R_h^2 / n_h),  B = sum f_h r_h^2 (W2_h - W_h^2 / n_h),  C = sum f_h r_h^2 R_h W_h / n_h

so that A, B and C can be kept by draw while p and N are known only at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.stats.at_once import design_sizes, limits
from calibration.stats.domains import BoolArray
from calibration.stats.estimate import KORN_GRAUBARD, OPEN_RANGE, OPEN_SHARE, PERIOD, Estimate
from calibration.stats.ratings import FloatArray, IntArray, sums
from calibration.stats.weighted import nothing

_NAN = float("nan")
#: What a case came to, as the rows of a table of sums.
LOST, OPEN, WRONG, RIGHT = range(4)
#: The rows of `parts_of`: drawn, open, settled and right cases, drawn cases of all strata that are touched, these; then
#: the weight that stands for the slice, that of its right and of its open cases, the freedom, and A, B, C.
(DRAWN, STILL_OPEN, SETTLED, SO, WHOLE, STRATA, TOTAL, PART, OPEN_PART, FREEDOM, A, B, C) = range(13)
ROWS = 13


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of cells [4, c] by what cases came to: how many, their weights, the squares of these."""

    count: IntArray
    weight: FloatArray
    square: FloatArray

    def at(self, cells: IntArray | BoolArray) -> Sums:
        """The sums of these cells."""
        return Sums(self.count[:, cells], self.weight[:, cells], self.square[:, cells])

    def answers(self, running: BoolArray) -> FloatArray:
        """Cases that count as answered, by cell: the settled ones, where *running* the open ones too."""
        return np.asarray(self.count[WRONG] + self.count[RIGHT] + running * self.count[OPEN], dtype=np.float64)

    def heard(self, running: BoolArray) -> FloatArray:
        """Their weight."""
        return np.asarray(self.weight[WRONG] + self.weight[RIGHT] + running * self.weight[OPEN])


@dataclass(frozen=True, slots=True)
class Cells:
    """Occupied cells (slice x stratum), those of a slice side by side.

    *own* are the sums of the slice's cases in each, *whole* those of all cases of its stratum, *frame* the stratum's
    eligible cases; the cells of slice k lie from *starts*[k] to *starts*[k + 1].
    """

    own: Sums
    whole: Sums
    frame: FloatArray
    starts: IntArray

    @property
    def slice_of(self) -> IntArray:
        """The slice of each cell."""
        return np.repeat(np.arange(self.starts.size - 1), np.diff(self.starts))

    def over(self, worth: FloatArray | IntArray) -> FloatArray:
        """The sum over the cells of each slice; every slice has one."""
        return np.asarray(np.add.reduceat(worth, self.starts[:-1]), dtype=np.float64)


def is_running(drawn: FloatArray, still_open: FloatArray) -> BoolArray:
    """Which slices have so many open cases that they are a range, and no figure."""
    return np.asarray(still_open > OPEN_SHARE * drawn)


def parts_of(cells: Cells, running: BoolArray, estimand: str, group: IntArray | None = None) -> FloatArray:
    """The sums of each slice.

    Parameters
    ----------
    cells : the occupied cells of k slices
    running : bool array [k], the slices whose open cases count as answers
    estimand : underlying, or period (with the finite population's correction)
    group : int array [c], the joined stratum of each cell as the place of one of its cells; None: none is joined

    Returns
    -------
    float array [13, k], in the order of `DRAWN` to `C`. Those of two sets of strata add up to those of both.
    """
    own, whole, run = cells.own, cells.whole, running[cells.slice_of]

    def joined(worth: FloatArray) -> FloatArray:
        return worth if group is None else sums(group, worth, group.size)

    answers, heard = joined(whole.answers(run)), joined(whole.heard(run))
    raised = np.divide(joined(whole.weight.sum(axis=0)), heard, out=np.zeros(heard.size), where=heard > 0)
    raised = raised if group is None else raised[group]
    right, wrong = joined(raised * own.weight[RIGHT]), joined(raised * own.weight[WRONG])
    each = np.divide(1.0, answers, out=np.zeros(answers.size), where=answers > 0)
    factor = np.divide(answers, answers - 1, out=np.zeros(answers.size), where=answers > 1)
    if estimand == PERIOD:
        frame = joined(cells.frame)
        known = np.divide(answers, frame, out=np.ones(frame.size), where=frame > 0)
        factor = factor * np.clip(1 - known, 0, 1)
    spread = [
        factor * np.maximum(joined(raised**2 * own.square[fate]) - weight**2 * each, 0.0)
        for fate, weight in ((RIGHT, right), (WRONG, wrong))
    ]
    has_answer = joined(own.answers(np.zeros(run.size, dtype=bool))) > 0
    mine = np.ones(run.size) if group is None else (np.bincount(group, minlength=run.size) > 0).astype(np.float64)
    columns = (
        own.count.sum(axis=0), own.count[OPEN], own.count[WRONG] + own.count[RIGHT], own.count[RIGHT],
        whole.count.sum(axis=0), mine, raised * own.heard(run), raised * own.weight[RIGHT], raised * own.weight[OPEN],
        np.where(has_answer, answers - 1, 0.0), *spread, factor * each * right * wrong,
    )  # fmt: skip
    return np.array([cells.over(column) for column in columns])


def figures_of(
    parts: FloatArray, running: BoolArray, notes: Mapping[int, Sequence[str]], *, estimand: str, level: float
) -> list[Estimate]:
    """One figure a slice from its sums.

    Parameters
    ----------
    parts : float array [13, k], as `parts_of` gives them, added up over all strata
    running : bool array [k], as they were counted
    notes : slice -> the sentences of its joined strata
    estimand, level : as `domains.domain`

    Returns
    -------
    Estimates, as `domains.domain` gives them: Hajek's share, V as above, Korn and Graubard's interval; a range where
    *running*.
    """
    n, total = parts[SETTLED], parts[TOTAL]

    def share_of(weight: FloatArray) -> FloatArray:
        return np.asarray(np.divide(weight, total, out=np.full(total.size, np.nan), where=total > 0))

    share = share_of(parts[PART])
    high = np.minimum(1.0, share + share_of(parts[OPEN_PART]))
    value = np.minimum(1.0, share)
    p = np.nan_to_num(value)
    scale = np.where(total > 0, total, 1.0) ** 2
    variance = np.maximum((1 - p) ** 2 * parts[A] + p**2 * parts[B] + 2 * p * (1 - p) * parts[C], 0.0) / scale
    strata = parts[STRATA] + (parts[DRAWN] != parts[WHOLE])
    freedom = np.minimum(parts[FREEDOM], n - 1)
    effective = design_sizes(value, variance, n, freedom, strata, total, estimand=estimand, level=level)
    lower, upper = limits(value, effective, level=level)
    columns = (n.astype(int), parts[SO], total, parts[STILL_OPEN].astype(int), value, high, lower, upper, effective)
    rows = zip(running.tolist(), *(column.tolist() for column in columns), strict=True)
    return [_figure(tuple(notes.get(at, ())), estimand, *row) for at, row in enumerate(rows)]


def _figure(
    notes: tuple[str, ...], estimand: str, running: bool, n: int, right: float, total: float, still_open: int,
    value: float, high: float, lower: float, upper: float, effective: float,
) -> Estimate:  # fmt: skip
    size = round(total)
    if n + (still_open if running else 0) == 0:
        return nothing(n, still_open, size, estimand, list(notes))
    raw = right / n if n else _NAN
    if running:
        return Estimate(_NAN, value, high, n, _NAN, still_open, size, raw, estimand, OPEN_RANGE, "in progress", notes)
    return Estimate(value, lower, upper, n, effective, still_open, size, raw, estimand, KORN_GRAUBARD, None, notes)
