"""Who leads the agent of a case."""

from __future__ import annotations

from sqlalchemy import Select, select

from qa.core import leading
from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import ClosedCase


def above_case(case_id: int) -> list[int]:
    """Whoever leads every team, by their inside numbers, without the agent of a case."""
    agent = select(ClosedCase.agent_id).where(ClosedCase.id == case_id).scalar_subquery()
    return list(db.session.scalars(leading.above().where(Person.id.is_distinct_from(agent))))


def of_case(case_id: int) -> Select[tuple[int]]:
    """Whoever leads the team of the agent of a case, or every team."""
    return leading.of_team(select(ClosedCase.agent_team_id).where(ClosedCase.id == case_id).scalar_subquery())
