"""What the pages of a long draft show, kept when it is read; a page then loads the one sheet that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select

from qa.core.db import db
from qa.models.drafting import DifferenceSheet, DraftSheet, PolicyDraft

#: What is kept of how a draft stands to the version before it; all else is of the draft alone.
DIFFERENCES = ("changes", "keys", "lost", "stand_ins")
#: A longer text is read by a job, and shown from sheets: reading it takes seconds.
LONG = 300_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some of a long list: its rows, the numbers of the first and of all, and where the next begin."""

    rows: Sequence[Any]
    first: int
    total: int
    before: int | None
    after: int | None


def sheet_of(rows: Sequence[Any], first: int, size: int) -> Sheet:
    """The part of *rows* that holds the one with the number *first* (from 0), *size* of them at most."""
    at = max(0, min(first, len(rows) - 1) // size * size) if rows else 0
    return part(rows[at : at + size], at, len(rows), size)


def part(rows: Sequence[Any], first: int, total: int, size: int) -> Sheet:
    """The *rows* from *first* on, of *total* that are shown in parts of *size*."""
    after = first + size if first + size < total else None
    return Sheet(rows, first, total, first - size if first else None, after)


def is_long(markdown: str) -> bool:
    """Whether a text is read by a job."""
    return len(markdown) > LONG


def keep(draft: PolicyDraft, made: Mapping[str, Sequence[Any]], sizes: Mapping[str, int]) -> None:
    """Keep what was read of a draft, kind by kind, in the place of what was kept before."""
    for table in (DraftSheet, DifferenceSheet):
        db.session.execute(delete(table).where(table.draft_id == draft.id))
    for kind, rows in made.items():
        size = sizes[kind]
        sheets = [
            {"draft_id": draft.id, "kind": kind, "first": at, "total": len(rows), "rows": list(rows[at : at + size])}
            for at in range(0, len(rows), size) or (0,)
        ]
        db.session.execute(insert(_table(kind)), sheets)
    draft.kept_revision = draft.revision
    db.session.flush()


def kept(draft_id: int, kind: str, first: int, size: int) -> Sheet:
    """The sheet of a kind that holds the row with the number *first*, or the last one."""
    table = _table(kind)
    mine = (table.draft_id == draft_id, table.kind == kind)
    last = select(func.max(table.first)).where(*mine, table.first <= max(first, 0)).scalar_subquery()
    columns = select(table.rows, table.first, table.total)
    row = db.session.execute(columns.where(*mine, table.first == last)).first()
    return part((), 0, 0, size) if row is None else part(row.rows, row.first, row.total, size)


def _table(kind: str) -> type[DraftSheet] | type[DifferenceSheet]:
    return DifferenceSheet if kind in DIFFERENCES else DraftSheet


def firsts(draft_id: int, kind: str) -> list[tuple[int, Any]]:
    """The number of the first row of each sheet of a kind, with that row."""
    query = select(DraftSheet.first, DraftSheet.rows[0]).where(DraftSheet.draft_id == draft_id, DraftSheet.kind == kind)
    return [(first, head) for first, head in db.session.execute(query.order_by(DraftSheet.first))]
