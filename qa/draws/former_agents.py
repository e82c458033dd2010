"""Who decided a case, once figures lost the person: a word that stands for one person and for nobody that is known.

Draws are repeated by it. Without the installation's key nobody can tell whose word it is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, String, case, delete, select, update

from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawStratum, FramePart, FrameState, PlanVersion
from qa.sampling.frame import stratum_key, values_of

#: Digits of a word: two people share one about once in 2^64 installations.
_DIGITS = 24


def word(public_id: str) -> str:
    """What stands for the person of this address."""
    said = f"former agent {public_id}".encode()
    return hmac.new(current_app.config["SECRET_KEY"].encode(), said, hashlib.sha256).hexdigest()[:_DIGITS]


def names() -> dict[str, str]:
    """Word -> what the person is called in files now, and so in the keys of strata."""
    people = db.session.execute(select(Person.public_id, Person.external_id))
    return {word(row.public_id): row.external_id for row in people}


def words_for(case_ids: list[int]) -> ColumnElement[Any] | None:
    """In an update of these cases: the word for each one's agent; None where no agent is known."""
    decided = select(ClosedCase.agent_id).where(ClosedCase.id.in_(case_ids), ClosedCase.agent_id.is_not(None))
    people = db.session.execute(select(Person.id, Person.public_id).where(Person.id.in_(decided))).all()
    known = {row.id: word(row.public_id) for row in people}
    return case(known, value=ClosedCase.agent_id, else_=ClosedCase.former_agent) if known else None


def renamed(before: str, after: str) -> int:
    """Call a person *after* in every draw that called them *before*; how many strata did."""
    by_agent = {
        row.id: list(row.strata).index("agent")
        for row in db.session.execute(select(PlanVersion.id, PlanVersion.strata))
        if "agent" in row.strata
    }
    query = select(DrawStratum.id, DrawStratum.key, Draw.plan_version_id).join(Draw, Draw.id == DrawStratum.draw_id)
    query = query.where(Draw.plan_version_id.in_(by_agent), DrawStratum.key.contains(_said(before), autoescape=True))
    changed = 0
    for stratum_id, key, version_id in db.session.execute(query).all():
        values = values_of(key)
        if values[by_agent[version_id]] == before:
            values[by_agent[version_id]] = after
            row = update(DrawStratum).where(DrawStratum.id == stratum_id).values(key=stratum_key(values))
            db.session.execute(row.execution_options(synchronize_session=False))
            changed += 1
    for row in db.session.scalars(select(Draw).where(Draw.design.cast(String).contains(before, autoescape=True))):
        row.design = {name: _with(held, before, after) for name, held in row.design.items()}
    for table in (FramePart, FrameState):  # working tables: built anew from the cases
        db.session.execute(delete(table))
    db.session.flush()
    return changed


def _said(name: str) -> str:
    return stratum_key([name])


def _with(held: Any, before: str, after: str) -> Any:
    if not isinstance(held, Mapping):
        return held
    return {after if name == before else name: value for name, value in held.items()}
