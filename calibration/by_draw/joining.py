"""Thin strata in sums that were kept by draw: their cells are taken out again, joined over all draws, and put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.by_draw.parts import Part
from calibration.stats.domains import BoolArray
from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.slice_sums import STRATA, Cells, Sums, parts_of
from calibration.stats.slices import joined
from qa.queries.tallied import Strata


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells of several draws, slice by slice in the order of their strata: where each comes from."""

    slice_of: IntArray
    stratum: IntArray
    part: IntArray
    place: IntArray

    def at(self, cells: IntArray | BoolArray) -> _Line:
        return _Line(self.slice_of[cells], self.stratum[cells], self.part[cells], self.place[cells])


def put_right(
    totals: FloatArray, parts: Sequence[Part], name: str, numbers: IntArray, running: BoolArray, strata: Strata,
    estimand: str,
) -> dict[int, list[str]]:  # fmt: skip
    """Let *totals* [13, k] of the slices *numbers* be those after thin strata have joined; the sentences by slice.

    A join reaches no further than the strata that stand beside a run of thin ones among those of the slice, for
    strata of one group stand side by side. So these cells alone are summed again.
    """
    if not any(bool(part.thin.any()) for part in parts):
        return {}
    line = _near_thin(_line(parts, name, numbers, strata), parts, name, running, totals[STRATA] > 1)
    if not line.slice_of.size:
        return {}
    slices, starts = np.unique(line.slice_of, return_index=True)
    own = _gathered([part.slicings[name].own for part in parts], line.part, line.place)
    stratum = [part.slicings[name].stratum for part in parts]
    within = _taken(stratum, line.part, line.place)
    whole = _gathered([part.whole for part in parts], line.part, within)
    cells = Cells(own, whole, strata.frame[line.stratum], np.append(starts, line.slice_of.size))
    group, notes = joined(cells, line.stratum, strata.keys, running[slices])
    totals[:, slices] += parts_of(cells, running[slices], estimand, group) - parts_of(cells, running[slices], estimand)
    return {int(slices[at]): said for at, said in notes.items()}


def _line(parts: Sequence[Part], name: str, numbers: IntArray, strata: Strata) -> _Line:
    some = [part.slicings[name] for part in parts]
    sizes = [one.slice_of.size for one in some]
    slice_of = np.searchsorted(numbers, np.concatenate([one.slice_of for one in some]))
    stratum = np.concatenate([
        strata.of(part.strata)[one.stratum] for part, one in zip(parts, some, strict=True)
    ])  # fmt: skip
    place = np.concatenate([np.arange(size) for size in sizes])
    order = np.argsort(slice_of * len(strata.keys) + stratum)
    return _Line(slice_of, stratum, np.repeat(np.arange(len(parts)), sizes), place).at(order)


def _near_thin(line: _Line, parts: Sequence[Part], name: str, running: BoolArray, several: BoolArray) -> _Line:
    """The cells in thin strata and those beside them, of slices that touch several strata."""
    thin = np.zeros(line.slice_of.size, dtype=bool)
    for at, part in enumerate(parts):
        if not part.thin.any():
            continue
        here = line.part == at
        stratum = part.slicings[name].stratum[line.place[here]]
        answers = (part.whole.answers(np.zeros(1, dtype=bool)), part.whole.answers(np.ones(1, dtype=bool)))
        run = running[line.slice_of[here]]
        thin[here] = np.where(run, answers[1][stratum], answers[0][stratum]) < 2
    thin &= several[line.slice_of]
    beside = line.slice_of[1:] == line.slice_of[:-1]
    near = thin.copy()
    near[:-1] |= thin[1:] & beside
    near[1:] |= thin[:-1] & beside
    return line.at(near)


def _gathered(sums: Sequence[Sums], part: IntArray, place: IntArray) -> Sums:
    """The sums of these cells, each at its place in its part."""
    columns = []
    for name in ("count", "weight", "square"):
        some = [getattr(one, name) for one in sums]
        columns.append(np.concatenate(some, axis=1)[:, _offsets([one.shape[1] for one in some])[part] + place])
    return Sums(*columns)


def _taken(some: Sequence[IntArray], part: IntArray, place: IntArray) -> IntArray:
    return np.asarray(np.concatenate(some)[_offsets([one.size for one in some])[part] + place])


def _offsets(sizes: Sequence[int]) -> IntArray:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
