"""Who leads whom: the managers of a team, and those a step above, who lead every team."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_, select, true

from qa.core import clock
from qa.core.access import Actor
from qa.core.models import Person, RoleGrant, Team, TeamManager, TeamMember


def has_role(role: str) -> Exists:
    """In a query over `Person`: whoever has the role now."""
    return exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, RoleGrant.to_at.is_(None))


def is_above(actor: Actor) -> bool:
    """Whether somebody leads every team."""
    return actor.has("admin") or (actor.has("manager") and actor.managed_teams is None)


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """In a query over `Person`: whom a lead meets in lists of people; a vendor's lead, that vendor's people alone."""
    if actor.vendor is None or actor.has("admin"):
        return true()
    today = clock.now().date()
    member = exists().where(
        TeamMember.person_id == Person.id, TeamMember.from_on <= today,
        or_(TeamMember.to_on.is_(None), TeamMember.to_on > today),
        TeamMember.team_id.in_(sorted(actor.managed_teams or ())),
    )  # fmt: skip
    return or_(Person.vendor == actor.vendor, member)


def above() -> Select[tuple[int]]:
    """Whoever leads every team, by inside number."""
    every = exists().where(TeamManager.person_id == Person.id, TeamManager.team_id.is_(None))
    managers = and_(has_role("manager"), every, Person.vendor.is_(None))
    return select(Person.id).where(Person.active, or_(has_role("admin"), managers)).order_by(Person.id)


def of_team(team: Any) -> Select[tuple[int]]:
    """The managers who lead *team* (a number or a query for one) or every team, by inside number."""
    leads = exists().where(
        TeamManager.person_id == Person.id, or_(TeamManager.team_id.is_(None), TeamManager.team_id == team)
    )
    leads = and_(leads, or_(Person.vendor.is_(None), exists().where(Team.id == team, Team.vendor == Person.vendor)))
    return select(Person.id).where(Person.active, has_role("manager"), leads).order_by(Person.id)
