"""Roll-up of committed looks: what each counts for its grader, kept in the transaction in which that changes.

A look counts by the other looks at its case and by what stands there, so a commit or a settlement changes the counts of
one case's looks and of no others. A page adds up bytes: 275,000 looks of 13 weeks in some hundredths of a second.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, delete, insert, select, update

from calibration.graders.counting import COUNTS, counted
from calibration.models.graders import LookPart, LooksKept
from calibration.queries import looks
from calibration.queries.looks import Kept
from qa.core.db import ask, db, write
from qa.core.jobs import Work
from qa.grading import votes
from qa.policies import merging
from qa.tallies import tallies
from qa.tallies import words as tally_words

#: Looks of a part: committing one rewrites as many at most.
SIZE = 256
#: As many bound values as either database takes with ease.
BATCH = 500
GRADE = np.dtype("<i8")
#: Who looked, how long (-1: nobody knows), and at what: `workflow` to `locale` are numbers of words.
RECORD = np.dtype([("grader", "<i4"), ("seconds", "<i4"), ("workflow", "<u2"), ("play", "<u2"), ("locale", "<u2")])
_EPOCH = date(1970, 1, 1)
_PART = LookPart.__table__.c

#: days -> the parts of these days, held from first to last.
_OF_DAYS = (
    select(_PART.id, _PART.closed_day, _PART.looks, _PART.grades, _PART.counts)
    .where(_PART.closed_day.in_(bindparam("days", expanding=True)))
    .order_by(_PART.id)
    .with_for_update()
)
_RECORDS = select(_PART.id, _PART.records).where(_PART.id.in_(bindparam("part_ids", expanding=True)))
_MOVE = update(LookPart.__table__).where(_PART.id == bindparam("part")).values(counts=bindparam("moved"))
_FILL = (
    update(LookPart.__table__)
    .where(_PART.id == bindparam("part"))
    .values(
        looks=bindparam("size"), grades=bindparam("all_grades"), records=bindparam("all_records"),
        counts=bindparam("all_counts"),
    )
)  # fmt: skip
_ADD = insert(LookPart.__table__)
_KEPT = select(LooksKept.merges).where(LooksKept.id == 1)


def day_of(closed_on: date) -> int:
    """Days since 1970."""
    return (closed_on - _EPOCH).days


def is_whole() -> bool:
    """Whether the parts hold all committed looks, counted by today's readings of merged sections."""
    return ask(_KEPT).scalar() == _merges()


def keep_up() -> None:
    """Let the counts of looks say what the rows say, at all cases that this transaction changed: before a commit."""
    touched = tallies.touched() | votes.touched()
    if touched and ask(_KEPT).scalar() is not None:
        db.session.flush()
        for some in _batches(sorted(touched)):
            _write(looks.at_cases(some))


def rebuild() -> None:
    """Write the roll-up anew from the rows, day by day."""
    db.session.flush()
    for table in (LookPart, LooksKept):
        db.session.execute(delete(table))
    for case_ids in looks.cases_by_day():
        _write([one for some in _batches(case_ids) for one in looks.at_cases(some)])
    db.session.add(LooksKept(id=1, merges=_merges()))
    db.session.flush()


def set_up() -> None:
    """Build the roll-up where there is none, or sections have been merged or parted since; safe to repeat."""
    if not is_whole():
        rebuild()


def recount_job(_work: Work) -> dict[str, int]:
    """Count anew where sections have been merged or parted; until then pages count from the rows."""
    whole = is_whole()
    db.session.rollback()
    if not whole:
        write(rebuild)
    return {"recounted": int(not whole)}


def kept() -> dict[int, tuple[int, ...]]:
    """Grade -> what its look counts, as it is kept."""
    found: dict[int, tuple[int, ...]] = {}
    for grades, counts in db.session.execute(select(LookPart.grades, LookPart.counts)):
        found |= zip(np.frombuffer(grades, GRADE).tolist(), np.frombuffer(counts, COUNTS).tolist(), strict=True)
    return found


def recomputed() -> dict[int, tuple[int, ...]]:
    """The same from the rows themselves: what `kept` must equal."""
    return {
        one.grade_id: row
        for case_ids in looks.cases_by_day()
        for some in _batches(case_ids)
        for one, row in _rows(looks.at_cases(some))
    }


