"""Who answers when somebody is in danger: shifts first, by their place, then whoever has the skill, then the leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, delete, select

from qa.core import access, audit, clock, days_off
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.models import Person, RoleGrant, Skill
from qa.models.danger import OnCallShift


def rota() -> list[Actor]:
    """Everybody who can be called now, in the order in which they are."""
    now = clock.now()
    on_shift = select(OnCallShift.person_id).where(OnCallShift.from_at <= now, OnCallShift.to_at > now)
    in_order = [
        on_shift.order_by(OnCallShift.place, OnCallShift.from_at, OnCallShift.id),
        skilled().order_by(Person.name, Person.id),
    ]
    first = [one for query in in_order for one in _people(query)]
    leads = list(_people(_leads().order_by(Person.name, Person.id)))
    last = sorted(leads, key=lambda one: one.can_be_given_blind_tasks)
    return list({one.id: one for one in [*first, *last]}.values())


def _people(query: Select[tuple[int]]) -> Iterator[Actor]:
    for person_id in db.session.scalars(query).all():
        found = access.actor(person_id)
        if found is not None and not days_off.is_on_leave(found):
            yield found


def skilled() -> Select[tuple[int]]:
    """Whoever has the skill to be on call."""
    today = clock.now().date()
    holds = (Skill.kind == "on_call", Skill.to_on.is_(None) | (Skill.to_on > today))
    return select(Person.id).join(Skill, Skill.person_id == Person.id).where(Person.active, *holds)


def _leads() -> Select[tuple[int]]:
    role = select(RoleGrant.person_id).where(RoleGrant.role.in_(("manager", "admin")), RoleGrant.to_at.is_(None))
    return select(Person.id).where(Person.active, Person.id.in_(role))


def add_shift(actor: Actor, *, person_id: str, from_at: datetime, to_at: datetime, place: int) -> str:
    """Let somebody answer calls from one moment to another; the shift's address. Raises BadInput."""
    chosen = db.session.scalar(skilled().where(Person.public_id == person_id))
    problems = []
    if chosen is None:
        problems.append(Problem("choose somebody who has the skill on_call", field="person", value=None))
    if to_at <= from_at:
        problems.append(Problem("an end after the beginning", field="to_at", value=to_at.isoformat()))
    if to_at <= clock.now():
        problems.append(Problem("an end that is still to come", field="to_at", value=to_at.isoformat()))
    if problems:
        raise BadInput(*problems)
    row = OnCallShift(person_id=chosen, from_at=from_at, to_at=to_at, place=place)
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "added", "on_call_shift", row.public_id, place=place)
    return row.public_id


def remove_shift(actor: Actor, shift_id: str) -> None:
    """Take a shift out of the rota."""
    gone = delete(OnCallShift).where(OnCallShift.public_id == shift_id).execution_options(synchronize_session=False)
    if not db.session.execute(gone).rowcount:
        raise NotFound("shift")
    audit.note(actor, "removed", "on_call_shift", shift_id)
