"""What one draw adds to the figures of a page: sums of each slice, and of the cells that a join may reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.periods import FILTERS
from calibration.same_mix import Mix, mix_of
from calibration.stats.domains import BoolArray, Selections
from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.slice_sums import RIGHT, WRONG, Sums, parts_of
from calibration.stats.slices import Slicer
from calibration.tallied import SPLITS, distinct
from qa.queries.tallied import Strata, Tallied

#: The slicing of all cases together, and of what was left alone (0) and enforced (1).
ALL, ENFORCED = "all", "enforced"


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks of each draw; *only* are the columns that it is narrowed by, with their numbers."""

    match: str
    estimand: str
    split: str
    only: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Slicing:
    """One draw in slices: the *numbers* of the k slices, and their sums, by settled answers and with open ones."""

    numbers: IntArray
    settled: FloatArray
    running: FloatArray
    #: By slice: cases with an open dispute, and cases that were ruled on with the decision in sight.
    disputed: IntArray
    not_blind: IntArray
    #: The occupied cells: their sums, the number of their slice, and their stratum as a place in the draw's.
    own: Sums
    slice_of: IntArray
    stratum: IntArray


@dataclass(frozen=True, slots=True)
class Part:
    """One draw."""

    drawn: int
    open: int
    #: Closing of its last case that lies in the period, in seconds since 1970.
    newest: int
    #: Inside numbers of its strata, the sums of all cases in each, and whether fewer than two are settled there.
    strata: IntArray
    whole: Sums
    thin: BoolArray
    #: Workflow -> settled cases, and those of them of which the level asked for is known.
    levels: Mapping[int, tuple[int, int]]
    #: Filter -> the numbers that the draw holds.
    numbers: Mapping[str, IntArray]
    slicings: Mapping[str, Slicing]
    mix: Mix


def part_of(drawn: Tallied, strata: Strata, asked: Question, disputed: Sequence[int]) -> Part:
    """What the drawn cases of one draw add."""
    ids, place = distinct(drawn.column("stratum"))
    frame = strata.frame[strata.of(ids)]
    among = _inside(drawn, asked.only)
    contested = np.isin(drawn.case, np.array(disputed, dtype=np.int64))
    at_level, at_verdict = (_slicer(drawn, match, place, frame) for match in (asked.match, "verdict"))
    enforced = drawn.column("enforced")

    def sliced(slicer: Slicer, slice_of: IntArray) -> Slicing:
        return _slicing(slicer, slice_of, among, asked.estimand, contested, drawn.not_blind)

    slicings = {
        ALL: sliced(at_level, np.zeros(len(drawn), dtype=np.int64)),
        "agent": sliced(at_level, SPLITS["agent"](drawn)),
        ENFORCED: sliced(at_verdict, enforced),
        asked.split: sliced(at_verdict, drawn.column("play") * 2 + enforced)
        if asked.split == "errors"
        else sliced(at_level, SPLITS[asked.split](drawn)),
    }
    settled, inside = drawn.settled, slice(None) if among is None else among
    whole = at_level.whole
    return Part(
        drawn=len(drawn),
        open=int(drawn.open.sum()),
        newest=int(drawn.record["closed"].max()),
        strata=ids,
        whole=whole,
        thin=whole.count[WRONG] + whole.count[RIGHT] < 2,
        levels=_levels(drawn, asked.match, settled),
        numbers={name: distinct(drawn.column(column))[0] for name, column in FILTERS.items()},
        slicings=slicings,
        mix=mix_of(drawn if among is None else drawn.only(among), at_level.cases.right[inside]),
    )


def _inside(drawn: Tallied, only: Sequence[tuple[str, tuple[int, ...]]]) -> BoolArray | None:
    """Which cases the page is narrowed to; None where to all."""
    if not only:
        return None
    inside = np.ones(len(drawn), dtype=bool)
    for name, numbers in only:
        inside &= np.isin(drawn.column(FILTERS[name]), np.array(numbers, dtype=np.int64))
    return inside


def _slicer(drawn: Tallied, match: str, place: IntArray, frame: FloatArray) -> Slicer:
    settled = drawn.settled
    right = (drawn.level(match) == 2) & settled
    keys = ((),) * frame.size  # read by joins alone, which are made over all draws
    return Slicer(Selections(place, 1 / drawn.chance, settled, drawn.open, right, keys, frame))


def _slicing(
    slicer: Slicer, slice_of: IntArray, among: BoolArray | None, estimand: str, contested: BoolArray, seen: BoolArray
) -> Slicing:
    inside = slice(None) if among is None else among
    numbers, found = distinct(slice_of[inside])
    if not numbers.size:
        nothing, sums = np.zeros(0, dtype=np.int64), np.zeros((13, 0))
        return Slicing(numbers, sums, sums, nothing, nothing, slicer.whole.at(nothing), nothing, nothing)
    place = np.zeros(slice_of.size, dtype=np.int64)
    place[inside] = found
    cells, stratum = slicer.cells(place, numbers.size, among)
    none, every = np.zeros(numbers.size, dtype=bool), np.ones(numbers.size, dtype=bool)
    return Slicing(
        numbers,
        parts_of(cells, none, estimand),
        parts_of(cells, every, estimand),
        np.bincount(found[contested[inside]], minlength=numbers.size),
        np.bincount(found[seen[inside]], minlength=numbers.size),
        cells.own,
        numbers[cells.slice_of],
        stratum,
    )


def _levels(drawn: Tallied, match: str, settled: BoolArray) -> dict[int, tuple[int, int]]:
    workflows, place = distinct(drawn.column("workflow"))
    known = settled & (drawn.level(match) > 0)
    settled_n, known_n = (np.bincount(place[some], minlength=workflows.size).tolist() for some in (settled, known))
    return dict(zip(workflows.tolist(), zip(settled_n, known_n, strict=True), strict=True))
