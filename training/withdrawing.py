"""When the alerts behind a training are withdrawn: the lead is offered to take it back, the agent is told."""

from __future__ import annotations

from sqlalchemy import select

from qa.core.db import db
from training.leads import tell, tell_leads
from training.models.learning import Assignment
from training.models.modules import Module, ModuleVersion
from training.queries import causes


def follow_signals() -> int:
    """Tell leads and agents, once each, of open assignments whose alerts are gone; how many those are.

    What was begun goes on: what was learnt stays learnt.
    """
    query = (
        select(Assignment.id, Assignment.public_id, Assignment.person_id, Assignment.state, Module.title)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.state.in_(("proposed", "assigned", "begun")))
        .order_by(Assignment.id)
    )
    rows = db.session.execute(query).all()
    gone = causes.groundless([row.id for row in rows])
    for row in rows:
        if row.id in gone:
            _tell(row.person_id, row.public_id, row.state, row.title)
    return len(gone)


def _tell(person_id: int, ref: str, state: str, title: str) -> None:
    why = "the accuracy alert behind it was withdrawn"
    offer = "It was begun, and goes on." if state == "begun" else "You can take it back."
    tell_leads(person_id, "training_groundless", ref, f"Training “{title}”: {why}. {offer}")
    if state != "proposed":
        line = f"Training “{title}”: {why}, as settled decisions have changed."
        tell(person_id, "training_groundless", ref, line, f"/training/{ref}")
