"""What must hold after a storm: the graders' logs against the database, and the database against itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from qa import settlement
from qa.core import audit
from qa.core.db import db, is_sqlite
from qa.core.models import AuditEntry, Idempotency
from qa.models.cases import ClosedCase, Touch
from qa.models.grading import Batch, Grade, Task, TaskPurpose
from qa.models.truth import Settlement
from qa.tallies import tallies
from tests.storm.graders import Grader
from tests.storm.scene import Scene

PLANNED = ("first", "overlap")


def faults(scene: Scene, graders: list[Grader]) -> Iterator[str]:
    """Everything that is not as it should be, in words."""
    for name, found in (
        ("cases not graded as often as planned", _not_as_planned(scene)),
        ("grades that were acknowledged and are lost or changed", _lost(graders)),
        ("grades that nobody was told of", _unheard(graders)),
        ("doubled", _doubled()),
        ("half-written", _half_written()),
        ("broken", _broken()),
        ("told that nothing waits while something did", _falsely_empty(graders)),
        ("answers that are no answers", _wrong_answers(graders)),
    ):
        listed = list(found)
        if listed:
            yield f"{len(listed)} {name}: {listed[:5]}"


def _standing() -> list[Any]:
    query = (
        select(
            Task.public_id, Task.case_id, Grade.person_id, Grade.verdict, Grade.note, Grade.committed_at,
            ClosedCase.agent_id, TaskPurpose.purpose,
        )
        .join(Task, Task.id == Grade.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Grade.taken_back_at.is_(None))
    )  # fmt: skip
    return list(db.session.execute(query))


def _not_as_planned(scene: Scene) -> Iterator[object]:
    """Cases that lack a committed look, have one too many, or two by the same person, or one by their own agent."""
    looked: dict[int, list[int]] = {}
    for row in _standing():
        if row.purpose in PLANNED and row.committed_at is not None:
            looked.setdefault(row.case_id, []).append(row.person_id)
        if row.person_id == row.agent_id:
            yield ("own case", row.case_id)
    for case, looks in scene.planned.items():
        people = looked.get(case, [])
        if not len(people) == len(set(people)) == looks:
            yield ("looked at by", case, people)
    counted = db.session.execute(select(Settlement.case_id, Settlement.looks_in))
    yield from (("settlement", case) for case, looks in counted if looks != scene.planned[case])


def _lost(graders: list[Grader]) -> Iterator[object]:
    stored = {row.public_id: (row.person_id, row.verdict, row.note) for row in _standing()}
    for grader in graders:
        for task, answer in grader.log.kept.items():
            if stored.get(task) != (grader.seat.actor.id, *answer):
                yield task


def _unheard(graders: list[Grader]) -> Iterator[object]:
    """Since each grader asks until an answer comes, each stored grade was told to somebody."""
    told = {task for grader in graders for task in grader.log.kept}
    yield from (row.public_id for row in _standing() if row.public_id not in told)


def _doubled() -> Iterator[object]:
    for columns in (
        (Grade.task_id, Grade.no),
        (Task.case_id, Task.person_id, Task.round),
        (Idempotency.person_id, Idempotency.key),
        (Settlement.case_id,),
    ):
        query = select(*columns, func.count()).where(columns[0].is_not(None)).group_by(*columns)
        if columns[0] is Task.case_id:
            query = query.where(Task.person_id.is_not(None))
        yield from (tuple(row) for row in db.session.execute(query.having(func.count() > 1)))
    again = select(Grade.task_id).group_by(Grade.task_id).having(func.count() > 1)
    yield from db.session.scalars(again)


def _half_written() -> Iterator[object]:
    """A grade without its entry in the log, its touch or its kept answer; a closed batch that holds an open grade."""
    notes = select(AuditEntry.verb, AuditEntry.object_ref, AuditEntry.detail)
    entries = [(row.verb, row.object_ref, json.loads(row.detail)) for row in db.session.execute(notes)]
    written = Counter((ref, detail["no"]) for verb, ref, detail in entries if verb == "graded")
    grades = select(Task.public_id, Grade.no, Grade.person_id, Task.case_id).join(Task, Task.id == Grade.task_id)
    stored = list(db.session.execute(grades))
    yield from _differ(written, Counter((row.public_id, row.no) for row in stored))
    closed = {ref: detail["grades"] for verb, ref, detail in entries if verb == "closed"}
    counted = select(Batch.public_id, func.count(Grade.id)).join(Grade, Grade.batch_id == Batch.id)
    counted = counted.where(Batch.state == "closed", Grade.committed_at.is_not(None)).group_by(Batch.public_id)
    yield from _differ(closed, {row[0]: row[1] for row in db.session.execute(counted)})
    touched = select(Touch.case_id, Touch.person_id).where(Touch.how == "graded")
    yield from {(row.case_id, row.person_id) for row in stored} ^ {tuple(row) for row in db.session.execute(touched)}
    keys = set(db.session.scalars(select(Idempotency.key)))
    yield from (row.public_id for row in stored if f"{row.public_id}-{row.no}" not in keys)


def _differ(one: dict[Any, int], other: dict[Any, int]) -> Iterable[object]:
    return [(key, one.get(key), other.get(key)) for key in {*one, *other} if one.get(key) != other.get(key)]


def _broken() -> Iterator[object]:
    verdict = audit.verify()
    if verdict.bad_seq is not None:
        yield ("audit", verdict)
    if tallies.kept() != tallies.recomputed():
        yield "roll-ups differ from their recomputation"
    if not tallies.kept():
        yield "no roll-ups"
    for row in db.session.scalars(select(Settlement.case_id).where(Settlement.state == "open")):
        if len(settlement.committed_looks(row)):
            yield ("not settled", row)
    if is_sqlite():
        yield from (row[0] for row in db.session.execute(db.text("PRAGMA integrity_check")) if row[0] != "ok")


def _falsely_empty(graders: list[Grader]) -> Iterator[object]:
    """Who was told that nothing waits, though one task waited from before the question until after the answer."""
    query = (
        select(Task.id, Task.case_id, Task.person_id, Task.held_at, Task.release_at, ClosedCase.agent_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Task.state != "void", Task.needs_skill.is_(None))
    )
    tasks = list(db.session.execute(query))
    for grader in graders:
        mine = grader.seat.actor.id
        met = {row.case_id: row.held_at for row in tasks if row.person_id == mine}
        for began, answered in grader.log.empty:
            before, after = datetime.fromtimestamp(began, UTC), datetime.fromtimestamp(answered, UTC)
            for row in tasks:
                waited = row.release_at <= before and (row.held_at is None or row.held_at > after)
                own = row.agent_id == mine or (row.case_id in met and met[row.case_id] <= after)
                if waited and not own:
                    yield (grader.seat.actor.name, row.id)


def _wrong_answers(graders: list[Grader]) -> Iterator[object]:
    for grader in graders:
        if grader.wrong is not None:
            yield repr(grader.wrong)
        yield from grader.log.unasked
        yield from (status for status in grader.log.statuses if status >= 500 and status != 503)