def _batches(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (case_ids[start : start + BATCH] for start in range(0, len(case_ids), BATCH))


def _rows(seen: Iterable[Kept]) -> Iterator[tuple[Kept, tuple[int, ...]]]:
    """Each look with what it counts; the looks of a case stand together."""
    for _, some in groupby(seen, key=lambda one: one.look.case_id):
        members = list(some)
        yield from zip(members, counted([one.look for one in members]), strict=True)


def _write(seen: Sequence[Kept]) -> None:
    """Write what these looks count, all looks at some cases: those that are known in their places, the others new."""
    if not seen:
        return
    by_day: dict[int, dict[int, tuple[Kept, tuple[int, ...]]]] = defaultdict(dict)
    for one, row in _rows(seen):
        by_day[day_of(one.closed_on)][one.grade_id] = (one, row)
    moved, last = [], {}
    for part in ask(_OF_DAYS, {"days": sorted(by_day)}).all():
        wanted, grades = by_day[part.closed_day], np.frombuffer(part.grades, GRADE)
        places = np.flatnonzero(np.isin(grades, np.fromiter(wanted, dtype=GRADE, count=len(wanted))))
        counts = np.frombuffer(part.counts, COUNTS).copy()
        for place in places.tolist():
            counts[place] = wanted.pop(int(grades[place]))[1]
        if counts.tobytes() != part.counts:
            moved.append({"part": part.id, "moved": counts.tobytes()})
        if part.looks < SIZE:
            last[part.closed_day] = (part.id, part.grades, counts.tobytes())
    if moved:
        ask(_MOVE, moved)
    _append({day: list(new.values()) for day, new in by_day.items() if new}, last)


def _append(new: dict[int, list[tuple[Kept, tuple[int, ...]]]], last: dict[int, tuple[int, bytes, bytes]]) -> None:
    """Fill the last part of each day up, and begin new ones for the rest."""
    if not new:
        return
    codes = tally_words.numbered({word for rows in new.values() for one, _ in rows for word in _words(one)})
    open_parts = [last[day][0] for day in new if day in last]
    records = {row.id: row.records for row in ask(_RECORDS, {"part_ids": open_parts})}
    filled, added = [], []
    for day, rows in sorted(new.items()):
        packed = _packed(rows, codes)
        if day in last:
            part_id, grades, counts = last[day]
            packed = tuple(
                before + more for before, more in zip((grades, records[part_id], counts), packed, strict=True)
            )
            first = _cut(packed, 0)
            filled.append({"part": part_id, "size": len(first[0]) // GRADE.itemsize,
                           **dict(zip(("all_grades", "all_records", "all_counts"), first, strict=True))})  # fmt: skip
        size = len(packed[0]) // GRADE.itemsize
        for start in range(SIZE if day in last else 0, size, SIZE):
            grades, some, counts = _cut(packed, start)
            added.append({"closed_day": day, "looks": len(grades) // GRADE.itemsize, "grades": grades,
                          "records": some, "counts": counts})  # fmt: skip
    for statement, values in ((_FILL, filled), (_ADD, added)):
        if values:
            ask(statement, values)


def _packed(rows: Sequence[tuple[Kept, tuple[int, ...]]], codes: dict[str, int]) -> tuple[bytes, ...]:
    """(grades, records, counts) of new looks."""
    records: npt.NDArray[np.void] = np.array(
        [
            (one.look.grader_id, -1 if one.look.seconds_shown is None else one.look.seconds_shown,
             *(codes[word] for word in _words(one)))
            for one, _ in rows
        ],
        dtype=RECORD,
    )  # fmt: skip
    grades = np.array([one.grade_id for one, _ in rows], dtype=GRADE)
    return grades.tobytes(), records.tobytes(), np.array([row for _, row in rows], dtype=COUNTS).tobytes()


def _cut(packed: Sequence[bytes], start: int) -> tuple[bytes, ...]:
    """One part of what is packed, from the look at *start* on."""
    widths = (GRADE.itemsize, RECORD.itemsize, COUNTS.itemsize)
    return tuple(column[start * width : (start + SIZE) * width] for column, width in zip(packed, widths, strict=True))


def _words(one: Kept) -> tuple[str, str, str]:
    return one.look.workflow, one.look.play, one.look.locale


def _merges() -> str:
    pairs = sorted(merging.compared_keys().items())
    return hashlib.sha256(repr(pairs).encode()).hexdigest()
