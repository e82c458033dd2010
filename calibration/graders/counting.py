"""What the looks at one case count for their graders, level by level, as a few bytes each that add up.

The rules are those of `calibration.random_looks` and `calibration.graders.scores`; here their answers are packed, so
that a page adds up bytes where it would read rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from calibration.graders.scores import LEVELS, RULED, counts, is_right, scored
from calibration.queries.looks import Look
from calibration.random_looks import Beside, beside
from qa.grading.votes import AT_RANDOM

#: Of one level: `same` of so many `others` planned at random say the same; `marks`: four marks of two bits each, from
#: the lowest on: right by two other votes, right by a ruling, right of all, and how it leans.
COUNTS = np.dtype([(f"{name}_{level}", "u1") for level in LEVELS for name in ("same", "others", "marks")])
RIGHT, RULING, RAW, LEAN = 0, 2, 4, 6
#: A mark that is set: not so, or so.
WRONG, SO = 1, 2
#: What leaning says: as often as what stands, "violates" where nothing does, nothing where something does.
EVEN, OVER, MISSED = 1, 2, 3
#: More others than this cannot be told by a byte; no plan asks for as many looks.
MOST = 255


class Counted(NamedTuple):
    """One look at one level."""

    same: int
    others: int
    marks: int


_NOTHING = Counted(0, 0, 0)


def counted(looks: Sequence[Look]) -> list[tuple[int, ...]]:
    """What each of all looks at one case counts, in their order: a row of `COUNTS`."""
    by_level = [_on_level(looks, level) for level in LEVELS]
    return [tuple(number for rows in by_level for number in rows[at]) for at in range(len(looks))]


def _on_level(looks: Sequence[Look], match: str) -> list[Counted]:
    """The same at one level."""
    if len(looks) == 1 and looks[0].purpose in AT_RANDOM and looks[0].basis not in RULED:
        one = looks[0]
        return [Counted(0, 0, _mark(is_right(one, match)) << RAW) if counts(one, match) else _NOTHING]
    besides = {id(one.look): one for one in beside(looks, match)}
    others = min(max(len(besides) - 1, 0), MOST)
    raw = {id(one.look): one.right for one in scored(looks, match)}
    return [_counted(besides.get(id(look)), others, raw.get(id(look))) for look in looks]


def _counted(one: Beside | None, others: int, raw: bool | None) -> Counted:
    marks = _mark(raw) << RAW
    if one is None:
        return Counted(0, 0, marks)
    marks |= _mark(one.right) << RIGHT | _mark(one.ruled) << RULING
    if one.right is not None:
        marks |= _lean(one.look) << LEAN
    same = 0 if one.agrees is None else round(one.agrees * others)
    return Counted(same, others, marks)


def _mark(is_so: bool | None) -> int:
    return 0 if is_so is None else WRONG + is_so


def _lean(look: Look) -> int:
    """Whether a look says "violates" where what stands does not, or the other way round."""
    stands = look.truth is not None and look.truth.verdict == "violates"
    gap = (look.vote.verdict == "violates") - stands
    return OVER if gap > 0 else MISSED if gap < 0 else EVEN
