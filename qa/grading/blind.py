"""One grader's blind look: claim, grade, take back, skip, and the batch's close, which commits.

Nothing here reads why a task exists; settlement and reports do. Each state is moved by a guarded UPDATE.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from qa import touches
from qa.core import audit, clock, idempotency, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.columns import new_public_id
from qa.core.db import ask, db
from qa.core.errors import NotFound, Refused
from qa.core.leave import local_day
from qa.core.turns import one_at_a_time
from qa.grading import answers, conflicts, exposure, follow_up, in_hand, portions, practice, queue, routing, votes
from qa.models.grading import Batch, Grade, Skip, Task

#: Share of ordinary reveals that come later, so that a missing one tells nothing.
HELD_BACK = 0.10
_TASK = Task.__table__.c
_COMMIT = (
    update(Task.__table__)
    .where(_TASK.id.in_(bindparam("task_ids", expanding=True)), _TASK.state == "graded")
    .values(state=bindparam("to"), reveal_after=bindparam("opens_at"))
)


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a submitted grade: what is next, and whether the batch was full and has closed."""

    next_task: str | None
    batch_closed: bool


def claim(actor: Actor, *, key: str | None = None) -> str | None:
    """The task that *actor* holds, or the next one of the queue; None when none waits or the day's portion is done."""
    one_at_a_time(actor.id)
    said = idempotency.once(actor, key, ["claim"], lambda: {"task": _claim(actor)})
    return said["task"]


def _claim(actor: Actor) -> str | None:
    holds = held(actor)
    if holds is not None or practice.is_wanted(actor):
        return holds
    return take_up(actor, graded_today(actor))


def take_up(actor: Actor, graded: int) -> str | None:
    """The next task of the queue for somebody who holds none and has *graded* so many today."""
    if graded >= portions.today(actor):
        return None
    limits = routing.limits_of(actor)
    task_id = None if limits.on_leave else queue.claim_next(actor, limits)
    if task_id is not None:
        exposure.show(actor, task_id)
        audit.note(actor, "claimed", "task", task_id)
    return task_id


def held(actor: Actor) -> str | None:
    """The first task in *actor*'s hands: what they took back last, else what they took up first."""
    found: str | None = ask(in_hand.HELD, {"person": actor.id}).scalar()
    return found


def graded_today(actor: Actor) -> int:
    """How many grades *actor* has given since midnight, where they are."""
    return int(ask(in_hand.GRADED, {"person": actor.id, "midnight": local_day.midnight(actor)}).scalar_one())


def hand_to(actor: Actor, *, case_id: int, person_id: int) -> str:
    """Keep one waiting task of a case for one person, who then gets it by claiming."""
    met = select(Task.id).where(Task.case_id == case_id, Task.person_id == person_id)
    if db.session.scalar(met) is not None or conflicts.among(person_id, [case_id]):
        raise Refused("This person has had to do with the case, or with its agent, and cannot be given it.")
    waiting = select(Task.id).where(Task.case_id == case_id, Task.state == "waiting", Task.person_id.is_(None))
    one = waiting.order_by(Task.queue_number).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    row = db.session.execute(
        update(Task).where(Task.id == one).values(person_id=person_id, reserved=True).returning(Task.public_id)
    ).first()
    if row is None:
        raise Refused("No task of this case waits for somebody.")
    audit.note(actor, "handed", "task", row.public_id)
    return row.public_id


