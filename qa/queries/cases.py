"""Cases for those who lead: what is open, what needs a person, and one case with everything about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from qa import case_addresses, settlement, touches
from qa.core import leading
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.leave import days_off
from qa.core.models import Person
from qa.grading import called_in, conflicts, needs_person
from qa.models.cases import CaseEvent, ClosedCase
from qa.models.grading import Grade, Task
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.queries import blind_case, reveals
from qa.queries.reveals import KINDS, Said

STATES = {
    "open": "Waits for its looks",
    "difference": "Difference: a second look is wanted",
    "adjudication": "All differ: an adjudicator is wanted",
    "settled": "Settled",
    "ungradable": "Cannot be told",
    "unreached": "Passed on by all",
}
BASES = {
    "agreed": "Agreed", "majority": "Two of three", "adjudicated": "Adjudicated", "dispute": "After a dispute",
    "both_defensible": "Both defensible", "audit": "After an audit", "not_blind": "Settled in sight",
}  # fmt: skip
PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    public_id: str
    external_id: str
    workflow: str
    closed_on: date
    state: str
    since: datetime
    needs_person: bool
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Stood:
    """A decision that stood, or stands."""

    answer: Said
    basis: str
    settled_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with its decision, its looks without names, and what stands."""

    public_id: str
    external_id: str
    agent: str | None
    workflow: str
    closed_at: datetime
    decided: Said
    state: str | None
    looks: tuple[Said, ...]
    #: How many of the looks were made through a translation.
    through_translation: int
    truths: tuple[Stood, ...]
    result: str | None
    needs_person: bool
    can_settle: bool
    events: tuple[tuple[datetime, str], ...]
    evidence: blind_case.BlindCase
    work: tuple[reveals.Work, ...]
    eligible: tuple[tuple[str, str], ...]
    #: Agents who could be asked as peers.
    peers: tuple[tuple[str, str], ...]


def may_see(actor: Actor) -> ColumnElement[bool]:
    """The cases whose decisions *actor* may see: of the teams led; for graders only those that they are out of.

    What one decided oneself is told as a result, once it is published, and nowhere else.
    """
    led: ColumnElement[bool] = or_(ClosedCase.agent_id.is_(None), ClosedCase.agent_id != actor.id)
    if not actor.has("admin") and actor.managed_teams is not None:
        led = and_(led, ClosedCase.agent_team_id.in_(sorted(actor.managed_teams)))
    return and_(led, touches.is_out_of(actor.id)) if actor.can_be_given_blind_tasks else led


def is_open_to(actor: Actor, case_id: str) -> bool:
    """Whether *actor* may see the decision of a case of theirs now, or has to open it first. Raises NotFound."""
    columns = (ClosedCase.id, ClosedCase.agent_team_id, ClosedCase.agent_id)
    row = db.session.execute(select(*columns).where(case_addresses.at(case_id))).first()
    if row is None or not actor.sees_team(row.agent_team_id) or row.agent_id == actor.id:
        raise NotFound("case")
    return db.session.scalar(select(ClosedCase.id).where(ClosedCase.id == row.id, may_see(actor))) is not None


def differences(actor: Actor, *, before: int = 0) -> list[CaseLine]:
    """Cases that wait for a further look, a ruling or a person, the longest waiting first."""
    disputed = exists().where(Finding.case_id == ClosedCase.id, Finding.state == "disputed")
    waiting = or_(Settlement.state.in_(("difference", "adjudication")), Settlement.needs_person, disputed)
    columns = (
        ClosedCase.public_id, ClosedCase.external_id, ClosedCase.workflow, ClosedCase.closed_at, Settlement.state,
        Settlement.changed_at, Settlement.needs_person, disputed.label("is_disputed"),
    )  # fmt: skip
    query = select(*columns).join(Settlement, Settlement.case_id == ClosedCase.id).where(waiting, may_see(actor))
    query = query.order_by(Settlement.needs_person.desc(), Settlement.changed_at, ClosedCase.id)
    return [
        CaseLine(
            row.public_id, row.external_id, _label(row.workflow), row.closed_at.date(), STATES[row.state],
            row.changed_at, row.needs_person, row.is_disputed,
        )
        for row in db.session.execute(query.offset(before).limit(PAGE))
    ]  # fmt: skip


def counts(actor: Actor) -> tuple[int, int, int]:
    """How many differences wait, how many need a person, how many disputes are open."""
    mine = select(func.count()).select_from(Settlement).join(ClosedCase, ClosedCase.id == Settlement.case_id)
    mine = mine.where(may_see(actor))
    differing = db.session.scalar(mine.where(Settlement.state.in_(("difference", "adjudication")))) or 0
    stuck = db.session.scalar(mine.where(Settlement.needs_person)) or 0
    disputed = ClosedCase.id.in_(select(Finding.case_id).where(Finding.state == "disputed"))
    return differing, stuck, db.session.scalar(mine.where(disputed)) or 0


