"""Scorecards to read: the version in force, one that waits to be marked, and what was marked beside a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.grading import scorecards, scoring
from qa.grading.scoring import Part
from qa.models.grading import Task, TaskPurpose
from qa.models.policies import Reason, Workflow
from qa.models.scorecards import Score, Scorecard, ScoreMark
from qa.queries import blind_case, reveals
from qa.settlement import VOTING

MARKS = {"met": "Met", "partly": "In part", "missed": "Not met", "na": "Does not apply"}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the scorecard."""

    public_id: str
    version: int
    parts: tuple[Part, ...]
    since: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class ToMark:
    """The scorecard of one look: decision and work in sight, and the parts that the case is marked by."""

    task_id: str
    reveal: reveals.Reveal
    case: blind_case.BlindCase
    work: tuple[reveals.Work, ...]
    parts: tuple[Part, ...]
    is_given: bool
    scored: Scored | None
    left: int


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion and what was marked."""

    label: str
    mark: str
    said: str
    cause: str | None
    critical: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard as it was marked; by whom is not in it."""

    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    total: float | None
    critical_missed: bool
    comment: str
    is_void: bool


def live() -> Version | None:
    """The version in force; None before the set-up."""
    row = db.session.scalar(select(Scorecard).where(Scorecard.state == "live"))
    return None if row is None else _version(row)


def versions() -> list[Version]:
    """All of them, the newest first."""
    return [_version(row) for row in db.session.scalars(select(Scorecard).order_by(Scorecard.version.desc()))]


def version(public_id: str) -> Version:
    """One of them."""
    row = db.session.scalar(select(Scorecard).where(Scorecard.public_id == public_id))
    if row is None:
        raise NotFound("scorecard")
    return _version(row)


def _version(row: Scorecard) -> Version:
    return Version(row.public_id, row.version, scoring.read(row.parts), row.created_at, row.state == "live")


def workflows() -> list[tuple[str, str]]:
    """(key, label) of the workflows that a part can be for, each once."""
    query = select(Workflow.key, Workflow.label).order_by(Workflow.key, Workflow.version)
    return list(dict(tuple(row) for row in db.session.execute(query)).items())


def waiting(actor: Actor) -> list[tuple[str, str]]:
    """(task, code) of the looks whose scorecard waits for *actor*."""
    query = select(Task.public_id, Task.code).join(Score, Score.task_id == Task.id)
    mine = (Score.person_id == actor.id, Score.state == "drawn", Task.state == "revealed")
    return [(row.public_id, row.code) for row in db.session.execute(query.where(*mine).order_by(Score.id))]


def to_mark(actor: Actor, task_id: str) -> ToMark:
    """The scorecard of an own look whose reveal is open. Raises NotFound for every other."""
    row, task = scorecards.own(actor, task_id)
    case, work = reveals.evidence(actor, task_id)
    is_given = row.state == "given"
    return ToMark(
        task_id=task_id, reveal=reveals.reveal(actor, task_id), case=case, work=work,
        parts=scorecards.parts_of(row.scorecard_id, task.case_id), is_given=is_given,
        scored=_scored([row], task.case_id)[0] if is_given else None, left=len(waiting(actor)),
    )  # fmt: skip


def of_case(case_id: int) -> tuple[Scored, ...]:
    """What the agent of a case may see of its scorecards by now; the caller sees to it that the result is published."""
    query = select(Score).join(Task, Task.id == Score.task_id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    given = (Task.case_id == case_id, Score.state == "given", Score.publish_at <= clock.now())
    rows = db.session.scalars(query.where(*given, TaskPurpose.purpose.in_(VOTING)).order_by(Score.id)).all()
    return tuple(_scored(rows, case_id)) if rows else ()


def _scored(rows: Iterable[Score], case_id: int) -> list[Scored]:
    rows = list(rows)
    marks: dict[int, dict[str, ScoreMark]] = {row.id: {} for row in rows}
    for mark in db.session.scalars(select(ScoreMark).where(ScoreMark.score_id.in_(list(marks)))):
        marks[mark.score_id][mark.key] = mark
    causes = dict(tuple(row) for row in db.session.execute(
        select(Reason.key, Reason.label).where(Reason.kind == "root_cause")
    ))  # fmt: skip
    return [
        Scored(
            parts=tuple(
                (part.title, tuple(_lines(part, marks[row.id], causes)))
                for part in scorecards.parts_of(row.scorecard_id, case_id)
            ),
            total=row.total, critical_missed=row.critical_missed, comment=row.comment,
            is_void=row.voided_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def _lines(part: Part, marks: Mapping[str, ScoreMark], causes: Mapping[str, str]) -> Iterable[Line]:
    for one in part.criteria:
        given = marks[one.key]
        cause = causes.get(given.cause, given.cause) if given.cause else None
        yield Line(one.label, given.mark, MARKS[given.mark], cause, one.critical)
