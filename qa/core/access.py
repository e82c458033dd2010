"""Who acts, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, String, bindparam, cast, func, or_, select, type_coerce

from qa.core import clock
from qa.core.db import ask, db
from qa.core.models import Person, RoleGrant, Skill, Team, TeamManager, TeamMember


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does a deed: a person as of now, or the system itself."""

    id: int | None
    public_id: str
    name: str
    roles: frozenset[str] = frozenset()
    team_id: int | None = None
    #: Teams that a manager sees; None: all of them. Whom a vendor employs sees teams of that vendor alone.
    managed_teams: frozenset[int] | None = frozenset()
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    locale: str = "en"
    theme: str | None = None
    keys_off: bool = False
    #: Who employs the person, where that is not the house itself.
    vendor: str | None = None
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


#: Parts the values of a list that the database joins; stands in no role, language or skill.
_AND = "\x1f"
_PERSON, _GRANT, _SKILL = Person.__table__.c, RoleGrant.__table__.c, Skill.__table__.c
_MEMBER, _LEAD, _TEAM = TeamMember.__table__.c, TeamManager.__table__.c, Team.__table__.c


def _all_of(value: ColumnElement[Any], *held: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Every *value* of a person that is held, joined."""
    return select(func.aggregate_strings(value, _AND)).where(*held).scalar_subquery()


def _who() -> Select[Any]:
    """A person with roles, teams and skills in one row, on the day that `today` is bound to."""
    day = bindparam("today", type_=_MEMBER.from_on.type)
    role = type_coerce(_GRANT.role, String)
    team = select(_MEMBER.team_id).where(_MEMBER.person_id == _PERSON.id, _MEMBER.from_on <= day)
    skill = type_coerce(_SKILL.kind, String).concat(":").concat(_SKILL.value)
    skilled = _SKILL.person_id == _PERSON.id, or_(_SKILL.to_on.is_(None), _SKILL.to_on > day)
    return select(
        _PERSON.id, _PERSON.public_id, _PERSON.name, _PERSON.active, _PERSON.erased_at, _PERSON.time_zone,
        _PERSON.locale, _PERSON.theme, _PERSON.keys_off, _PERSON.email, _PERSON.vendor,
        _all_of(role, _GRANT.person_id == _PERSON.id, _GRANT.to_at.is_(None)).label("roles"),
        team.where(or_(_MEMBER.to_on.is_(None), _MEMBER.to_on > day)).limit(1).scalar_subquery().label("team_id"),
        _all_of(func.coalesce(cast(_LEAD.team_id, String), "all"), _LEAD.person_id == _PERSON.id).label("teams"),
        _all_of(skill, *skilled).label("skills"),
        _all_of(cast(_TEAM.id, String), _TEAM.vendor == _PERSON.vendor).label("vendor_teams"),
    )  # fmt: skip


#: Select it to know who somebody is; ask it with `today`, and make an actor of its row.
WHO = _who()
_BY_ID = WHO.where(_PERSON.id == bindparam("person_id"))


def today() -> date:
    """The day on which somebody is who they are."""
    return clock.now().date()


def actor(person_id: int) -> Actor | None:
    """The person as of now; None for who is not there or not active any more."""
    return made(ask(_BY_ID, {"person_id": person_id, "today": today()}).first())


def made(row: Row[Any] | None) -> Actor | None:
    """The actor of a row of `WHO`; None for who is not there or not active any more."""
    if row is None or not row.active or row.erased_at is not None:
        return None
    teams = _parted(row.teams)
    skills = [one.split(":", 1) for one in _parted(row.skills)]
    return Actor(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        roles=frozenset(_parted(row.roles)),
        team_id=row.team_id,
        managed_teams=_led(teams, None if row.vendor is None else _parted(row.vendor_teams)),
        languages=frozenset(value for kind, value in skills if kind == "language"),
        skills=frozenset(f"{kind}:{value}" if value else kind for kind, value in skills if kind != "language"),
        time_zone=row.time_zone,
        locale=row.locale,
        theme=row.theme,
        keys_off=row.keys_off,
        vendor=row.vendor,
        email=row.email,
    )


def _led(named: list[str], of_vendor: list[str] | None) -> frozenset[int] | None:
    """The teams that somebody sees who leads the *named* ones, or all; whom a vendor employs, its teams alone."""
    if of_vendor is not None:
        named = of_vendor if "all" in named else [team for team in named if team in of_vendor]
    return None if "all" in named else frozenset(map(int, named))


def _parted(joined: str | None) -> list[str]:
    return joined.split(_AND) if joined else []


def actor_by_external_id(external_id: str) -> Actor | None:
    """The person that an imported file calls *external_id*."""
    person_id = db.session.scalar(select(Person.id).where(Person.external_id == external_id))
    return None if person_id is None else actor(person_id)
