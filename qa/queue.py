"""The queue of blind tasks: making them, claiming the next one, letting go of it.

A claim is one statement that two people cannot win at once. `queue_number` is random, and each person reads on from a
start of their own, so the order tells nothing and people do not crowd at one end.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from qa import touches
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.columns import new_public_id
from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.models.policies import Workflow

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """What people call a task: random, tells nothing."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:3]}-{letters[3:]}"


def add_tasks(wanted: Iterable[Mapping[str, Any]], *, release_at: datetime) -> int:
    """Put tasks into the queue; each of *wanted* has case_id, workflow_id, purpose, maybe needs_skill and origin."""
    now = clock.now()
    asked = list(wanted)
    rows = [
        {
            "public_id": new_public_id(), "code": new_code(), "case_id": one["case_id"],
            "round": one.get("round", 1), "queue_number": secrets.randbits(62), "reserved": False,
            "workflow_id": one["workflow_id"], "state": "waiting",
            "release_at": release_at, "needs_skill": one.get("needs_skill"), "created_at": now,
        }
        for one in asked
    ]  # fmt: skip
    if not rows:
        return 0
    ids = db.session.scalars(insert(Task).returning(Task.id, sort_by_parameter_order=True), rows).all()
    purposes = [
        {"task_id": task_id, "purpose": one["purpose"], "origin": one.get("origin"), "created_at": now}
        for task_id, one in zip(ids, asked, strict=True)
    ]
    db.session.execute(insert(TaskPurpose), purposes)
    return len(rows)


def lease_end() -> datetime:
    """Until when a case that is taken up now stays in somebody's hands."""
    return clock.now() + timedelta(minutes=preferences.get("lease_minutes"))


def claim_next(actor: Actor) -> int | None:
    """Claim the next task that *actor* may be given; None when there is none. The task's inside number."""
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update(key_share=True))
    start = _start(actor)
    ahead, behind = Task.queue_number >= start, Task.queue_number < start
    for skip_locked in (True, False):
        for part in (ahead, behind):
            claimed = _claim(actor, _open_to(actor).where(part), skip_locked=skip_locked)
            if claimed is not None:
                return claimed
        if db.engine.dialect.name == "sqlite":
            break
    return None


def _claim(actor: Actor, candidates: Select[tuple[int]], *, skip_locked: bool) -> int | None:
    now = clock.now()
    one = candidates.order_by(Task.queue_number).limit(1).with_for_update(of=Task, skip_locked=skip_locked)
    return db.session.scalar(
        update(Task)
        .where(Task.id == one.scalar_subquery(), Task.state == "waiting")
        .values(
            person_id=actor.id,
            state="held",
            held_at=now,
            lease_until=lease_end(),
            lease_token=secrets.token_hex(16),
        )
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )


def _open_to(actor: Actor) -> Select[tuple[int]]:
    """Waiting tasks that *actor* may be given: never an own case, one touched or graded before, a foreign language."""
    other = aliased(Task)
    met = exists().where(other.case_id == Task.case_id, other.person_id == actor.id, other.id != Task.id)
    query = (
        select(Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(CaseText, CaseText.case_id == Task.case_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .where(
            Task.state == "waiting",
            Task.release_at <= clock.now(),
            or_(Task.person_id.is_(None), Task.person_id == actor.id),
            ~touches.has_met(actor.id),
            ~met,
        )
    )
    skills = sorted(skill for skill in actor.skills if ":" not in skill)
    fits = or_(Task.needs_skill.is_(None), Task.needs_skill.in_(skills))
    if actor.languages:
        fits = and_(fits, or_(CaseText.language.is_(None), CaseText.language.in_(sorted(actor.languages))))
    workflows = sorted(skill.split(":", 1)[1] for skill in actor.skills if skill.startswith("workflow:"))
    if workflows:
        fits = and_(fits, Workflow.key.in_(workflows))
    return query.where(or_(fits, and_(Task.person_id == actor.id, Task.reserved)))


def _start(actor: Actor) -> int:
    """Where this person begins to read the queue: fixed for the person, random to everybody else."""
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), actor.public_id.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) >> 2
