"""Which rows of a kept sheet are closed cases that were imported: by what the sheet calls them, and by nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update

from calibration.models.earlier import EarlierResult
from qa.core.db import db
from qa.models.cases import ClosedCase, ImportRun

#: Names that one statement asks for.
BATCH = 400


@dataclass(frozen=True, slots=True)
class Matched:
    """How many rows of a sheet name a case, and of these cases, how many are imported."""

    rows: int
    without_name: int
    cases: int
    imported: int

    @property
    def unknown(self) -> int:
        """Cases that the sheet names and nobody imported."""
        return self.cases - self.imported


def match(sheet_id: int) -> int:
    """Link rows to the imported cases that they name, in the caller's transaction; how many are linked anew.

    A name that two sources use for different cases names none.
    """
    query = select(EarlierResult.id, EarlierResult.case_ref).where(
        EarlierResult.sheet_id == sheet_id, EarlierResult.case_id.is_(None), EarlierResult.case_ref.is_not(None)
    )
    rows = db.session.execute(query).all()
    names = sorted({row.case_ref for row in rows})
    known: dict[str, int] = {}
    for start in range(0, len(names), BATCH):
        known |= _cases(names[start : start + BATCH])
    linked = [{"row": row.id, "case": known[row.case_ref]} for row in rows if row.case_ref in known]
    if linked:
        table = EarlierResult.__table__
        one = update(table).where(table.c.id == bindparam("row")).values(case_id=bindparam("case"))
        db.session.connection().execute(one, linked)
    return len(linked)


def _cases(names: list[str]) -> dict[str, int]:
    """Name -> the one current case that was decided by somebody known."""
    query = (
        select(ClosedCase.external_id, ClosedCase.id)
        .join(ImportRun, ImportRun.id == ClosedCase.run_id)
        .where(ClosedCase.external_id.in_(names), ClosedCase.replaced_at.is_(None))
        .where(ImportRun.state == "published", ClosedCase.decided_by == "person", ClosedCase.agent_id.is_not(None))
    )
    rows = db.session.execute(query).all()
    counts = Counter(row.external_id for row in rows)
    return {row.external_id: row.id for row in rows if counts[row.external_id] == 1}


def matched(sheet_id: int) -> Matched:
    """How much of a sheet is imported, as it was last looked up."""
    query = select(
        func.count(), func.count(EarlierResult.case_ref), func.count(EarlierResult.case_ref.distinct()),
        func.count(EarlierResult.case_id.distinct()),
    ).where(EarlierResult.sheet_id == sheet_id)  # fmt: skip
    rows, named, cases, imported = db.session.execute(query).one()
    return Matched(rows, rows - named, cases, imported)


def names_of(sheet_id: int) -> list[str]:
    """What the sheet's imported cases are called."""
    query = select(EarlierResult.case_ref).where(EarlierResult.sheet_id == sheet_id, EarlierResult.case_id.is_not(None))
    return sorted({name for name in db.session.scalars(query) if name})
