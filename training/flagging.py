"""Flags: whoever has answered a question may say that something is wrong with it, once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from training import learning
from training.leads import tell_leads
from training.models.learning import Answer, Attempt
from training.models.modules import Item, ItemFlag, Module, ModuleVersion


def flag(actor: Actor, assignment_id: str, *, no: int, question: int, comment: str) -> None:
    """Say what is wrong with an answered question of an own sitting; leads are told. Raises Refused the second time."""
    row = learning.own(actor, assignment_id)
    query = select(Attempt).join(Answer, Answer.attempt_id == Attempt.id)
    query = query.where(Attempt.assignment_id == row.id, Attempt.no == no, Answer.ordinal == question)
    attempt = db.session.scalar(query)
    if attempt is None:
        raise NotFound("answer")
    if not comment.strip():
        raise BadInput(Problem("say what is wrong", field="comment"))
    ref = attempt.snapshot[question - 1]["item"]
    found = (
        select(Item.id, Module.title, Module.public_id)
        .join(ModuleVersion, ModuleVersion.id == Item.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Item.ref == ref, ModuleVersion.id == row.module_version_id)
    )
    item = db.session.execute(found).first()
    if item is None:
        raise NotFound("question")
    made = ItemFlag(item_id=item.id, person_id=row.person_id, comment=comment.strip()[:1000])
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError as error:
        raise Refused("You have said something about this question before.") from error
    audit.note(actor, "flagged", "item", made.public_id)
    line = f"A question of “{item.title}” was flagged: please look."
    tell_leads(row.person_id, "item_flagged", made.public_id, line, f"/modules/{item.public_id}")
