"""What pages about people show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select, union

from qa.core import clock
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import ROLES, Person, RoleGrant, Skill, Team, TeamManager, TeamMember
from qa.core.people.rows import NAMED_SKILLS

PAGE = 100


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list."""

    public_id: str
    external_id: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    team: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's own page for admins."""

    public_id: str
    external_id: str
    name: str
    email: str | None
    vendor: str | None
    time_zone: str
    started_on: date | None
    active: bool
    has_password: bool
    roles: tuple[str, ...]
    team: str | None
    team_since: date | None
    #: As a people file writes them.
    languages: str
    skills: str
    #: (team, from, to), newest first.
    memberships: tuple[tuple[str, date, date | None], ...]
    #: Public ids of the teams that a manager sees; None: all.
    leads: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team to choose from."""

    public_id: str
    name: str


def listed(
    *, search: str = "", role: str = "", team: str = "", vendor: str = "", active: str = "", page: int = 1
) -> tuple[list[PersonLine], int]:
    """One page of the people who match, by name; and how many match.

    *team* is an address, *vendor* the employer or that of the present team, *active* yes or no; empty: everybody.
    """
    query = select(Person.id, Person.public_id, Person.external_id, Person.name, Person.email, Person.active)
    query = query.where(Person.erased_at.is_(None))
    for word in search.split()[:5]:
        like = f"%{_escaped(word.lower())}%"
        columns = (Person.name, Person.external_id, Person.email)
        query = query.where(or_(*(func.lower(column).like(like, escape="!") for column in columns)))
    if role in ROLES:
        held = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.to_at.is_(None))
        query = query.where(Person.id.in_(held))
    if team:
        query = query.where(Person.id.in_(_members().where(Team.public_id == team)))
    if vendor:
        query = query.where(or_(Person.vendor == vendor, Person.id.in_(_members().where(Team.vendor == vendor))))
    if active in ("yes", "no"):
        query = query.where(Person.active == (active == "yes"))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page_of = query.order_by(Person.active.desc(), func.lower(Person.name), Person.id)
    rows = db.session.execute(page_of.limit(PAGE).offset((page - 1) * PAGE)).all()
    ids = [row.id for row in rows]
    roles, teams = _roles(ids), _teams(ids)
    return [
        PersonLine(row.public_id, row.external_id, row.name, row.email, roles[row.id], teams.get(row.id), row.active)
        for row in rows
    ], total


def shown(public_id: str) -> PersonPage:
    """All that the page of a person shows. Raises NotFound."""
    person = db.session.scalar(select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None)))
    if person is None:
        raise NotFound("person")
    history = _memberships(person.id)
    present = next((entry for entry in history if entry[2] is None), None)
    skills = _skills(person.id)
    return PersonPage(
        public_id=person.public_id,
        external_id=person.external_id,
        name=person.name,
        email=person.email,
        vendor=person.vendor,
        time_zone=person.time_zone,
        started_on=person.started_on,
        active=person.active,
        has_password=person.password_hash is not None,
        roles=_roles([person.id])[person.id],
        team=present[0] if present else None,
        team_since=present[1] if present else None,
        languages=";".join(value for kind, value in skills if kind == "language"),
        skills=";".join(_written(kind, value) for kind, value in skills if kind != "language"),
        memberships=history,
        leads=_led(person.id),
    )


def teams() -> list[TeamLine]:
    """All teams, by name."""
    rows = db.session.execute(select(Team.public_id, Team.name).order_by(func.lower(Team.name)))
    return [TeamLine(row.public_id, row.name) for row in rows]


def vendors() -> list[str]:
    """All vendors that a person or a team is of, by name."""
    named = union(select(Person.vendor).where(Person.erased_at.is_(None)), select(Team.vendor))
    return sorted((row.vendor for row in db.session.execute(named) if row.vendor), key=str.lower)


def _members() -> Select[int]:
    """The people who are in a team today, with it."""
    today = clock.now().date()
    query = select(TeamMember.person_id).join(Team, Team.id == TeamMember.team_id)
    return query.where(TeamMember.from_on <= today, or_(TeamMember.to_on.is_(None), TeamMember.to_on > today))


def _roles(ids: list[int]) -> dict[int, tuple[str, ...]]:
    held: dict[int, set[str]] = defaultdict(set)
    grants = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids), RoleGrant.to_at.is_(None))
    for row in db.session.execute(grants):
        held[row.person_id].add(row.role)
    return {number: tuple(role for role in ROLES if role in held[number]) for number in ids}


def _teams(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(_members().add_columns(Team.name).where(TeamMember.person_id.in_(ids)))
    return {row.person_id: row.name for row in rows}


def _memberships(person_id: int) -> tuple[tuple[str, date, date | None], ...]:
    query = select(Team.name, TeamMember.from_on, TeamMember.to_on).join(Team, Team.id == TeamMember.team_id)
    rows = db.session.execute(query.where(TeamMember.person_id == person_id).order_by(TeamMember.from_on.desc()))
    return tuple((row.name, row.from_on, row.to_on) for row in rows)


def _skills(person_id: int) -> list[tuple[str, str]]:
    today = clock.now().date()
    query = select(Skill.kind, Skill.value).where(Skill.person_id == person_id)
    rows = db.session.execute(query.where(or_(Skill.to_on.is_(None), Skill.to_on > today)))
    return sorted((row.kind, row.value) for row in rows)


def _written(kind: str, value: str) -> str:
    names = {ours: theirs for theirs, ours in NAMED_SKILLS.items()}
    return f"{names[kind]}:{value}" if kind in names else kind


def _led(person_id: int) -> tuple[str, ...] | None:
    query = select(TeamManager.team_id, Team.public_id).outerjoin(Team, Team.id == TeamManager.team_id)
    rows = db.session.execute(query.where(TeamManager.person_id == person_id)).all()
    return None if any(row.team_id is None for row in rows) else tuple(row.public_id for row in rows)


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
