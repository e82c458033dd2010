"""Whose figures somebody may see, and under which name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db, is_writing, remembered
from qa.core.errors import NotFound
from qa.core.models import Person, RoleGrant, Team, TeamMember


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent as a page may name them."""

    id: int
    public_id: str
    external_id: str
    name: str
    team: str
    team_id: int | None


def everybody() -> dict[int, Agent]:
    """All who hold, or held, the role of an agent, with the team of today, by inside number."""
    return _everybody() if is_writing() else remembered("agents", _everybody)


def _everybody() -> dict[int, Agent]:
    today = clock.now().date()
    now_in = and_(
        TeamMember.person_id == Person.id,
        TeamMember.from_on <= today,
        or_(TeamMember.to_on.is_(None), TeamMember.to_on > today),
    )
    query = (
        select(Person.id, Person.public_id, Person.external_id, Person.name, Team.name, Team.id)
        .outerjoin(TeamMember, now_in)
        .outerjoin(Team, Team.id == TeamMember.team_id)
        .where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == "agent")))
        .order_by(Person.id)
    )
    return {row[0]: Agent(*row[:4], row[4] or "", row[5]) for row in db.session.execute(query)}


def teams() -> dict[int, str]:
    """The names of all teams, by inside number."""
    return {row.id: row.name for row in db.session.execute(select(Team.id, Team.name))}


def looked_after(actor: Actor) -> dict[int, Agent]:
    """The agents whose figures *actor* may see by name: those of the own teams, all of them for an admin, and oneself.

    With the setting *team level only* a person's figures are seen by that person alone.
    """
    if preferences.get("team_level_only"):
        return {key: agent for key, agent in everybody().items() if key == actor.id}
    return {key: agent for key, agent in everybody().items() if key == actor.id or actor.sees_team(agent.team_id)}


def led_by(actor: Actor) -> dict[int, Agent]:
    """The agents whose alerts *actor* may open and act on: those of the teams led, never oneself."""
    mine = looked_after(actor)
    return {key: agent for key, agent in mine.items() if key != actor.id and actor.sees_team(agent.team_id)}


def shown_to(actor: Actor) -> dict[int, Agent]:
    """The agents whose figures stand on a page for *actor*: an observer sees all of them, nameless."""
    if actor.has("manager", "admin") or not actor.has("observer"):
        return looked_after(actor)
    if preferences.get("team_level_only"):
        return {}
    hidden = sorted(everybody().values(), key=lambda agent: agent.public_id)
    return {
        agent.id: replace(agent, name=f"Agent {number}", public_id="", external_id=f"agent-{number}")
        for number, agent in enumerate(hidden, start=1)
    }


def may_open(actor: Actor, public_id: str) -> Agent:
    """The agent of this address, for the agent and for whoever looks after them; for others NotFound."""
    for agent in looked_after(actor).values():
        if agent.public_id == public_id:
            return agent
    raise NotFound("agent")
