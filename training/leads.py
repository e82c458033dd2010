"""Telling those who lead a person, and the person, what became of a training."""

from __future__ import annotations

from sqlalchemy import or_, select

from qa.core import access
from qa.core.db import db
from qa.core.models import Person, RoleGrant, TeamManager
from qa.core.notices import notify


def leads_of(person_id: int) -> list[int]:
    """Inside numbers of the active managers who look after a person's team, but not the person."""
    person = access.actor(person_id)
    team_id = person.team_id if person is not None else None
    query = (
        select(TeamManager.person_id)
        .join(Person, Person.id == TeamManager.person_id)
        .join(RoleGrant, RoleGrant.person_id == TeamManager.person_id)
        .where(or_(TeamManager.team_id.is_(None), TeamManager.team_id == team_id))
        .where(RoleGrant.role == "manager", RoleGrant.to_at.is_(None), Person.active, Person.id != person_id)
        .distinct()
        .order_by(TeamManager.person_id)
    )
    return list(db.session.scalars(query))


def tell_leads(person_id: int, kind: str, ref: str, line: str, url: str = "/training") -> None:
    """Leave one line with everybody who leads *person_id*."""
    for lead in leads_of(person_id):
        notify.tell(person_id=lead, kind=kind, object_ref=ref, line=line, url=url, dedupe_key=f"{kind}:{ref}:{lead}")


def tell(person_id: int, kind: str, ref: str, line: str, url: str) -> None:
    """Leave one line with the person."""
    notify.tell(
        person_id=person_id, kind=kind, object_ref=ref, line=line, url=url, dedupe_key=f"{kind}:{ref}:{person_id}"
    )
