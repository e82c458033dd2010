"""Coaching notes as the two see them, and what a note can be about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from calibration.models.signals import Signal
from qa.core import formats
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.core.released import known_at
from training.models.learning import Assignment, CoachingNote
from training.models.modules import Module, ModuleVersion
from training.queries import assignments

#: Notes of one page, and trainings and alerts to choose from.
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
    #: The module of that training, and the day of the alert that it came from.
    module_id: str | None
    signal: str | None
    alert_of: datetime | None
    check_on: date | None
    at: datetime
    confirmed_at: datetime | None
    is_own_to_confirm: bool
    is_by_reader: bool


def notes(actor: Actor) -> list[Note]:
    """The notes that *actor* wrote, or that are about *actor*, the newest first."""
    lead, agent = aliased(Person), aliased(Person)
    query = (
        select(CoachingNote, lead.name, agent.name, Module.title, Module.public_id, Signal.public_id, Signal.crossed_at)
        .join(lead, lead.id == CoachingNote.lead_id)
        .join(agent, agent.id == CoachingNote.agent_id)
        .outerjoin(Assignment, and_(CoachingNote.origin_kind == "assignment",
                                    Assignment.public_id == CoachingNote.origin_ref))
        .outerjoin(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .outerjoin(Module, Module.id == ModuleVersion.module_id)
        .outerjoin(Signal, and_(CoachingNote.origin_kind == "signal", Signal.public_id == CoachingNote.origin_ref))
        .where(or_(CoachingNote.lead_id == actor.id, CoachingNote.agent_id == actor.id))
        .order_by(CoachingNote.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [
        Note(
            row.public_id, lead_name, agent_name, row.text, row.agreed, title, module_id, signal, crossed_at,
            row.check_on, row.created_at, row.confirmed_at, row.agent_id == actor.id and row.confirmed_at is None,
            row.lead_id == actor.id,
        )
        for row, lead_name, agent_name, title, module_id, signal, crossed_at in db.session.execute(query)
    ]  # fmt: skip


def to_be_about(actor: Actor) -> list[tuple[str, str]]:
    """("kind:address", name) of the latest trainings and alerts of those whom *actor* leads, by name."""
    led = {one.id: one.name for one in assignments.led(actor)}
    given = (
        select(Assignment.public_id, Assignment.person_id, Module.title)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.person_id.in_(led), Assignment.state != "withdrawn")
        .order_by(Assignment.id.desc())
        .limit(MOST)
    )
    raised = select(Signal.public_id, Signal.agent_id, Signal.crossed_at)
    told = known_at(actor)
    if told is not None:
        raised = raised.where(Signal.raised_at <= told)
    raised = raised.where(Signal.agent_id.in_(led), Signal.state.not_in(("withdrawn", "dismissed")))
    found = [
        (led[person], f"assignment:{ref}", f"training “{title}”") for ref, person, title in db.session.execute(given)
    ]
    found += [
        (led[person], f"signal:{ref}", f"accuracy alert of {formats.day(at)}")
        for ref, person, at in db.session.execute(raised.order_by(Signal.id.desc()).limit(MOST))
    ]
    return [(key, f"{name}: {what}") for name, key, what in sorted(found, key=lambda one: (one[0].casefold(), one[2]))]
