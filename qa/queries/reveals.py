"""What a grader sees once a batch has closed: the decision and the work, never the agent's name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from qa import masking
from qa.attachments import attachments
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.grading import asking
from qa.models.cases import ClosedCase, Message
from qa.models.grading import Adjudication, Batch, Grade, Task
from qa.models.guesses import Guess
from qa.models.policies import Action, Workflow
from qa.models.scorecards import Score
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.policies import merging, section_keys
from qa.policies import queries as policy_queries
from qa.queries import blind_case
from qa.standing import Vote, matches

VERDICTS = {"violates": "Violates", "no_violation": "No violation", "cannot_tell": "Cannot tell"}
KINDS = {
    "correct": "Correct",
    "false_positive": "Over-enforced (FP)",
    "false_negative": "Missed (FN)",
    "wrong_selection": "Wrong clause or action",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words."""

    verdict: str
    section: str
    action: str


@dataclass(frozen=True, slots=True)
class Reveal:
    """An own grade, and what is told of the case by now."""

    task_id: str
    code: str
    workflow: str
    own: Said
    is_open: bool
    decided: Said | None = None
    is_same: bool | None = None
    settled: Said | None = None
    finding_id: str | None = None
    ruling_id: str | None = None
    dispute_id: str | None = None
    note: str = ""
    #: A scorecard on the quality of the work waits for this person.
    to_score: bool = False
    #: The whole keys of the clauses of the own answer and of the decision; none where neither names one.
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with its grades."""

    public_id: str
    is_open: bool
    closed_at: datetime | None
    rows: tuple[Reveal, ...]
    #: Cases on which a guess is asked for; until it is given, no answer of the batch opens.
    to_guess: int


@dataclass(frozen=True, slots=True)
class Words:
    """The names of sections and actions, looked up once a page."""

    sections: dict[str, str]
    actions: dict[tuple[str, str], str]

    def say(self, workflow: str, verdict: str, section_key: str, action: str | None) -> Said:
        """An answer in words."""
        section = "" if section_key == section_keys.NONE else self.sections.get(section_key, section_key)
        return Said(VERDICTS[verdict], section, self.actions.get((workflow, action or ""), action or ""))


def words(keys: set[str]) -> Words:
    """The names of *keys* and of all actions."""
    actions = db.session.execute(select(Action.workflow, Action.key, Action.label))
    return Words(policy_queries.labels(sorted(keys)), {(one.workflow, one.key): one.label for one in actions})


def verdict_of(decided_key: str) -> str:
    """The verdict that a decision's section says."""
    return "no_violation" if decided_key == section_keys.NONE else "violates"


def batch(actor: Actor, batch_id: str | None = None) -> BatchRow | None:
    """One batch of *actor*: the named one, else the open one, else the last; None when there never was one."""
    query = select(Batch).where(Batch.person_id == actor.id)
    if batch_id is not None:
        query = query.where(Batch.public_id == batch_id)
    row = db.session.scalar(query.order_by(Batch.closed_at.desc().nulls_first(), Batch.id.desc()).limit(1))
    if row is None:
        if batch_id is not None:
            raise NotFound("batch")
        return None
    rows = _reveals(actor, Grade.batch_id == row.id, closed=row.state == "closed")
    return BatchRow(row.public_id, row.state == "open", row.closed_at, rows, _to_guess(row.id))


def _to_guess(batch_id: int) -> int:
    query = select(func.count()).select_from(Guess).join(Task, Task.id == Guess.task_id)
    asked = (Guess.batch_id == batch_id, Guess.state == "asked", Task.state == "committed")
    return db.session.scalar(query.where(*asked, Guess.opens_at > clock.now())) or 0


def reveal(actor: Actor, task_id: str) -> Reveal:
    """One own grade whose reveal is open. Raises NotFound for every other."""
    rows = _reveals(actor, Task.public_id == task_id, closed=True)
    if not rows or not rows[0].is_open:
        raise NotFound("reveal")
    return rows[0]


def _reveals(actor: Actor, condition: ColumnElement[bool], *, closed: bool) -> tuple[Reveal, ...]:
    rows = db.session.execute(_query(actor).where(condition).order_by(Grade.id)).all()
    opened = [row for row in rows if closed and _is_open(row)]  # what is asked for a closed one must not tell either
    keys = {row.Grade.section_key for row in rows} | {row.decided_key for row in opened}
    named = words(keys | {row.settled_key for row in opened if row.settled_key})
    return tuple(_told(row, named, closed=closed) for row in rows)


