"""Questions and sittings as files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person
from training import stored_items
from training.generation.material import Item
from training.models.learning import Answer, Assignment, Attempt
from training.models.modules import Module, ModuleVersion
from training.queries import assignments, modules

SITTINGS = (
    "person",
    "module_version",
    "sitting",
    "form",
    "state",
    "question",
    "kind",
    "item",
    "right",
    "ms",
    "answered_at",
)


def questions(actor: Actor, module_id: str) -> tuple[list[dict[str, Any]], list[Item]]:
    """The questions of a module's newest version that may be asked, as JSON and as generation knows them.

    NotFound for whoever is to sit its quiz; without those on cases for whoever may be given blind tasks.
    """
    version = stored_items.newest_version(module_id)
    if version is None or modules.is_learner(actor, version.module_id):
        raise NotFound("module")
    rows = [
        one for one in stored_items.of_version(version.id)
        if one.case_ref is None or not actor.can_be_given_blind_tasks
    ]  # fmt: skip
    plain = [stored_items.as_json(one) | {"origin": one.origin, "state": one.state} for one in rows]
    return plain, [stored_items.as_item(one) for one in rows]


def sittings(actor: Actor, module_id: str) -> list[tuple[object, ...]]:
    """One row for each answer of the people whom *actor* leads, in all versions of a module."""
    if stored_items.newest_version(module_id) is None:
        raise NotFound("module")
    led = [one.id for one in assignments.led(actor)]
    query = (
        select(
            Person.external_id, ModuleVersion.no, Attempt.no, Attempt.purpose, Attempt.state, Attempt.snapshot, Answer
        )
        .join(Assignment, Assignment.person_id == Person.id)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Module.public_id == module_id, Assignment.person_id.in_(led))
        .order_by(Person.external_id, Attempt.id, Answer.ordinal)
    )  # fmt: skip
    return [
        (person, version, no, purpose, state, one.ordinal, snapshot[one.ordinal - 1]["kind"], one.item_ref,
         int(one.right), one.ms, one.answered_at.isoformat())
        for person, version, no, purpose, state, snapshot, one in db.session.execute(query)
    ]  # fmt: skip
