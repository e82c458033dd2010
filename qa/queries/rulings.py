"""What an adjudicator and the reader of a dispute see once their own blind grade is committed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qa import truths
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.hearings import adjudication, disputes
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Task
from qa.models.truth import Dispute, Finding
from qa.queries import blind_case, reveals
from qa.queries.reveals import Said
from qa.standing import Vote


@dataclass(frozen=True, slots=True)
class RulingPage:
    """The answers, nameless, in the order that was drawn for them."""

    public_id: str
    code: str
    own: Said
    can_own_stand: bool
    answers: tuple[tuple[str, Said], ...]
    case: blind_case.BlindCase
    is_ruled: bool
    #: How many people are asked to rule on it.
    seats: int


@dataclass(frozen=True, slots=True)
class DisputePage:
    """The result, the agent's argument and the own blind answer."""

    public_id: str
    code: str
    kind: str
    text: str
    own: Said
    can_own_stand: bool
    standing: Said
    proposed: Said | None
    feedback: str
    due_at: datetime
    case: blind_case.BlindCase
    work: tuple[reveals.Work, ...]
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ruling or a dispute that waits for this person's second step."""

    kind: str
    public_id: str
    code: str


def ruling(actor: Actor, ruling_id: str) -> RulingPage:
    """The ruling that waits for *actor*. Raises NotFound for every other."""
    row = adjudication.own(actor, ruling_id)
    task = db.session.get_one(Task, row.task_id)
    workflow = _workflow(row.case_id)
    own = adjudication.own_answer(row.task_id)
    shown = [Vote(one["verdict"], one.get("said_key", one["section_key"]), one["action"]) for one in row.shown or []]
    named = reveals.words({own.section_key, *(one.section_key for one in shown)})
    return RulingPage(
        public_id=ruling_id,
        code=task.code,
        own=_say(named, workflow, own),
        can_own_stand=own.verdict != "cannot_tell",
        answers=tuple((f"shown:{at}", _say(named, workflow, one)) for at, one in enumerate(shown)),
        case=_evidence(task, workflow),
        is_ruled=row.state == "ruled",
        seats=row.seats,
    )


def dispute(actor: Actor, dispute_id: str) -> DisputePage:
    """The dispute that waits for *actor*. Raises NotFound for every other."""
    row = disputes.own(actor, dispute_id)
    task = db.session.get_one(Task, row.task_id)
    finding = db.session.get_one(Finding, row.finding_id)
    workflow = _workflow(finding.case_id)
    own = adjudication.own_answer(task.id)
    truth = truths.current(finding.case_id)
    if truth is None:
        raise NotFound("dispute")
    standing = disputes.standing_answer(truth)
    proposed = Vote(row.proposed_verdict or "no_violation", row.proposed_section_key or "none", row.proposed_action)
    named = reveals.words({own.section_key, standing.section_key, proposed.section_key})
    return DisputePage(
        public_id=dispute_id,
        code=task.code,
        kind=row.kind,
        text=row.text,
        own=_say(named, workflow, own),
        can_own_stand=own.verdict != "cannot_tell",
        standing=_say(named, workflow, standing),
        proposed=_say(named, workflow, proposed) if row.proposed_verdict else None,
        feedback=finding.feedback,
        due_at=row.due_at,
        case=_evidence(task, workflow),
        work=reveals.work_on(finding.case_id),
        is_decided=row.state == "decided",
    )


def waiting(actor: Actor) -> list[Waiting]:
    """What *actor* has looked at blind and not ruled on yet."""
    ruled = select(Adjudication.public_id, Task.code).join(Task, Task.id == Adjudication.task_id)
    ruled = ruled.where(Adjudication.person_id == actor.id, Adjudication.state == "committed")
    heard = select(Dispute.public_id, Task.code).join(Task, Task.id == Dispute.task_id)
    heard = heard.where(Dispute.by_id == actor.id, Dispute.state == "argument_read")
    rulings = [Waiting("ruling", *row) for row in db.session.execute(ruled.order_by(Adjudication.id))]
    return rulings + [Waiting("dispute", *row) for row in db.session.execute(heard.order_by(Dispute.due_at))]


def _workflow(case_id: int) -> str:
    return db.session.scalars(select(ClosedCase.workflow).where(ClosedCase.id == case_id)).one()


def _say(named: reveals.Words, workflow: str, vote: Vote) -> Said:
    return named.say(workflow, vote.verdict, vote.section_key, vote.action)


def _evidence(task: Task, workflow: str) -> blind_case.BlindCase:
    label = workflow.replace("_", " ").capitalize()
    return blind_case.evidence_of(task.case_id, task_id=task.public_id, code=task.code, workflow_label=label)
