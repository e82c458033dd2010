"""What a draw puts into the queues: one settlement and one set of blind tasks a case, however many draws hold it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from qa import queue, workflows
from qa.core import clock
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.truth import Settlement


def open_all(drawn: Sequence[dict[str, Any]], numbers: Mapping[int, int], moments: Sequence[datetime]) -> None:
    """Settlements and tasks for *drawn*, in even parts that come into the queues at *moments*.

    Which part a case is in follows from its number alone and tells nothing of its stratum.
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
    fresh = [one for one in drawn if one["case_id"] not in known]
    _settlements(fresh)
    for moment, cases in _parts(fresh, numbers, moments).items():
        wanted = []
        for one in cases:
            purposes = ["first", *["overlap"] * (one["looks"] - 1)]
            form = forms[workflow_of[one["case_id"]]]
            wanted += [{"case_id": one["case_id"], "workflow_id": form, "purpose": purpose} for purpose in purposes]
        queue.add_tasks(wanted, release_at=moment)
    _plan_more_looks([one for one in drawn if one["case_id"] in known], forms, workflow_of)


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


def _plan_more_looks(again: list[dict[str, Any]], forms: dict[str, int], workflow_of: dict[int, str]) -> None:
    """A case that another draw holds already gets the looks that this one plans beyond those, while it is open."""
    wanted = []
    for one in again:
        row = db.session.get_one(Settlement, one["case_id"])
        more = one["looks"] - row.looks_planned
        if more > 0 and row.state == "open":
            form = forms[workflow_of[one["case_id"]]]
            wanted += [{"case_id": one["case_id"], "workflow_id": form, "purpose": "overlap"}] * more
            db.session.execute(
                update(Settlement).where(Settlement.case_id == one["case_id"]).values(looks_planned=one["looks"])
            )
    queue.add_tasks(wanted, release_at=clock.now())
