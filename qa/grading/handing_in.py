"""Blind grades that come many at a time: from a file, or as a whole sitting. The same rules as on the grading page.

Each grade uses up one waiting look of its case: one that was reserved for the person, else any that they may be given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from qa.core import audit, clock, preferences
from qa.core.access import Actor
from qa.core.columns import new_public_id
from qa.core.db import ask, db
from qa.core.errors import BadInput, Problem, Refused
from qa.core.turns import one_at_a_time
from qa.grading import answers, blind, conflicts, in_hand
from qa.models.cases import CaseText, ClosedCase, Touch
from qa.models.grading import Batch, Grade, Task
from qa.policies import queries as policy_queries

_TASK = Task.__table__.c
_TAKE_UP = (
    update(Task.__table__)
    .where(_TASK.id.in_(bindparam("task_ids", expanding=True)), _TASK.state == "waiting")
    .values(person_id=bindparam("person"), state="graded", held_at=bindparam("now"), lease_until=None)
)
_TOUCH = insert(Touch.__table__)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One blind grade of a case, with the line of the file it came from."""

    case_id: int
    verdict: str
    section_key: str | None = None
    action: str | None = None
    confidence: str = "high"
    note: str = ""
    seconds_shown: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    #: What the file calls the case, and where it says so.
    name: str | None = None
    file: str | None = None
    line: int | None = None


#: A look: a row of `_tasks`.
Look = Any
Taken = tuple[HandedIn, Look, answers.Checked]
Waiting = tuple[Look, datetime]


def hand_in(actor: Actor, *, person: Actor, grades: Sequence[HandedIn]) -> list[str]:
    """Take the grades that *person* gave, and commit them in batches; the batches' addresses.

    Raises Refused when the person has a batch open, and BadInput with every grade that cannot be taken: a case of
    theirs, one that they had to do with, one of which no look waits for them, an answer that its form does not know.
    """
    one_at_a_time(person.id)
    if db.session.scalar(select(Batch.id).where(Batch.person_id == person.id, Batch.state == "open")):
        raise Refused("There is an open batch. Close it first.")
    taken, problems = _checked(person, grades, lock=True)
    if problems:
        raise BadInput(*problems)
    size = int(preferences.get("batch_size"))
    return [_batch(actor, person, taken[at : at + size]) for at in range(0, len(taken), size)]


def wrong(person: Actor, grades: Sequence[HandedIn]) -> list[Problem]:
    """What would keep these grades from being taken now; reads only."""
    return _checked(person, grades, lock=False)[1]


def given_before(person: Actor, case_ids: Iterable[int]) -> set[int]:
    """Those of the cases that the person has committed a grade of."""
    query = select(Task.case_id).join(Grade, Grade.task_id == Task.id)
    query = query.where(Grade.person_id == person.id, Grade.committed_at.is_not(None))
    return set(db.session.scalars(query.where(Task.case_id.in_(list(case_ids)))))


def _checked(person: Actor, grades: Sequence[HandedIn], *, lock: bool) -> tuple[list[Taken], list[Problem]]:
    """The grades with the looks that they use up, and what is wrong with the others."""
    if not person.has("reviewer"):
        raise Refused(f"{person.name} is no reviewer, so nobody can have given them blind cases.")
    tasks = _tasks(person, {one.case_id for one in grades}, lock=lock)
    find = cache(policy_queries.section)
    taken: list[Taken] = []
    problems: list[Problem] = []
    for one in grades:
        waiting = tasks.pop(one.case_id, None)
        if waiting is None:
            wanted = "a case of which a look waits for this person"
            problems.append(Problem(wanted, one.file, one.line, "case_id", one.name))
            continue
        task, closed_at = waiting
        given = answers.Given(one.verdict, one.section_key, one.action, one.confidence, one.extra, one.note)
        try:
            checked = answers.checked(one.case_id, task.workflow_id, given, find=find, closed_at=closed_at)
            taken.append((one, task, checked))
        except BadInput as error:
            problems += [replace(each, file=one.file, line=one.line) for each in error.problems]
    return taken, problems


def _tasks(person: Actor, wanted: set[int], *, lock: bool) -> dict[int, Waiting]:
    """Of each case the waiting look that the person may use up, a reserved one first, and when the case was closed."""
    met = conflicts.among(person.id, wanted)
    had = select(Task.case_id).where(Task.person_id == person.id, Task.state != "waiting", Task.case_id.in_(wanted))
    met |= set(db.session.scalars(had))
    plain = sorted(skill for skill in person.skills if ":" not in skill)
    query = (
        select(
            Task.id, Task.case_id, Task.workflow_id, Task.reserved, Task.person_id, ClosedCase.closed_at,
            CaseText.language,
        )
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(CaseText, CaseText.case_id == Task.case_id)
        .where(Task.state == "waiting", Task.release_at <= clock.now(), Task.case_id.in_(wanted - met))
        .where(or_(Task.person_id.is_(None), Task.person_id == person.id))
        .where(or_(Task.needs_skill.is_(None), Task.needs_skill.in_(plain)))
        .order_by(Task.reserved, Task.queue_number.desc())
    )  # fmt: skip
    found: dict[int, Waiting] = {}
    for look in db.session.execute(query.with_for_update(of=Task) if lock else query):
        known = look.language is None or not person.languages or look.language in person.languages
        if known or (look.reserved and look.person_id == person.id):
            found[look.case_id] = look, look.closed_at
    return found


def _batch(actor: Actor, person: Actor, taken: Sequence[Taken]) -> str:
    """Store one batch of grades and commit it."""
    now = clock.now()
    ids = [task.id for _, task, _ in taken]
    if ask(_TAKE_UP, {"task_ids": ids, "person": person.id, "now": now}).rowcount != len(ids):
        raise Refused("Some of these cases were taken up by somebody else meanwhile.")
    batch = Batch(person_id=person.id, state="open", opened_at=now, last_at=now)
    db.session.add(batch)
    db.session.flush()
    ask(in_hand.KEEP, [_row(batch.id, person, *one) for one in taken])
    graded = [
        {"case_id": task.case_id, "person_id": person.id, "how": "graded", "created_at": now} for _, task, _ in taken
    ]
    ask(_TOUCH, graded)
    audit.note(actor, "handed_in", "batch", batch.public_id, person=person.public_id, grades=len(taken))
    return blind.commit_batch(batch, person)


def _row(batch_id: int, person: Actor, one: HandedIn, task: Look, answer: answers.Checked) -> dict[str, Any]:
    return {
        "public_id": new_public_id(), "task_id": task.id, "no": 1, "batch_id": batch_id, "person_id": person.id,
        "verdict": answer.verdict, "section_id": answer.section_id, "section_key": answer.section_key,
        "action": answer.action, "answers": answer.extra, "confidence": answer.confidence, "note": answer.note,
        "seconds_shown": one.seconds_shown, "graded_at": clock.now(), "created_at": clock.now(),
    }  # fmt: skip
