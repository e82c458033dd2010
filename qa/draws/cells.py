"""The columns that a plan may speak of, as SQL: each is a text or empty, alike on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, select
from sqlalchemy.orm import InstrumentedAttribute

from qa.core.models import Person, Team
from qa.models.cases import CaseText, ClosedCase

Cell = ColumnElement[Any] | InstrumentedAttribute[Any]

COLUMNS: dict[str, Cell] = {
    "agent": Person.external_id,
    "team": Team.name,
    "workflow": ClosedCase.workflow,
    "queue": ClosedCase.queue,
    "locale": ClosedCase.locale,
    "language": CaseText.language,
    "severity": ClosedCase.severity,
    "confidence": ClosedCase.confidence,
    "policy": ClosedCase.play_key,
    "decided_policy": ClosedCase.decided_key,
    "action": ClosedCase.action,
    "source": ClosedCase.source,
    "handle_seconds": cast(ClosedCase.handle_seconds, String),
}


def joined(query: Select[Any], columns: set[str]) -> Select[Any]:
    """*query* over closed cases with the tables that *columns* stand in."""
    if "agent" in columns:
        query = query.outerjoin(Person, Person.id == ClosedCase.agent_id)
    if "team" in columns:
        query = query.outerjoin(Team, Team.id == ClosedCase.agent_team_id)
    if "language" in columns:
        query = query.outerjoin(CaseText, CaseText.case_id == ClosedCase.id)
    return query


def cells_query(columns: list[str], *more: Cell) -> Select[Any]:
    """A query of *more* and then of *columns*, in their order."""
    return joined(select(*more, *(COLUMNS[name] for name in columns)).select_from(ClosedCase), set(columns))
