"""The columns that a plan may speak of: each is a text or empty, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from qa.core.db import db
from qa.core.models import Person, Team
from qa.models.cases import CaseText, ClosedCase

Cell = ColumnElement[Any] | InstrumentedAttribute[Any]

#: Names of a plan -> what is read of a case. Inside numbers become names once per value, not once per case.
COLUMNS: dict[str, Cell] = {
    "agent": ClosedCase.agent_id,
    "team": ClosedCase.agent_team_id,
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
    "handle_seconds": ClosedCase.handle_seconds,
}
_NAMES = {"agent": (Person.id, Person.external_id), "team": (Team.id, Team.name)}


def cells_query(columns: Sequence[str], *more: Cell) -> Select[Any]:
    """A query of *more* and then of what is read for *columns*, in their order."""
    query = select(*more, *(COLUMNS[name] for name in columns)).select_from(ClosedCase)
    return query.outerjoin(CaseText, CaseText.case_id == ClosedCase.id) if "language" in columns else query


class Reader:
    """Turns what was read for some columns into the texts that a plan speaks of."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._names = {
            name: {row[0]: row[1] for row in db.session.execute(select(*_NAMES[name]))}
            for name in self.columns
            if name in _NAMES
        }

    def row(self, values: Sequence[Any]) -> dict[str, str | None]:
        """Column -> text of one case or of one combination of values."""
        return {
            name: self._names[name].get(value) if name in self._names else None if value is None else str(value)
            for name, value in zip(self.columns, values, strict=True)
        }
