"""Coaching notes: what a lead and an agent talked over and agreed. Nobody but the two ever sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from training.leads import tell
from training.models.learning import Assignment, CoachingNote
from training.models.modules import Module, ModuleVersion

#: Notes of one page.
MOST = 200


@dataclass(frozen=True, slots=True)
class Note:
    """A note as one of the two sees it."""

    public_id: str
    lead: str
    agent: str
    text: str
    agreed: str
    #: The training that it came from.
    about: str | None
    at: datetime
    confirmed_at: datetime | None
    is_own_to_confirm: bool


def write_note(actor: Actor, *, person_id: str, text: str, agreed: str = "", training: str | None = None) -> str:
    """Keep a note on a talk with somebody whom *actor* leads; its address. The agent is told that there is one."""
    person = db.session.scalar(select(Person).where(Person.public_id == person_id, Person.active))
    learner = access.actor(person.id) if person is not None else None
    if learner is None or learner.id == actor.id or not learner.has("agent") or not actor.sees_team(learner.team_id):
        raise NotFound("person")
    if not text.strip():
        raise BadInput(Problem("write something", field="text"))
    if training is not None:
        of_theirs = select(Assignment.id).where(Assignment.public_id == training, Assignment.person_id == learner.id)
        if db.session.scalar(of_theirs) is None:
            raise NotFound("training")
    row = CoachingNote(
        lead_id=actor.id, agent_id=learner.id, text=text.strip()[:4000], agreed=agreed.strip()[:1000],
        origin_kind="assignment" if training else None, origin_ref=training,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "wrote", "coaching_note", row.public_id)
    tell(row.agent_id, "coaching_note", row.public_id, "Your lead kept a note on a talk with you.", "/coaching")
    return str(row.public_id)


def confirm(actor: Actor, note_id: str) -> None:
    """The agent says that it was so. NotFound for everybody else."""
    query = select(CoachingNote).where(CoachingNote.public_id == note_id, CoachingNote.agent_id == actor.id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("note")
    if row.confirmed_at is not None:
        raise Refused("You have confirmed this before.")
    row.confirmed_at = clock.now()
    db.session.flush()
    audit.note(actor, "confirmed", "coaching_note", row.public_id)


def notes(actor: Actor) -> list[Note]:
    """The notes that *actor* wrote, or that are about *actor*, the newest first."""
    lead, agent = aliased(Person), aliased(Person)
    query = (
        select(CoachingNote, lead.name, agent.name, Module.title)
        .join(lead, lead.id == CoachingNote.lead_id)
        .join(agent, agent.id == CoachingNote.agent_id)
        .outerjoin(Assignment, Assignment.public_id == CoachingNote.origin_ref)
        .outerjoin(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .outerjoin(Module, Module.id == ModuleVersion.module_id)
        .where(or_(CoachingNote.lead_id == actor.id, CoachingNote.agent_id == actor.id))
        .order_by(CoachingNote.id.desc())
        .limit(MOST)
    )
    return [
        Note(
            row.public_id, lead_name, agent_name, row.text, row.agreed, title, row.created_at, row.confirmed_at,
            row.agent_id == actor.id and row.confirmed_at is None,
        )
        for row, lead_name, agent_name, title in db.session.execute(query)
    ]  # fmt: skip
