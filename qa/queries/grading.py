"""What the grading page asks besides the case: the decision form, the day's portion, the own last answer."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import bindparam, select

from qa.core import preferences
from qa.core.access import Actor
from qa.core.db import ask, db
from qa.grading import blind, portions, workflows
from qa.models.grading import Batch, Grade, Task
from qa.models.policies import Reason

#: Fewer grades than this give no pace.
_ENOUGH = 5
_TASK = Task.__table__.c
_OWN_FORM = select(_TASK.workflow_id).where(
    _TASK.public_id == bindparam("task"), _TASK.person_id == bindparam("person")
)


@dataclass(frozen=True, slots=True)
class Day:
    """The day's portion: what was done of it, and how fast. Nothing here tells of the queue or of others."""

    graded: int
    portion: int
    pace: int | None
    in_batch: int
    batch_size: int
    has_held: bool
    #: The portion is smaller than on other days, because the week's is nearly used up.
    cut_by_week: bool

    @property
    def position(self) -> int:
        """The number of the case at hand."""
        return min(self.graded + 1, self.portion)

    @property
    def batch_left(self) -> int:
        """How many grades are missing until the batch is full and closes."""
        return max(self.batch_size - self.in_batch, 1)

    @property
    def is_done(self) -> bool:
        """Whether today's portion is graded."""
        return self.graded >= self.portion


@dataclass(frozen=True, slots=True)
class Asked:
    """What a workflow's form asks, as plain data."""

    question: str
    verdicts: tuple[dict[str, str], ...]
    actions: tuple[tuple[str, str, str], ...]
    fields: tuple[dict[str, Any], ...]
    action_for_all: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An own answer that was taken back."""

    verdict: str
    section_key: str
    action: str | None
    answers: dict[str, Any]
    confidence: str
    note: str


def day(actor: Actor) -> Day:
    """How far *actor* is today."""
    portion = portions.today(actor)
    return Day(
        graded=blind.graded_today(actor),
        portion=portion,
        pace=_pace(actor),
        in_batch=len(_open_batch(actor)),
        batch_size=preferences.get("batch_size"),
        has_held=blind.held(actor) is not None,
        cut_by_week=portion < portions.a_day(actor),
    )


def _open_batch(actor: Actor) -> list[int]:
    query = select(Grade.id).join(Batch, Batch.id == Grade.batch_id)
    return list(
        db.session.scalars(
            query.where(Batch.person_id == actor.id, Batch.state == "open", Grade.taken_back_at.is_(None))
        )
    )


def _pace(actor: Actor) -> int | None:
    """Median seconds of the last twenty cases, for the person alone."""
    query = select(Grade.seconds_shown).where(Grade.person_id == actor.id, Grade.seconds_shown.is_not(None))
    last = db.session.scalars(query.order_by(Grade.id.desc()).limit(20)).all()
    return round(median(last)) if len(last) >= _ENOUGH else None


def asked(actor: Actor, task_id: str) -> Asked:
    """The decision form of the workflow that an own task was made with; an empty one for every other task."""
    own = ask(_OWN_FORM, {"task": task_id, "person": actor.id}).first()
    if own is None:
        return Asked("", (), (), (), action_for_all=False)
    return asked_of(own.workflow_id)


def asked_of(workflow_id: int) -> Asked:
    """The decision form of a version of a workflow."""
    workflow = workflows.form_of(workflow_id)
    return Asked(
        question=workflow.form.get("question", "Does it violate a policy?"),
        verdicts=tuple(workflow.form["verdicts"]),
        actions=tuple((one.key, one.label, one.means) for one in workflows.actions_of(workflow.key)),
        fields=tuple(workflow.form.get("fields", [])),
        action_for_all=bool(workflow.form.get("action_for_all")),
    )


def form_key(actor: Actor, task_id: str) -> str:
    """The key by which a form that is sent twice is known: the task, and how often it was graded already."""
    query = select(Grade.no).join(Task, Task.id == Grade.task_id).where(Task.public_id == task_id)
    last = db.session.scalar(query.where(Grade.person_id == actor.id).order_by(Grade.no.desc()).limit(1))
    return f"{task_id}-{(last or 0) + 1}"


def last_answer(actor: Actor, task_id: str) -> Answer | None:
    """What *actor* answered before they took it back."""
    columns = (Grade.verdict, Grade.section_key, Grade.action, Grade.answers, Grade.confidence, Grade.note)
    query = select(*columns).join(Task, Task.id == Grade.task_id)
    mine = query.where(Task.public_id == task_id, Grade.person_id == actor.id, Grade.taken_back_at.is_not(None))
    row = db.session.execute(mine.order_by(Grade.no.desc()).limit(1)).first()
    return None if row is None else Answer(*row)


def reasons(kind: str) -> tuple[tuple[str, str], ...]:
    """(key, label) of the reasons of one kind that can be chosen."""
    query = select(Reason.key, Reason.label).where(Reason.kind == kind, Reason.active).order_by(Reason.id)
    return tuple((row.key, row.label) for row in db.session.execute(query))
