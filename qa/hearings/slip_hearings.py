"""A contested process slip: no blind look could tell, so a lead who was not in it decides with the work in sight."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import aliased

from qa import touches
from qa.core import audit, clock, leading
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from qa.hearings import disputes, slips
from qa.models.cases import ClosedCase
from qa.models.truth import Dispute, Finding
from qa.queries import cases

#: How the hearing of a slip can end -> what is kept of it.
CHOICES = {"stays": "upheld", "taken_back": "overturned"}


def open_to(actor: Actor) -> Select[tuple[Dispute, Finding]]:
    """Contested slips of the led teams that this person may decide: never of an own case, nor one that they settled,
    nor one that they decided the first time.

    One that was not decided in time, or is contested for the second time, is for those who lead every team, where there
    are any. Whoever may be given blind tasks has to be out of the case already.
    """
    query = select(Dispute, Finding).join(Finding, Finding.id == Dispute.finding_id)
    query = query.join(ClosedCase, ClosedCase.id == Finding.case_id).where(Dispute.kind == slips.KIND)
    query = query.where(cases.may_see(actor), Finding.settler_id.is_distinct_from(actor.id), ~_heard_by(actor.id))
    if leading.is_above(actor):
        return query
    others = leading.above().where(~_heard_by(Person.id), Person.id.is_distinct_from(Finding.settler_id))
    others = others.where(Person.id.is_distinct_from(Finding.agent_id))
    return query.where(Dispute.climbed_at.is_(None), or_(Dispute.step == 1, ~others.exists()))


def _heard_by(person: Any) -> ColumnElement[bool]:
    """Whether *person* decided on the result the time before."""
    before = aliased(Dispute)
    return (
        exists()
        .where(before.finding_id == Dispute.finding_id, before.step < Dispute.step, before.by_id == person)
        .correlate_except(before)
    )


def own(actor: Actor, dispute_id: str) -> tuple[Dispute, Finding]:
    """One of them, open or decided; every other is not there."""
    row = db.session.execute(open_to(actor).where(Dispute.public_id == dispute_id)).first()
    if row is None or row[0].state not in ("open", "decided") or not is_free(actor, row[1].case_id):
        raise NotFound("dispute")
    return row[0], row[1]


def is_free(actor: Actor, case_id: int) -> bool:
    """Whether somebody else than *actor* marked the slip."""
    return actor.id not in slips.scorers([case_id])[case_id]


def decide(actor: Actor, dispute_id: str, *, choice: str, reason: str) -> str:
    """End the hearing of a slip: it "stays" or is "taken_back"; how it ended.

    Raises NotFound for one that is not theirs to decide, Refused when it is decided, BadInput for another word.
    """
    row, finding = own(actor, dispute_id)
    if choice not in CHOICES:
        raise BadInput(Problem("choose how it ends", field="choice", value=choice or None))
    if not reason.strip():
        raise BadInput(Problem("give the reason", field="reason"))
    values = {
        "state": "decided", "result": CHOICES[choice], "reason": reason.strip(), "decided_at": clock.now(),
        "by_id": actor.id,
    }  # fmt: skip
    decided = update(Dispute).where(Dispute.id == row.id, Dispute.state == "open").values(**values)
    if not db.session.execute(decided.execution_options(synchronize_session="fetch")).rowcount:
        raise Refused("This dispute was decided already.")
    touches.touch(finding.case_id, actor.id or 0, "disputed")
    if choice == "taken_back":
        slips.take_back(finding)
    disputes.goes_back(finding)
    audit.note(actor, "decided", "dispute", row.public_id, result=CHOICES[choice])
    return CHOICES[choice]
