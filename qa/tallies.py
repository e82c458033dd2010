"""Roll-ups of settled cases, kept in the settlement's own transaction, and equal to a recomputation from the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from qa import section_keys
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.plans import DrawCase
from qa.models.truth import Tally, Truth

CELL = ("stratum_id", "agent_id", "team_id", "play_key", "tier", "locale", "workflow", "week_on", "level")
COUNTS = ("n", "right", "false_positive", "false_negative", "wrong_selection")


@dataclass(frozen=True, slots=True)
class Counted:
    """What one settled case adds to the cell of one level."""

    level: str
    right: bool
    kind: str


def week_of(moment: datetime) -> date:
    """The Monday of the week of *moment*, in UTC."""
    return moment.date() - timedelta(days=moment.weekday())


def counted(decided_key: str, truth_verdict: str, rights: dict[str, bool | None]) -> list[Counted]:
    """What a case counts as on each settled level. Pure; shared with the recomputation."""
    found = []
    for level, right in rights.items():
        if right is None:
            continue
        decided = "no_violation" if decided_key == section_keys.NONE else "violates"
        if right:
            kind = "right"
        elif decided == truth_verdict:
            kind = "wrong_selection"
        else:
            kind = "false_negative" if decided == "no_violation" else "false_positive"
        found.append(Counted(level, right, kind))
    return found


def rights_of(truth: Truth) -> dict[str, bool | None]:
    """Level -> whether the decision matches there, None where it is not settled."""
    return {"verdict": truth.right_verdict, "policy": truth.right_policy, "action": truth.right_action}


def cell(case: ClosedCase, stratum_id: int, tier: str, level: str) -> dict[str, Any]:
    """The cell that a case's counts of one level stand in."""
    return {
        "stratum_id": stratum_id, "agent_id": case.agent_id or 0, "team_id": case.agent_team_id or 0,
        "play_key": case.play_key, "tier": tier, "locale": case.locale or "", "workflow": case.workflow,
        "week_on": week_of(case.closed_at), "level": level,
    }  # fmt: skip


def count(case: ClosedCase, truth: Truth, *, by: int) -> None:
    """Add (1) or take away (-1) what *case* counts as under *truth*, in each draw that holds it."""
    rows = []
    drawn = db.session.execute(select(DrawCase.stratum_id, DrawCase.tier).where(DrawCase.case_id == case.id)).all()
    for one in counted(case.decided_key, truth.verdict, rights_of(truth)):
        for stratum_id, tier in drawn:
            counts = {name: by * (name in ("n", one.kind)) for name in COUNTS}
            rows.append({**cell(case, stratum_id, tier, one.level), **counts})
    if not rows:
        return
    db.session.connection().execute(_adding(db.engine.dialect.name), rows)


@cache
def _adding(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The statement that adds counts to a cell, or begins it; made once, so that it is compiled once."""
    columns = Tally.__table__.c
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Tally.__table__)
    added = {columns[name]: columns[name] + statement.excluded[name] for name in COUNTS}
    return statement.on_conflict_do_update(index_elements=list(CELL), set_=added)


def kept() -> dict[tuple[Any, ...], dict[str, int]]:
    """The roll-ups as they are kept, without empty cells."""
    columns = Tally.__table__.c
    rows = db.session.execute(select(*(columns[name] for name in (*CELL, *COUNTS))).where(columns.n != 0))
    return {tuple(row[: len(CELL)]): dict(zip(COUNTS, row[len(CELL) :], strict=True)) for row in rows}


def recomputed() -> dict[tuple[Any, ...], dict[str, int]]:
    """The same from the rows themselves: what `kept` must equal."""
    cells: dict[tuple[Any, ...], Counter[str]] = {}
    query = (
        select(ClosedCase, Truth, DrawCase.stratum_id, DrawCase.tier)
        .join(Truth, Truth.case_id == ClosedCase.id)
        .join(DrawCase, DrawCase.case_id == ClosedCase.id)
        .where(Truth.replaced_at.is_(None))
    )
    for case, truth, stratum_id, tier in db.session.execute(query):
        for one in counted(case.decided_key, truth.verdict, rights_of(truth)):
            key = tuple(cell(case, stratum_id, tier, one.level)[name] for name in CELL)
            cells.setdefault(key, Counter()).update(["n", one.kind])
    return {key: {name: counter[name] for name in COUNTS} for key, counter in cells.items()}
