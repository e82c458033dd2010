"""What a draw puts into the queues: one settlement and one set of blind tasks a case, however many draws hold it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from qa import scanning
from qa.core import clock
from qa.core.db import db
from qa.grading import queue, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.models.truth import Settlement


def open_all(drawn: Sequence[dict[str, Any]], numbers: Mapping[int, int], moments: Sequence[datetime]) -> None:
    """Settlements and tasks for *drawn*, in even parts that come into the queues at *moments*.

    Which part a case is in follows from its number alone and tells nothing of its stratum. A case whose text may tell
    the outcome gets its tasks by `open_held`, once somebody has looked.
    """
    ids = [one["case_id"] for one in drawn]
    known: set[int] = set()
    workflow_of: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        known |= set(db.session.scalars(select(Settlement.case_id).where(Settlement.case_id.in_(part))))
        rows = db.session.execute(select(ClosedCase.id, ClosedCase.workflow).where(ClosedCase.id.in_(part)))
        workflow_of |= {row.id: row.workflow for row in rows}
    forms = {key: workflows.ensure(key).id for key in sorted(set(workflow_of.values()))}
    held = scanning.waiting(ids)
    fresh = [one for one in drawn if one["case_id"] not in known]
    _settlements(fresh)
    for moment, cases in _parts([one for one in fresh if one["case_id"] not in held], numbers, moments).items():
        looks = ((one["case_id"], forms[workflow_of[one["case_id"]]], one["looks"]) for one in cases)
        queue.add_tasks([wanted for one in looks for wanted in _first_looks(*one)], release_at=moment)
    _plan_more_looks([one for one in drawn if one["case_id"] in known], forms, workflow_of, held)


def open_held(case_id: int) -> int:
    """Put a drawn case into the queue that waited for somebody to look at its text; how many tasks."""
    row = db.session.get(Settlement, case_id)
    there = select(Task.id).join(TaskPurpose, TaskPurpose.task_id == Task.id)
    there = there.where(Task.case_id == case_id, TaskPurpose.purpose == "first").limit(1)
    if row is None or row.state != "open" or db.session.scalar(there) is not None:
        return 0
    workflow = db.session.scalars(select(ClosedCase.workflow).where(ClosedCase.id == case_id)).one()
    wanted = _first_looks(case_id, workflows.ensure(workflow).id, row.looks_planned)
    return queue.add_tasks(wanted, release_at=clock.now())


def _first_looks(case_id: int, workflow_id: int, looks: int) -> list[dict[str, Any]]:
    """The tasks of a case that nobody has looked at: one look, and those planned beside it."""
    purposes = ["first", *["overlap"] * (looks - 1)]
    return [{"case_id": case_id, "workflow_id": workflow_id, "purpose": purpose} for purpose in purposes]


def _settlements(fresh: Sequence[dict[str, Any]]) -> None:
    now = clock.now()
    settlements = [
        {
            "case_id": one["case_id"], "state": "open", "looks_planned": one["looks"], "looks_in": 0,
            "needs_person": False, "changed_at": now, "created_at": now,
        }
        for one in fresh
    ]  # fmt: skip
    if settlements:
        db.session.execute(insert(Settlement), settlements)


def _parts(
    cases: Sequence[dict[str, Any]], numbers: Mapping[int, int], moments: Sequence[datetime]
) -> dict[datetime, list[dict[str, Any]]]:
    """Moment -> its cases, as even as can be."""
    if len(moments) == 1:
        return {moments[0]: list(cases)}
    mixed = sorted(cases, key=lambda one: _mixed(numbers[one["case_id"]]))
    found: dict[datetime, list[dict[str, Any]]] = defaultdict(list)
    for place, one in enumerate(mixed):
        found[moments[place * len(moments) // len(mixed)]].append(one)
    return found


def _mixed(number: int) -> bytes:
    """Another order than that of the numbers themselves, by which the cases were chosen."""
    return hashlib.sha256(b"spread" + number.to_bytes(8, "big")).digest()


def _plan_more_looks(
    again: list[dict[str, Any]], forms: dict[str, int], workflow_of: dict[int, str], held: set[int]
) -> None:
    """A case that another draw holds already gets the looks that this one plans beyond those, while it is open."""
    wanted = []
    for one in again:
        row = db.session.get_one(Settlement, one["case_id"])
        more = one["looks"] - row.looks_planned
        if more > 0 and row.state == "open":
            form = forms[workflow_of[one["case_id"]]]
            if one["case_id"] not in held:
                wanted += [{"case_id": one["case_id"], "workflow_id": form, "purpose": "overlap"}] * more
            db.session.execute(
                update(Settlement).where(Settlement.case_id == one["case_id"]).values(looks_planned=one["looks"])
            )
    queue.add_tasks(wanted, release_at=clock.now())
