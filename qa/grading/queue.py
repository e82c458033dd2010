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
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from qa import touches
from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.columns import new_public_id
from qa.core.db import ask, is_sqlite
from qa.grading import conflicts, exposure
from qa.grading.routing import Limits
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import CaseHarm, Task, TaskPurpose
from qa.models.policies import Workflow

_ADD_TASKS = insert(Task.__table__).returning(Task.__table__.c.id, sort_by_parameter_order=True)
_ADD_PURPOSES = insert(TaskPurpose.__table__)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """What people call a task: random, tells nothing."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:3]}-{letters[3:]}"


def add_tasks(wanted: Iterable[Mapping[str, Any]], *, release_at: datetime) -> int:
    """Put tasks into the queue; each of *wanted* has case_id, workflow_id, purpose, maybe needs_skill and origin, and
    person_id where it is kept for one person."""
    now = clock.now()
    asked = list(wanted)
    rows = [
        {
            "public_id": new_public_id(), "code": new_code(), "case_id": one["case_id"],
            "round": one.get("round", 1), "queue_number": secrets.randbits(62), "person_id": one.get("person_id"),
            "reserved": one.get("person_id") is not None, "workflow_id": one["workflow_id"], "state": "waiting",
            "release_at": release_at, "needs_skill": one.get("needs_skill"), "created_at": now,
        }
        for one in asked
    ]  # fmt: skip
    if not rows:
        return 0
    ids = ask(_ADD_TASKS, rows).scalars().all()
    purposes = [
        {"task_id": task_id, "purpose": one["purpose"], "origin": one.get("origin"), "created_at": now}
        for task_id, one in zip(ids, asked, strict=True)
    ]
    ask(_ADD_PURPOSES, purposes)
    exposure.remember([one["case_id"] for one in asked])
    return len(rows)


def lease_end() -> datetime:
    """Until when a case that is taken up now stays in somebody's hands."""
    return clock.now() + timedelta(minutes=preferences.get("lease_minutes"))


def claim_next(actor: Actor, limits: Limits) -> str | None:
    """Claim the next task that *actor* may be given within *limits*: its address; None when there is none.

    The caller sees to it that a person's claims come one after the other.
    """
    chosen = {
        "person": actor.id, "now": clock.now(), "until": lease_end(), "token": secrets.token_hex(16),
        "start": _start(actor), **limits.values,
    }  # fmt: skip
    for skip_locked in (False,) if is_sqlite() else (True, False):
        for ahead in (True, False):
            claimed: str | None = ask(_claiming(limits.kinds, ahead, skip_locked), chosen).scalar()
            if claimed is not None:
                return claimed
    return None


@cache
def _claiming(limits: frozenset[str], ahead: bool, skip_locked: bool) -> ReturningUpdate[tuple[str]]:
    """A claim as one statement, made once; *ahead*: in the part of the queue from the person's own start on."""
    start = bindparam("start", type_=Task.queue_number.type)
    part = Task.queue_number >= start if ahead else Task.queue_number < start
    one = _open_to(limits).where(part).order_by(Task.queue_number).limit(1)
    one = one.with_for_update(of=Task.__table__, skip_locked=skip_locked)
    task = Task.__table__.c
    held = {
        task.person_id: bindparam("person"), task.state: "held", task.held_at: bindparam("now"),
        task.lease_until: bindparam("until"), task.lease_token: bindparam("token"),
    }  # fmt: skip
    claimed = update(Task.__table__).where(task.id == one.scalar_subquery(), task.state == "waiting")
    return claimed.values(held).returning(task.public_id)


def _open_to(limits: frozenset[str]) -> Select[tuple[int]]:
    """Waiting tasks that a person may be given: never one with a conflict, nor what they cannot read or bear.

    *limits*: the lists that this person is held to. Languages, work and skills do not bind what was kept for them.
    """
    other, person = aliased(Task), bindparam("person", type_=Task.person_id.type)
    met = exists().where(other.case_id == Task.case_id, other.person_id == person, other.id != Task.id)
    query = (
        select(Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .outerjoin(CaseText, CaseText.case_id == Task.case_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .where(
            Task.state == "waiting",
            Task.release_at <= bindparam("now", type_=Task.release_at.type),
            or_(Task.person_id.is_(None), Task.person_id == person),
            ~touches.has_met(person),
            ~met,
            *_spared(limits, person),
        )
    )
    return query.where(or_(_fits(limits), and_(Task.person_id == person, Task.reserved)))


def _fits(limits: frozenset[str]) -> ColumnElement[bool]:
    """Skills, languages, workflows and kinds of harm that somebody is held to."""
    fits = [or_(Task.needs_skill.is_(None), Task.needs_skill.in_(_list("skills")))]
    if "languages" in limits:
        known = or_(CaseText.language.is_(None), CaseText.language.in_(_list("languages")))
        fits.append(or_(known, CaseText.translation.is_not(None)) if "translations" in limits else known)
    if "keys" in limits:
        fits.append(Workflow.key.in_(_list("keys")))
    if "harms" in limits:
        fits.append(~_holds(CaseHarm.harm_class.not_in(_list("harms"))))
    return and_(*fits)


def _spared(limits: frozenset[str], person: BindParameter[Any]) -> list[ColumnElement[bool]]:
    """What somebody is not given even where it was kept for them."""
    spared: list[ColumnElement[bool]] = []
    if "against" in limits:
        spared.append(or_(ClosedCase.agent_id.is_(None), ClosedCase.agent_id.not_in(_list("against"))))
    if "own_team" in limits:
        spared.append(~conflicts.in_own_team(person))
    if "spent" in limits:
        spared.append(~_holds(CaseHarm.harm_class.in_(_list("spent"))))
    if "only" in limits:
        spared.append(~_holds(CaseHarm.harm_class.not_in(_list("only"))))
    return spared


def _holds(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CaseHarm.case_id == Task.case_id, condition)


def _list(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _start(actor: Actor) -> int:
    """Where this person begins to read the queue: fixed for the person, random to everybody else."""
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), actor.public_id.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) >> 2