def grade(
    actor: Actor,
    task_id: str,
    *,
    verdict: str,
    section_key: str | None = None,
    action: str | None = None,
    confidence: str,
    extra: dict[str, Any] | None = None,
    note: str = "",
    seconds_shown: int | None = None,
    key: str | None = None,
    claim_next: bool = True,
) -> Graded:
    """Take *actor*'s grade of the task that they hold, and hand over the next one.

    Raises NotFound for a task that is not theirs, Refused when it is not in their hands (any more), BadInput for an
    answer that the workflow's form or the policy of that day does not know.
    """
    one_at_a_time(actor.id)
    task = _in_hand(actor, task_id)
    given = answers.Given(verdict, section_key, action, confidence, extra or {}, note)
    body = [task_id, verdict, section_key, action, confidence, extra or {}, note]

    def deed() -> dict[str, Any]:
        answer = answers.checked(task.case_id, task.workflow_id, given, closed_at=task.closed_at)
        batch_id = _put_down(actor, task, answer, seconds_shown)
        full = task.in_batch + 1 >= preferences.get("batch_size")
        if full:
            commit_batch(db.session.get_one(Batch, batch_id), actor)
        if not claim_next:
            return {"next": None, "closed": full}
        return {"next": task.also_held or take_up(actor, task.graded_today + 1), "closed": full}

    said = idempotency.once(actor, key, body, deed)
    return Graded(said["next"], said["closed"])


def _in_hand(actor: Actor, task_id: str) -> Any:
    """A row of `in_hand.TASK`: the task with all that putting a grade down has to know."""
    mine = {"task": task_id, "person": actor.id, "midnight": local_day.midnight(actor), "reads": routing.reads(actor)}
    task = ask(in_hand.TASK, mine).first()
    if task is None or task.state == "waiting":
        raise NotFound("case to grade")
    return task


def _put_down(actor: Actor, task: Any, answer: answers.Checked, seconds_shown: int | None) -> int:
    """Store a grade of the open batch; the batch's inside number."""
    now = clock.now()
    _move(
        task.id, "held", "graded", "This case is no longer in your hands. Your answer was not stored.", lease_until=None
    )
    no, batch_id = (task.last_no or 0) + 1, task.batch_id or _new_batch(actor)
    ask(in_hand.STAMP, {"batch": batch_id, "now": now})
    row = {
        "public_id": new_public_id(), "task_id": task.id, "no": no, "batch_id": batch_id, "person_id": actor.id,
        "verdict": answer.verdict, "section_id": answer.section_id, "section_key": answer.section_key,
        "action": answer.action, "answers": answer.extra, "confidence": answer.confidence, "note": answer.note,
        "translated": task.is_translated, "seconds_shown": seconds_shown, "graded_at": now, "created_at": now,
    }  # fmt: skip
    ask(in_hand.KEEP, row)
    touches.touch(task.case_id, actor.id or 0, "graded")
    audit.note(actor, "graded", "task", task.public_id, no=no)
    return int(batch_id)


def _new_batch(actor: Actor) -> int:
    batch = Batch(person_id=actor.id, state="open", opened_at=clock.now(), last_at=clock.now())
    db.session.add(batch)
    db.session.flush()
    return batch.id


def take_back(actor: Actor) -> str:
    """Take the last grade of the open batch back into *actor*'s hands; every state is kept."""
    one_at_a_time(actor.id)
    query = select(Grade, Task).join(Task).join(Batch, Batch.id == Grade.batch_id)
    query = query.where(Grade.person_id == actor.id, Batch.state == "open", Grade.taken_back_at.is_(None))
    row = db.session.execute(query.order_by(Grade.id.desc()).limit(1)).first()
    if row is None:
        raise Refused("There is nothing to take back: the batch is closed or empty.")
    last, task = row
    late = "This grade cannot be taken back any more."
    _move(task.id, "graded", "held", late, held_at=clock.now(), lease_until=queue.lease_end())
    last.taken_back_at = clock.now()
    db.session.flush()
    audit.note(actor, "took_back", "task", task.public_id, no=last.no)
    return task.public_id


def skip(actor: Actor, task_id: str, *, reason: str, key: str | None = None) -> None:
    """Pass a held task on: this person is done with the case, another gets it, at most twice."""
    one_at_a_time(actor.id)
    task = _own_task(actor, task_id)

    def deed() -> dict[str, Any]:
        answers.check_reason("skip", reason)
        _move(task.id, "held", "skipped", "This case is no longer in your hands.", lease_until=None)
        db.session.add(Skip(task_id=task.id, person_id=actor.id, reason=reason, at=clock.now()))
        db.session.flush()
        audit.note(actor, "skipped", "task", task.public_id, reason=reason)
        follow_up.after_skip(task.id)
        return {}

    idempotency.once(actor, key, [task_id, reason], deed)