def case(actor: Actor, case_id: str) -> CasePage:
    """One case of the teams led, with everything. Raises NotFound for every other, and before it was opened."""
    query = select(ClosedCase, Person.name, Settlement).outerjoin(Person, Person.id == ClosedCase.agent_id)
    query = query.outerjoin(Settlement, Settlement.case_id == ClosedCase.id)
    row = db.session.execute(query.where(case_addresses.at(case_id), may_see(actor))).first()
    if row is None:
        raise NotFound("case")
    one, agent, standing = row
    looks = settlement.committed_looks(one.id)
    truths = db.session.scalars(select(Truth).where(Truth.case_id == one.id).order_by(Truth.no)).all()
    keys = {one.decided_key, *(look.vote.section_key for look in looks), *(truth.section_key for truth in truths)}
    named = reveals.words(keys)
    events = select(CaseEvent.at, CaseEvent.kind).where(CaseEvent.case_id == one.id).order_by(CaseEvent.at)
    stuck = standing is not None and standing.needs_person
    return CasePage(
        public_id=one.public_id, external_id=one.external_id, agent=agent, workflow=_label(one.workflow),
        closed_at=one.closed_at,
        decided=named.say(one.workflow, reveals.verdict_of(one.decided_key), one.decided_key, one.action),
        state=STATES[standing.state] if standing else None,
        looks=tuple(_look(named, one.workflow, look) for look in looks),
        through_translation=_translated(one.id),
        truths=tuple(_stood(named, one.workflow, truth) for truth in truths),
        result=_result(one.id), needs_person=stuck,
        can_settle=stuck and standing.state != "settled" and one.agent_id != actor.id,
        events=tuple((at, kind.replace("_", " ")) for at, kind in db.session.execute(events)),
        evidence=blind_case.evidence_of(
            one.id, task_id="", code=one.external_id, workflow_label=_label(one.workflow), in_sight=True
        ),
        work=reveals.work_on(one.id), eligible=_eligible(actor, one.id, needs_person.is_grader()) if stuck else (),
        peers=_eligible(actor, one.id, called_in.may_be_peer(actor)) if stuck else (),
    )  # fmt: skip


def workflow_of(case_id: str) -> str:
    """The workflow of a case that is there."""
    return db.session.scalars(select(ClosedCase.workflow).where(case_addresses.at(case_id))).one()


def _look(named: reveals.Words, workflow: str, look: settlement.Look) -> Said:
    return named.say(workflow, look.vote.verdict, look.vote.section_key, look.vote.action)


def _translated(case_id: int) -> int:
    query = select(func.count(Grade.id)).join(Task, Task.id == Grade.task_id)
    marked = query.where(Task.case_id == case_id, Grade.committed_at.is_not(None), Grade.translated)
    return db.session.scalar(marked) or 0


def _stood(named: reveals.Words, workflow: str, truth: Truth) -> Stood:
    said = named.say(workflow, truth.verdict, truth.section_key, truth.action)
    return Stood(said, BASES[truth.basis], truth.settled_at, truth.replaced_at is None)


def _result(case_id: int) -> str | None:
    """What the agent is told, and whether it is disputed."""
    query = select(Finding.kind, Dispute.state).outerjoin(Dispute, Dispute.finding_id == Finding.id)
    query = query.where(Finding.case_id == case_id, Finding.state != "replaced").order_by(Dispute.step.desc())
    row: Any = db.session.execute(query.limit(1)).first()
    if row is None:
        return None
    return KINDS[row.kind] + (", under dispute" if row.state in ("open", "blind_look", "argument_read") else "")


def _eligible(lead: Actor, case_id: int, which: ColumnElement[bool]) -> tuple[tuple[str, str], ...]:
    """(public id, name) of those among *which* who could be named now, whatever their skills and languages."""
    met = exists().where(Task.case_id == case_id, Task.person_id == Person.id)
    query = select(Person.public_id, Person.name).join_from(Person, ClosedCase, ClosedCase.id == case_id)
    query = query.where(which, ~met, ~conflicts.has_conflict(Person.id), leading.in_reach(lead), days_off.at_work())
    return tuple((row.public_id, row.name) for row in db.session.execute(query.order_by(Person.name).limit(200)))


def _label(workflow: str) -> str:
    return workflow.replace("_", " ").capitalize()
