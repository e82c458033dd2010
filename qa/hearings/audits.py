"""Some undisputed results are looked at blind once more, by chance: do those that nobody contests hold too?"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta

from flask import current_app
from sqlalchemy import exists, func, select, update

from qa import settlement, truths
from qa.core import audit, clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.grading import asking
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.standing import Vote, matches

#: Only what votes have settled is looked at: a ruling has been heard already.
BY_VOTES = ("agreed", "majority")
#: Results whose window closed longer ago are left alone.
REACH = timedelta(days=30)
#: Considered in one transaction.
SOME = 500
#: Looks of this purpose at a case: the first, and one more where it dissents.
MOST_LOOKS = 2


def consider() -> tuple[int, int]:
    """Consider undisputed results whose window is over, each once: how many, and how many are looked at once more.

    An error is taken with one chance, a correct result with another; the chance is kept, so that a figure can weigh it.
    """
    now = clock.now()
    contested = exists().where(Dispute.finding_id == Finding.id)
    query = (
        select(Finding.id, Finding.public_id, Finding.case_id, Finding.kind)
        .join(Truth, Truth.id == Finding.truth_id)
        .join(Settlement, Settlement.case_id == Finding.case_id)
        .where(
            Finding.state.in_(("published", "acknowledged")), Finding.audit_chance.is_(None), ~contested,
            Finding.dispute_until < now, Finding.dispute_until >= now - REACH, Truth.basis.in_(BY_VOTES),
            Settlement.state == "settled",
        )
        .order_by(Finding.id)
        .limit(SOME)
    )  # fmt: skip
    rows, taken = db.session.execute(query).all(), 0
    for row in rows:
        chance = preferences.get("audit_share_correct" if row.kind == "correct" else "audit_share_errors")
        values: dict[str, object] = {"audit_chance": chance}
        if _number(row.public_id) < chance:
            values["audit_task_id"] = asking.ask_for(row.case_id, "audit", origin=row.public_id)
            taken += 1
        db.session.execute(update(Finding).where(Finding.id == row.id).values(**values))
    if rows:
        audit.note(SYSTEM, "considered", "finding", "audit", considered=len(rows), taken=taken)
    return len(rows), taken


def _number(finding_id: str) -> float:
    """A number from 0 to 1 that nobody outside can know before, the same whenever it is asked for."""
    key = current_app.config["SECRET_KEY"].encode()
    digest = hmac.new(key, b"audit:" + finding_id.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7]) / 2**56


def looked(task_ids: Collection[int]) -> None:
    """Committed looks of this purpose: one that dissents, and did not move anything, is followed by one more."""
    query = (
        select(Task.case_id, Grade.verdict, Grade.section_key, Grade.action)
        .join(Grade, Grade.task_id == Task.id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(Task.id.in_(list(task_ids)), TaskPurpose.purpose == "audit", Grade.committed_at.is_not(None))
    )
    for row in db.session.execute(query.order_by(Task.id)).all():
        state = db.session.scalar(select(Settlement.state).where(Settlement.case_id == row.case_id))
        truth = truths.current(row.case_id)
        if state != "settled" or truth is None or _looks(row.case_id) >= MOST_LOOKS:
            continue
        standing = Vote(truth.verdict, truth.section_key, truth.action)
        given = Vote(row.verdict, row.section_key, row.action)
        if not matches(standing, given, settlement.levels_of(row.case_id)):
            asking.ask_for(row.case_id, "audit")


def moved(task_id: int, to_task_id: int) -> None:
    """The look was passed on: the result waits for the next one."""
    db.session.execute(update(Finding).where(Finding.audit_task_id == task_id).values(audit_task_id=to_task_id))


def _looks(case_id: int) -> int:
    query = select(func.count()).select_from(Task).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    query = query.where(Task.case_id == case_id, TaskPurpose.purpose == "audit")
    return db.session.scalar(query.where(Task.state.not_in(("skipped", "void")))) or 0
