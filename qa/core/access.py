"""Who acts, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import or_, select

from qa.core import clock
from qa.core.db import db
from qa.core.models import Person, RoleGrant, Skill, TeamManager, TeamMember


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does a deed: a person as of now, or the system itself."""

    id: int | None
    public_id: str
    name: str
    roles: frozenset[str] = frozenset()
    team_id: int | None = None
    #: Teams that a manager sees; None: all of them.
    managed_teams: frozenset[int] | None = frozenset()
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    locale: str = "en"
    theme: str | None = None
    keys_off: bool = False
    email: str | None = field(default=None, repr=False)

    def has(self, *roles: str) -> bool:
        """Whether one of *roles* is held."""
        return not self.roles.isdisjoint(roles)

    @property
    def can_be_given_blind_tasks(self) -> bool:
        """Whoever grades, adjudicates or decides disputes must not see decisions by the way."""
        return "reviewer" in self.roles or not self.skills.isdisjoint({"adjudicate", "decide_dispute"})

    def sees_team(self, team_id: int | None) -> bool:
        """Whether a manager of this actor's kind looks after *team_id*."""
        if self.has("admin"):
            return True
        return self.has("manager") and (self.managed_teams is None or team_id in self.managed_teams)


#: Jobs, commands and the nightly work act as this.
SYSTEM = Actor(id=None, public_id="system", name="Second Look", roles=frozenset({"admin"}), managed_teams=None)


def actor(person_id: int) -> Actor | None:
    """The person as of now; None for who is not there or not active any more."""
    person = db.session.get(Person, person_id)
    if person is None or not person.active or person.erased_at is not None:
        return None
    today = clock.now().date()
    roles = db.session.scalars(
        select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.to_at.is_(None))
    )
    team_id = db.session.scalar(
        select(TeamMember.team_id)
        .where(TeamMember.person_id == person_id, TeamMember.from_on <= today)
        .where(or_(TeamMember.to_on.is_(None), TeamMember.to_on > today))
    )
    teams = set(db.session.scalars(select(TeamManager.team_id).where(TeamManager.person_id == person_id)))
    skills = db.session.execute(
        select(Skill.kind, Skill.value).where(
            Skill.person_id == person_id, or_(Skill.to_on.is_(None), Skill.to_on > today)
        )
    ).all()
    return Actor(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        roles=frozenset(roles),
        team_id=team_id,
        managed_teams=None if None in teams else frozenset(teams),
        languages=frozenset(value for kind, value in skills if kind == "language"),
        skills=frozenset(kind if not value else f"{kind}:{value}" for kind, value in skills if kind != "language"),
        time_zone=person.time_zone,
        locale=person.locale,
        theme=person.theme,
        keys_off=person.keys_off,
        email=person.email,
    )


def actor_by_external_id(external_id: str) -> Actor | None:
    """The person that an imported file calls *external_id*."""
    person_id = db.session.scalar(select(Person.id).where(Person.external_id == external_id))
    return None if person_id is None else actor(person_id)
