"""How a grader's own differences ended, and what whoever hears a challenge sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from qa import truths
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.grading import asking
from qa.hearings import adjudication, challenges
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Grade, Task
from qa.models.policies import Workflow
from qa.models.truth import Challenge, Dispute, Settlement, Truth
from qa.queries import blind_case, results, reveals
from qa.queries.cases import BASES
from qa.queries.reveals import Said
from qa.standing import Vote, matches

#: So far back, and so many looks, that is looked at for differences.
BACK, MOST = timedelta(days=91), 2000
#: A page shows so many.
SHOWN = 100
_PENDING = {
    "blind_look": "Challenged",
    "argument_read": "Challenged",
    "upheld": "Challenged: the ruling stays",
    "reopened": "Challenged: another answer stands now",
    "lapsed": "Challenged: the agent's dispute decides",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """An own look that differed from the decision or from what was settled."""

    task_id: str
    code: str
    looked_at: datetime
    own: Said
    decided: Said
    settled: Said | None
    how: str
    end: str
    challenge: str | None
    can_challenge: bool


@dataclass(frozen=True, slots=True)
class EndedPage:
    """One difference with what the adjudicator wrote, nameless."""

    row: Ended
    reason: str
    refusal: str | None
    heard: str
    case: blind_case.BlindCase
    clauses: tuple[results.Clause, ...]


@dataclass(frozen=True, slots=True)
class ChallengePage:
    """The ruling, the argument against it and the own blind answer; nothing says whose is whose."""

    public_id: str
    code: str
    text: str
    own: Said
    can_own_stand: bool
    standing: Said
    ruling_reason: str
    challenger: Said
    case: blind_case.BlindCase
    is_decided: bool


def ended(actor: Actor) -> list[Ended]:
    """The newest own differences whose reveal is open, and how each of them ended."""
    query = _own(actor).where(Grade.committed_at >= clock.now() - BACK)
    rows = db.session.execute(query.order_by(Grade.committed_at.desc(), Grade.id.desc()).limit(MOST)).all()
    return _told([row for row in rows if _differs(row)][:SHOWN])


def one(actor: Actor, task_id: str) -> EndedPage:
    """One own difference. Raises NotFound for every other look."""
    row: Any = db.session.execute(_own(actor).where(Task.public_id == task_id)).first()
    if row is None or not _differs(row):
        raise NotFound("difference")
    told = _told([row])[0]
    ruled = select(Adjudication.reason).where(Adjudication.case_id == row.case_id, Adjudication.state == "ruled")
    reason = db.session.scalar(ruled.order_by(Adjudication.id.desc()).limit(1))
    truth = truths.current(row.case_id) if told.can_challenge else None
    heard = db.session.scalar(
        select(Challenge.reason).where(Challenge.case_id == row.case_id, Challenge.by_id == actor.id)
    )
    sections = [one for one in (row.truth_section, row.Grade.section_id) if one]
    clauses = [results.clause_of(section) for section in dict.fromkeys(sections)]
    return EndedPage(
        row=told, reason=(reason or "") if told.settled else "", heard=heard or "",
        refusal=challenges.refusal(truth) if truth else None,
        case=blind_case.evidence_of(row.case_id, task_id=task_id, code=row.code, workflow_label=row.label),
        clauses=tuple(clause for clause in clauses if clause is not None),
    )  # fmt: skip


def _own(actor: Actor) -> Select[Any]:
    """Own committed grades whose reveal is open, unless a second step of one's own waits on them."""
    open_ = ("blind_look", "argument_read")
    waits = or_(
        exists().where(Adjudication.task_id == Task.id, Adjudication.state.not_in(asking.ENDED)).correlate(Task),
        exists().where(Dispute.task_id == Task.id, Dispute.state.in_(open_)).correlate(Task),
        exists().where(Challenge.task_id == Task.id, Challenge.state.in_(open_)).correlate(Task),
    )
    return (
        select(
            Grade, Task.public_id, Task.code, Task.case_id, Workflow.key, Workflow.label, Workflow.settle_levels,
            ClosedCase.decided_key, ClosedCase.action, Settlement.state, Truth.verdict, Truth.section_key,
            Truth.action.label("settled_action"), Truth.section_id.label("truth_section"), Truth.basis,
            Challenge.state.label("challenge"), Challenge.by_id.label("challenger"),
        )
        .join(Task, Task.id == Grade.task_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(Settlement, Settlement.case_id == Task.case_id)
        .outerjoin(Truth, and_(Truth.case_id == Task.case_id, Truth.replaced_at.is_(None)))
        .outerjoin(Challenge, Challenge.case_id == Task.case_id)
        .where(Grade.person_id == actor.id, Grade.committed_at.is_not(None), Task.state == "revealed", ~waits)
    )  # fmt: skip


def _votes(row: Any) -> tuple[Vote, Vote, Vote | None]:
    """The own answer, the decision, and what stands."""
    decided = Vote(reveals.verdict_of(row.decided_key), row.decided_key, row.action)
    stands = Vote(row.verdict, row.section_key, row.settled_action) if row.verdict else None
    return Vote(row.Grade.verdict, row.Grade.section_key, row.Grade.action), decided, stands


def _differs(row: Any) -> bool:
    own, decided, stands = _votes(row)
    levels = row.settle_levels
    return not matches(own, decided, levels) or (stands is not None and not matches(own, stands, levels))


def _told(rows: list[Any]) -> list[Ended]:
    keys = {key for row in rows for key in (row.Grade.section_key, row.decided_key, row.section_key) if key}
    named = reveals.words(keys)
    return [_line(row, named) for row in rows]


def _line(row: Any, named: reveals.Words) -> Ended:
    own, decided, stands = _votes(row)
    say = [
        named.say(row.key, vote.verdict, vote.section_key, vote.action) if vote else None
        for vote in (own, decided, stands)
    ]
    mine = row.challenge is not None and row.challenger == row.Grade.person_id
    ruled_otherwise = (
        stands is not None
        and row.basis in challenges.RULINGS
        and own.verdict != "cannot_tell"
        and not matches(own, stands, row.settle_levels)
    )
    return Ended(
        task_id=row.public_id, code=row.code, looked_at=row.Grade.committed_at, own=say[0] or Said("", "", ""),
        decided=say[1] or Said("", "", ""), settled=say[2], how=BASES[row.basis] if row.basis else "",
        end=_end(row, own, decided, stands), challenge=_PENDING[row.challenge] if mine else None,
        can_challenge=ruled_otherwise and row.challenge is None,
    )  # fmt: skip


def _end(row: Any, own: Vote, decided: Vote, stands: Vote | None) -> str:
    if stands is None:
        return "Cannot be told" if row.state in ("ungradable", "unreached") else "Still open"
    if row.basis == "both_defensible":
        return "Both are defensible"
    if matches(own, stands, row.settle_levels):
        return "Your answer stands"
    return "The decision stands" if matches(decided, stands, row.settle_levels) else "A third answer stands"


def challenge(actor: Actor, challenge_id: str) -> ChallengePage:
    """The challenge that waits for *actor*. Raises NotFound for every other."""
    row = challenges.own(actor, challenge_id)
    ruled = db.session.get_one(Truth, row.truth_id)
    task = db.session.get_one(Task, row.task_id)
    label, key = db.session.execute(select(Workflow.label, Workflow.key).where(Workflow.id == task.workflow_id)).one()
    own, theirs = adjudication.own_answer(task.id), challenges.challengers_answer(row)
    stands = Vote(ruled.verdict, ruled.section_key, ruled.action)
    named = reveals.words({own.section_key, theirs.section_key, stands.section_key})
    reason = select(Adjudication.reason).where(Adjudication.case_id == row.case_id, Adjudication.state == "ruled")
    said = [named.say(key, vote.verdict, vote.section_key, vote.action) for vote in (own, stands, theirs)]
    return ChallengePage(
        public_id=challenge_id, code=task.code, text=row.text, own=said[0], can_own_stand=own.verdict != "cannot_tell",
        standing=said[1], ruling_reason=db.session.scalar(reason.order_by(Adjudication.id.desc()).limit(1)) or "",
        challenger=said[2],
        case=blind_case.evidence_of(row.case_id, task_id=task.public_id, code=task.code, workflow_label=label),
        is_decided=row.state != "argument_read",
    )  # fmt: skip


def to_hear(actor: Actor) -> list[tuple[str, str]]:
    """(challenge, code) of the challenges that *actor* has looked at blind and not decided yet."""
    query = select(Challenge.public_id, Task.code).join(Task, Task.id == Challenge.task_id)
    query = query.where(Challenge.decider_id == actor.id, Challenge.state == "argument_read")
    return [(row.public_id, row.code) for row in db.session.execute(query.order_by(Challenge.id))]