def _query(actor: Actor) -> Select[Any]:
    """Own standing grades with the decision beside each; what may be told of it is cut in `_told`."""
    finding = and_(Finding.truth_id == Truth.id, Finding.state != "replaced")
    return (
        select(
            Grade, Task.public_id, Task.code, Task.state, Workflow.label, Workflow.key, Workflow.settle_levels,
            ClosedCase.decided_key, merging.compared_key().label("compared_key"), ClosedCase.action,
            Settlement.state.label("settlement"),
            Truth.verdict.label("settled_verdict"), Truth.section_key.label("settled_key"),
            Truth.action.label("settled_action"), Truth.settled_at, Finding.public_id.label("finding_id"), Finding.kind,
            Finding.settler_id, Finding.explained_at,
            Adjudication.public_id.label("ruling_id"), Adjudication.state.label("ruling_state"),
            Dispute.public_id.label("dispute_id"), Dispute.state.label("dispute_state"),
            Score.state.label("score_state"),
        )
        .join(Task, Task.id == Grade.task_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(Settlement, Settlement.case_id == Task.case_id)
        .outerjoin(Truth, and_(Truth.case_id == Task.case_id, Truth.replaced_at.is_(None)))
        .outerjoin(Finding, finding)
        .outerjoin(Adjudication, Adjudication.task_id == Task.id)
        .outerjoin(Dispute, Dispute.task_id == Task.id)
        .outerjoin(Score, Score.task_id == Task.id)
        .where(Grade.person_id == actor.id, Grade.taken_back_at.is_(None))
    )  # fmt: skip


def _is_open(row: Any) -> bool:
    """Whether decision and outcome stand beside the own answer: committed, no ruling or hearing left, and revealed."""
    heard = row.ruling_state in (None, *asking.ENDED) and row.dispute_state not in ("blind_look", "argument_read")
    return row.Grade.committed_at is not None and heard and row.state == "revealed"


def _told(row: Any, named: Words, *, closed: bool) -> Reveal:
    grade: Grade = row.Grade
    own = named.say(row.key, grade.verdict, grade.section_key, grade.action)
    base = Reveal(row.public_id, row.code, row.label, own, is_open=False)
    if not closed or grade.committed_at is None:
        return base
    if row.ruling_state not in (None, *asking.ENDED) or row.dispute_state in ("blind_look", "argument_read"):
        return Reveal(
            row.public_id, row.code, row.label, own, is_open=False,
            ruling_id=row.ruling_id if row.ruling_state == "committed" else None,
            dispute_id=row.dispute_id if row.dispute_state == "argument_read" else None,
        )  # fmt: skip
    if not _is_open(row):
        return base
    decided = Vote(verdict_of(row.decided_key), row.compared_key, row.action)
    explains = row.settler_id == grade.person_id and row.kind != "correct" and row.explained_at is None
    settled = None
    # What had been settled before this look would show that the look was for something else.
    if row.settled_verdict is not None and row.settled_at >= grade.committed_at:
        settled = named.say(row.key, row.settled_verdict, row.settled_key, row.settled_action)
    return Reveal(
        row.public_id, row.code, row.label, own, is_open=True,
        decided=named.say(row.key, decided.verdict, row.decided_key, row.action),
        is_same=matches(decided, Vote(grade.verdict, grade.section_key, grade.action), row.settle_levels),
        settled=settled, finding_id=row.finding_id if explains else None, note=grade.note,
        to_score=row.score_state == "drawn",
        clauses=tuple(dict.fromkeys(one for one in (grade.section_key, row.decided_key) if one != section_keys.NONE)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """What the agent and the system wrote on a case."""

    role: str
    at: datetime | None
    text: str


def evidence(actor: Actor, task_id: str) -> tuple[blind_case.BlindCase, tuple[Work, ...]]:
    """The case of an own task that was committed, and the work that was withheld until then, without names."""
    query = select(Task.case_id, Task.code, Workflow.label).join(Workflow, Workflow.id == Task.workflow_id)
    row = db.session.execute(query.where(Task.public_id == task_id, Task.person_id == actor.id)).one()
    case = blind_case.evidence_of(row.case_id, task_id=task_id, code=row.code, workflow_label=row.label)
    work = work_on(row.case_id)
    return case, tuple(one if one.role == "link" else replace(one, text=masking.nameless(one.text)) for one in work)


def work_on(case_id: int) -> tuple[Work, ...]:
    """What the agent and the system wrote, what came after the decision, and links that came with the case."""
    held_back = or_(Message.withheld, Message.author_role.in_(("agent", "system")))
    query = select(Message.author_role, Message.at, Message.text).where(Message.case_id == case_id, held_back)
    work = [Work(*row) for row in db.session.execute(query.order_by(Message.ordinal))]
    return (*work, *(Work("link", None, url) for url in attachments.links_of(case_id)))


def to_explain(actor: Actor) -> list[tuple[str, str]]:
    """(task, code) of the settled differences that wait for *actor*'s explanation."""
    query = (
        select(Task.public_id, Task.code)
        .join(Finding, Finding.case_id == Task.case_id)
        .where(Task.person_id == actor.id, Task.state == "revealed", Finding.settler_id == actor.id)
        .where(Finding.kind != "correct", Finding.explained_at.is_(None), Finding.state != "replaced")
    )
    return [(row.public_id, row.code) for row in db.session.execute(query.order_by(Finding.id))]
