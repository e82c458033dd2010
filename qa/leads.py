"""Who leads whom: those of the team of a case's agent, and those a step above, who lead every team."""

from __future__ import annotations

from sqlalchemy import Exists, Select, and_, exists, or_, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person, RoleGrant, TeamManager
from qa.models.cases import ClosedCase


def is_above(actor: Actor) -> bool:
    """Whether somebody leads every team."""
    return actor.has("admin") or (actor.has("manager") and actor.managed_teams is None)


def above() -> Select[tuple[int]]:
    """Whoever leads every team."""
    every = exists().where(TeamManager.person_id == Person.id, TeamManager.team_id.is_(None))
    return select(Person.id).where(Person.active, or_(_has("admin"), and_(_has("manager"), every)))


def above_case(case_id: int) -> list[int]:
    """The same by their inside numbers, without the agent of a case."""
    agent = select(ClosedCase.agent_id).where(ClosedCase.id == case_id).scalar_subquery()
    return list(db.session.scalars(above().where(Person.id.is_distinct_from(agent)).order_by(Person.id)))


def of_case(case_id: int) -> Select[tuple[int]]:
    """Whoever leads the team of the agent of a case, or every team."""
    team = select(ClosedCase.agent_team_id).where(ClosedCase.id == case_id).scalar_subquery()
    leads = exists().where(
        TeamManager.person_id == Person.id, or_(TeamManager.team_id.is_(None), TeamManager.team_id == team)
    )
    return select(Person.id).where(Person.active, _has("manager"), leads).order_by(Person.id)


def _has(role: str) -> Exists:
    return exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, RoleGrant.to_at.is_(None))
