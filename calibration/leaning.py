"""What leans on a clause, known answers and precedents alike: moved from state to state, renewed by today's text."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update

from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from qa.policies import queries as policy_queries

#: What each is called in the audit log, and to people.
_CALLED = {Gold: ("gold", "known-answer case"), Precedent: ("precedent", "precedent")}


def move(actor: Actor, row: Gold | Precedent, to: str, froms: Collection[str], verb: str, **changed: object) -> None:
    """Move its state from one of *froms*, with what else changes; Refused from any other."""
    kind, called = _CALLED[type(row)]
    table = type(row)
    still = update(table).where(table.id == row.id, table.state.in_(froms)).values(state=to, **changed)
    if not db.session.execute(still).rowcount:
        raise Refused(f"This {called} is not in a state that allows it.")
    db.session.refresh(row)
    audit.note(actor, verb, kind, row.public_id)


def renew(actor: Actor, row: Gold | Precedent, clause: str) -> None:
    """Say that a stale one is right by today's text of its clause too. Refused where the clause is gone."""
    section = policy_queries.section(clause, clock.now().date())
    if section is None:
        raise Refused("Its clause is gone: retire it.")
    move(actor, row, "live", ("stale",), "renewed", version_id=section.version_id)
