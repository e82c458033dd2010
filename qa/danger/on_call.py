"""Who answers when somebody is in danger: shifts first, by their place, then whoever has the skill, then the leads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select

from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.leave import days_off
from qa.core.models import Person, RoleGrant, Skill
from qa.models.danger import OnCallShift


def rota() -> list[Actor]:
    """Everybody who can be called now, in the order in which they are."""
    now = clock.now()
    on_shift = select(OnCallShift.person_id).where(OnCallShift.from_at <= now, OnCallShift.to_at > now)
    first = db.session.scalars(on_shift.order_by(OnCallShift.place, OnCallShift.from_at, OnCallShift.id)).all()
    known = _present(Person.id.in_(first) | Person.id.in_(skilled()) | Person.id.in_(_leads()))
    with_skill, leads = set(db.session.scalars(skilled())), set(db.session.scalars(_leads()))
    in_order = [known[person_id] for person_id in first if person_id in known]
    in_order += [one for person_id, one in known.items() if person_id in with_skill]
    last = [one for person_id, one in known.items() if person_id in leads]
    in_order += sorted(last, key=lambda one: one.can_be_given_blind_tasks)
    return list({one.id: one for one in in_order}.values())


def _present(which: ColumnElement[bool]) -> dict[int, Actor]:
    """Inside number -> the person, of whoever is at work, by name."""
    asked = access.WHO.where(which, Person.active, days_off.at_work()).order_by(Person.name, Person.id)
    rows = db.session.execute(asked, {"today": clock.now().date()})
    return {found.id: found for row in rows if (found := access.made(row)) is not None and found.id is not None}


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
