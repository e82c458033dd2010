"""The figures of a page from sums by draw: only draws in which something has changed are summed again.

`calibration.tallied` gives the same from all cases at once. A settlement changes one draw's roll-up in its own
transaction, and with it that draw's stamp, so a page that is opened after it reads that draw alone: of a year's
million graded cases some 20,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from calibration.accuracy import Rate
from calibration.by_draw.joining import put_right
from calibration.by_draw.parts import Part, Question, part_of
from calibration.stats.estimate import OPEN_SHARE
from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.slice_sums import DRAWN, ROWS, STILL_OPEN, figures_of, is_running
from calibration.tallied import distinct
from qa.core import remembering
from qa.queries import tallied
from qa.queries.tallied import Head, Strata, Tallied

#: Draws of a question that are remembered: a year of weekly ones; a million graded cases a year take some 100 MB.
REMEMBERED = 64
#: (stamp of the draw's content, its cases under dispute, the ends of the period where they cut it, the question).
Key = tuple[Head, tuple[int, ...], tuple[int, int] | None, Question]


@dataclass(frozen=True)
class ByDraw:
    """The draws of a period that are complete, in sums."""

    parts: Sequence[Part]
    strata: Strata
    asked: Question
    #: Cases of draws that are still in progress, left out.
    left_out: int

    def figures(self, name: str) -> dict[int, Rate]:
        """A figure for each slice of one slicing, by its number."""
        some = [part.slicings[name] for part in self.parts]
        numbers, place = distinct(np.concatenate([one.numbers for one in some]))
        if not numbers.size:
            return {}
        totals = _added([one.settled for one in some], place, numbers.size)
        running = is_running(totals[DRAWN], totals[STILL_OPEN])
        if running.any():
            totals[:, running] = _added([one.running for one in some], place, numbers.size)[:, running]
        notes = put_right(totals, self.parts, name, numbers, running, self.strata, self.asked.estimand)
        found = figures_of(totals, running, notes, estimand=self.asked.estimand, level=0.95)
        counts = (
            np.bincount(place, weights=np.concatenate(column), minlength=numbers.size).astype(int).tolist()
            for column in ([one.disputed for one in some], [one.not_blind for one in some])
        )
        match = "verdict" if name in ("enforced", "errors") else self.asked.match
        rows = zip(numbers.tolist(), found, *counts, strict=True)
        return {number: Rate({}, match, figure, *counted) for number, figure, *counted in rows}

    def numbers(self, name: str) -> list[int]:
        """The numbers of one filter that the draws hold."""
        found, _ = distinct(np.concatenate([part.numbers[name] for part in self.parts]))
        return [int(number) for number in found]


def by_draw(asked: Question, *, since: datetime, until: datetime) -> ByDraw | None:
    """The draws of a period; None where their sums do not say it all: no case, or cases that settle another level."""
    heads = tallied.heads(since=since, until=until)
    if not heads:
        return None
    strata = tallied.strata([head.draw_id for head in heads])
    if not strata.is_grouped:
        return None
    disputed = tallied.disputed_by_draw()
    keys = [_key(head, disputed.get(head.draw_id, ()), since, until, asked) for head in heads]

    def read(missing: list[Key]) -> list[Part | None]:
        drawn = tallied.drawn(since=since, until=until, draws=[key[0].draw_id for key in missing])
        apart = _apart(drawn, [key[0].draw_id for key in missing])
        return [
            part_of(some, strata, asked, key[1]) if len(some) else None
            for key, some in zip(missing, apart, strict=True)
        ]

    found = remembering.remembered_all("by_draw", keys, read, most=REMEMBERED)
    parts = [part for part in found if part is not None]
    kept = [part for part in parts if part.open <= OPEN_SHARE * part.drawn] or parts
    if not kept or not _on_level(kept, asked.match):
        return None
    return ByDraw(kept, strata, asked, sum(part.drawn for part in parts) - sum(part.drawn for part in kept))


def _key(head: Head, disputed: Sequence[int], since: datetime, until: datetime, asked: Question) -> Key:
    ends = int(since.timestamp()), int(until.timestamp())
    is_whole = head.first_closed >= ends[0] and head.last_closed < ends[1]
    return head, tuple(disputed), None if is_whole else ends, asked


def _apart(drawn: Tallied, draw_ids: Sequence[int]) -> list[Tallied]:
    """The cases of each draw."""
    order = np.argsort(drawn.draw, kind="stable")
    starts = np.searchsorted(drawn.draw, np.sort(np.array(draw_ids)), sorter=order)
    by_id = dict(zip(sorted(draw_ids), np.split(order, starts[1:]), strict=True))
    return [drawn.only(by_id[draw_id]) for draw_id in draw_ids]


def _on_level(parts: Sequence[Part], match: str) -> bool:
    """Whether all cases count on the level, as `tallied.on_level` says it."""
    sums: dict[int, tuple[int, int]] = {}
    for part in parts:
        for workflow, (settled, known) in part.levels.items():
            before = sums.get(workflow, (0, 0))
            sums[workflow] = before[0] + settled, before[1] + known
    return all(settled == known and (settled > 0 or match != "action") for settled, known in sums.values())


def _added(sums: Sequence[FloatArray], place: IntArray, size: int) -> FloatArray:
    """The sums of several draws, each slice at its place."""
    whole = np.concatenate(sums, axis=1)
    return np.array([np.bincount(place, weights=whole[row], minlength=size) for row in range(ROWS)])
