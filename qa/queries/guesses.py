"""What a grader is asked to guess, and the guesses behind the figure: whether cases give their decision away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.grading import guesses, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Batch, Grade, Task, TaskPurpose
from qa.models.guesses import Guess
from qa.models.policies import Workflow
from qa.queries import blind_case, reveals


@dataclass(frozen=True, slots=True)
class Asked:
    """One case on which a guess is asked for: its evidence and the own answer, nothing else."""

    task_id: str
    code: str
    batch_id: str
    own: reveals.Said
    verdicts: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]
    case: blind_case.BlindCase
    left: int


@dataclass(frozen=True, slots=True)
class Guessed:
    """A guess that was asked for, on a look that was planned at random."""

    state: str
    guess: str | None
    own: str
    confidence: str
    decided: str
    guessed_action: str | None
    decided_action: str | None
    asked_at: datetime


def waiting(actor: Actor) -> list[tuple[str, str]]:
    """(task, code) of the cases on which *actor* is asked for a guess now."""
    query = select(Task.public_id, Task.code).join(Guess, Guess.task_id == Task.id)
    asked = (Guess.person_id == actor.id, Guess.state == "asked", Task.state == "committed")
    rows = db.session.execute(query.where(*asked, Guess.opens_at > clock.now()).order_by(Guess.id))
    return [(row.public_id, row.code) for row in rows]


def asked(actor: Actor, task_id: str) -> Asked:
    """One of them. Raises NotFound for every other case, and once the guess was given or the reveal is open."""
    row, task = guesses.own(actor, task_id)
    left = waiting(actor)
    if task_id not in dict(left):
        raise NotFound("case")
    query = select(Grade, Batch.public_id, Workflow.label).join(Batch, Batch.id == Grade.batch_id)
    query = query.join(Task, Task.id == Grade.task_id).join(Workflow, Workflow.id == Task.workflow_id)
    found = db.session.execute(query.where(Grade.task_id == row.task_id, Grade.committed_at.is_not(None))).one()
    form, grade = workflows.form_of(task.workflow_id), found.Grade
    own = reveals.words({grade.section_key}).say(form.key, grade.verdict, grade.section_key, grade.action)
    return Asked(
        task_id=task_id, code=task.code, batch_id=found.public_id, own=own, left=len(left),
        verdicts=tuple((one["key"], one["label"]) for one in form.form["verdicts"] if one["key"] != "cannot_tell"),
        actions=tuple((one.key, one.label) for one in workflows.actions_of(form.key)),
        case=blind_case.evidence_of(task.case_id, task_id=task_id, code=task.code, workflow_label=found.label),
    )  # fmt: skip


def counted(*, since: datetime, until: datetime, known_at: datetime | None) -> list[Guessed]:
    """Guesses asked for in a period, *since* inside, *until* not; one given after *known_at* is not answered yet."""
    end = until if known_at is None else min(until, known_at)
    answered = Guess.given_at < end
    query = (
        select(
            case((answered, Guess.state), else_="asked").label("state"),
            case((answered, Guess.verdict)).label("guess"), Grade.verdict, Grade.confidence, ClosedCase.decided_key,
            case((answered, Guess.action)).label("guessed_action"), ClosedCase.action, Guess.created_at,
        )
        .join(Task, Task.id == Guess.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(Grade, Grade.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Grade.committed_at.is_not(None), TaskPurpose.purpose.in_(guesses.COUNTED))
        .where(Guess.created_at >= since, Guess.created_at < end)
        .order_by(Guess.id)
    )  # fmt: skip
    return [
        Guessed(
            row.state, row.guess, row.verdict, row.confidence, reveals.verdict_of(row.decided_key),
            row.guessed_action, row.action, row.created_at,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
