"""Counting a frame without storing it: one grouped statement, for previews of plans that nobody has kept yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qa.core.db import db
from qa.draws import apart, cells, frames
from qa.draws.frames import Frame
from qa.models.cases import ClosedCase
from qa.models.plans import PlanVersion
from qa.plans import plans

#: As many bound values as either database takes with ease.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases that are alike in all that was asked: how many, and why they are barred (PLAIN: they are not)."""

    cells: dict[str, str | None]
    reason: int
    cases: int


def count(version: PlanVersion, window_from: datetime | None, window_to: datetime) -> Frame:
    """The frame of *version* by its sizes alone, with what is left out by reason."""
    rule, parted = plans.rule_of(version), apart.now(version, window_from)
    sizes: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    for kind in kinds(apart.columns(rule, parted), window_from, window_to):
        reason = kind.reason
        if reason == frames.PLAIN and not rule.lets_in(kind.cells):
            reason = frames.OTHER
        if reason == frames.PLAIN:
            sizes[apart.stratum(rule, kind.cells, parted)] += kind.cases
        else:
            excluded[frames.REASONS[reason]] += kind.cases
    strata = sorted((key for key, cases in sizes.items() if cases), key=str.encode)
    first = db.session.scalar(select(func.min(ClosedCase.closed_at)).where(frames.of_window(window_from, window_to)))
    left_out = {name: cases for name, cases in sorted(excluded.items()) if cases}
    return Frame(0, window_from, window_to, strata, [sizes[key] for key in strata], left_out, first)


def kinds(columns: list[str], window_from: datetime | None, window_to: datetime) -> Iterator[Kind]:
    """The cases of a window by kind. What other rows bar is counted apart, and taken off where it stood."""
    reader = cells.Reader(columns)
    read = [cells.COLUMNS[name] for name in reader.columns]
    query = cells.cells_query(reader.columns, frames.BY_ITSELF.label("why"), func.count())
    query = query.where(frames.of_window(window_from, window_to)).group_by("why", *read)
    for why, cases, *values in db.session.execute(query):
        yield Kind(reader.row(values), why, cases)
    seen: set[int] = set()
    for reason, ids in frames.barred(window_from, window_to).items():
        barred = [case_id for case_id in ids.tolist() if case_id not in seen]
        seen |= set(barred)
        for start in range(0, len(barred), BATCH):
            part = cells.cells_query(reader.columns).where(
                ClosedCase.id.in_(barred[start : start + BATCH]),
                frames.of_window(window_from, window_to),
                frames.BY_ITSELF == frames.PLAIN,
            )
            for values in db.session.execute(part.add_columns(ClosedCase.id)):
                row = reader.row(list(values)[:-1])
                yield Kind(row, frames.PLAIN, -1)
                yield Kind(row, reason, 1)