def close_batch(actor: Actor, *, key: str | None = None) -> str:
    """Commit all grades of the open batch, settle what can be settled, open the reveals. The batch's address."""
    one_at_a_time(actor.id)

    def deed() -> dict[str, Any]:
        batch = db.session.scalar(select(Batch).where(Batch.person_id == actor.id, Batch.state == "open"))
        if batch is None:
            raise Refused("There is no open batch.")
        return {"batch": commit_batch(batch, actor)}

    return str(idempotency.once(actor, key, ["close"], deed)["batch"])


def commit_batch(batch: Batch, by: Actor) -> str:
    """Commit an open batch, settle what can be settled, open the reveals; its address. The door is `close_batch`."""
    now = clock.now()
    standing = select(Grade, Task).join(Task).where(Grade.batch_id == batch.id, Grade.taken_back_at.is_(None))
    rows = db.session.execute(standing.order_by(Task.case_id)).all()
    opens: dict[datetime | None, list[int]] = defaultdict(list)
    for row, task in rows:
        row.committed_at, row.hash = now, _hash(row, task)
        late = secrets.randbelow(1000) < HELD_BACK * 1000
        opens[now + timedelta(days=1 + secrets.randbelow(3)) if late else None].append(task.id)
    for later, ids in opens.items():
        _commit(ids, "committed" if later else "revealed", reveal_after=later or now)
    batch.state, batch.closed_at = "closed", now
    db.session.flush()
    votes.committed(batch.id)
    audit.note(by, "closed", "batch", batch.public_id, grades=len(rows))
    follow_up.after_commits({task.id: task.case_id for _row, task in rows})
    return batch.public_id


def _commit(task_ids: list[int], state: str, *, reveal_after: datetime) -> None:
    """Move graded tasks on, or refuse when one of them is not where it should be."""
    if ask(_COMMIT, {"task_ids": task_ids, "to": state, "opens_at": reveal_after}).rowcount != len(task_ids):
        raise Refused("This batch is closed.")


def close_idle_batch() -> bool:
    """Close one batch in which nothing happened for the length of a pause; whether one was found."""
    idle = clock.now() - timedelta(minutes=preferences.get("batch_pause_minutes"))
    waiting = select(Batch.person_id).where(Batch.state == "open", Batch.last_at < idle)
    person_id = db.session.scalar(waiting.order_by(Batch.last_at).limit(1))
    if person_id is None:
        return False
    one_at_a_time(person_id)
    still = select(Batch).where(Batch.person_id == person_id, Batch.state == "open", Batch.last_at < idle)
    batch = db.session.scalar(still)
    if batch is None:
        return True
    commit_batch(batch, SYSTEM)
    return True


def _own_task(actor: Actor, task_id: str) -> Task:
    task = db.session.scalar(select(Task).where(Task.public_id == task_id, Task.person_id == actor.id))
    if task is None or task.state == "waiting":
        raise NotFound("case to grade")
    return task


def _move(task_id: int, before: str, after: str, otherwise: str, **values: Any) -> None:
    """Move a task's state, or refuse with *otherwise* when it is not where it should be."""
    moved = ask(in_hand.moving(frozenset(values)), {"task": task_id, "before": before, "after": after, **values})
    if not moved.rowcount:
        raise Refused(otherwise)


def _hash(row: Grade, task: Task) -> str:
    """What is locked at the commit: SHA-256 over the answer's canonical JSON."""
    body = [task.public_id, row.no, row.verdict, row.section_key, row.action, row.answers, row.confidence, row.note]
    return hashlib.sha256(audit.canonical([*body, row.graded_at.isoformat()]).encode()).hexdigest()
