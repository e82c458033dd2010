"""Each grader's figures from the roll-up of looks. `calibration.graders.lines` gives the same from the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calibration.graders.counting import LEAN, MISSED, OVER, RAW, RIGHT, RULING, SO
from calibration.graders.lines import Figures, Leaning, Part, leaning_of, passed_by, shrunken_of
from calibration.graders.scores import FEWEST_TIMED, QUICK, pace
from calibration.queries.look_parts import Kept
from calibration.queries.looks import Passed
from calibration.stats.estimate import FEWEST_CASES
from calibration.tallied import distinct

IntArray = npt.NDArray[np.int64]


def figures(seen: Kept, passed: Sequence[Passed], match: str) -> dict[int, Figures]:
    """The figures of every grader with a look, by inside number, as `lines.figures` gives them."""
    who, place = distinct(seen.record["grader"].astype(np.int64))
    if not who.size:
        return {}
    sums = _Sums(seen, place, who.size, match)
    settled = dict(zip(who.tolist(), sums.settled, strict=True))
    times = _Times(seen, place, who.size)
    quick = {str(number): pair for number, pair in zip(who.tolist(), times.quick, strict=True) if pair[1]}
    shrunken, skipped = shrunken_of(settled), passed_by(passed)
    found = {}
    for at, number in enumerate(who.tolist()):
        counted, excused = skipped.get(number, (0, 0))
        found[number] = Figures(
            looks=sums.looks[at],
            agreement=sums.agreement[at],
            settled=settled[number],
            ruled=sums.ruled[at],
            raw=sums.raw[at],
            shrunken=shrunken.get(number),
            leaning=sums.leaning(at),
            passed=Part(counted, counted + sums.looks[at]),
            excused=excused,
            rushed=bool(pace(str(number), quick)["rushed"]),
            seconds=times.usual[at],
        )
    return found


class _Sums:
    """Sums by grader at one level."""

    def __init__(self, seen: Kept, place: IntArray, size: int, match: str) -> None:
        same, others = (seen.counts[f"{name}_{match}"].astype(np.float64) for name in ("same", "others"))
        marks = np.bincount(
            place * 256 + seen.counts[f"marks_{match}"], minlength=256 * size
        ).reshape(size, 256)  # fmt: skip
        met = others > 0
        share = np.divide(same, others, out=np.zeros(same.size), where=met)
        agreed = np.bincount(place, weights=share, minlength=size).tolist()
        beside = np.bincount(place[met], minlength=size).tolist()
        self.looks: list[int] = marks.sum(axis=1).tolist()
        self.agreement = [Part(right, n) for right, n in zip(agreed, beside, strict=True)]
        self.settled, self.ruled, self.raw = (_parts(marks, shift) for shift in (RIGHT, RULING, RAW))
        self._over, self._missed = (_having(marks, LEAN, value).tolist() for value in (OVER, MISSED))

    def leaning(self, at: int) -> Leaning | None:
        """How a grader leans over the cases that others settled; None with too few of them."""
        n = self.settled[at].n
        return leaning_of(self._over[at], self._missed[at], n) if n >= FEWEST_CASES else None


def _parts(marks: IntArray, shift: int) -> list[Part]:
    wrong, right = (_having(marks, shift, value).tolist() for value in (SO - 1, SO))
    return [Part(so, so + not_so) for so, not_so in zip(right, wrong, strict=True)]


def _having(marks: IntArray, shift: int, value: int) -> IntArray:
    """How many looks of each grader carry a mark of that value."""
    bytes_ = np.arange(256)
    return np.asarray(marks[:, (bytes_ >> shift & 3) == value].sum(axis=1))


class _Times:
    """How long looks take, by workflow over all graders and by grader."""

    def __init__(self, seen: Kept, place: IntArray, size: int) -> None:
        self.quick = [(0, 0)] * size
        self.usual: list[dict[str, int]] = [{} for _ in range(size)]
        quick, timed = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        known = seen.record["seconds"] >= 0
        seconds, workflow = seen.record["seconds"][known].astype(np.int64), seen.record["workflow"][known]
        for number in distinct(workflow.astype(np.int64))[0].tolist():
            here = workflow == number
            some, who = seconds[here], place[known][here]
            self._take(some, who, seen.words[number])
            if some.size >= FEWEST_TIMED:
                quick += np.bincount(who[some < QUICK * float(np.median(some))], minlength=size)
                timed += np.bincount(who, minlength=size)
        self.quick = list(zip(quick.tolist(), timed.tolist(), strict=True))

    def _take(self, seconds: IntArray, who: IntArray, workflow: str) -> None:
        """Each grader's median look."""
        order = np.lexsort((seconds, who))
        ordered, graders = seconds[order], who[order]
        starts = np.flatnonzero(np.r_[True, graders[1:] != graders[:-1]])
        ends = np.r_[starts[1:], graders.size]
        for first, after in zip(starts.tolist(), ends.tolist(), strict=True):
            self.usual[int(graders[first])][workflow] = round(float(np.median(ordered[first:after])))
