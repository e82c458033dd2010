"""How known-answer cases come into queues: mixed with the day's other looks, each to a grader who has not met it.

Thirty for each grader and quarter, evenly over the quarter and never more than a small share of a day's portion; those
that were used least come first, so that no case becomes known by turning up again and again.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from calibration.models.gold import Gold
from calibration.sessions import gone
from qa.core import access, clock, preferences
from qa.core.access import Actor
from qa.grading import conflicts, portions, workflows
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task, TaskPurpose


@dataclass(frozen=True, slots=True)
class _Known:
    """A known-answer case that may be given out."""

    address: str
    case_id: int
    workflow: str
    language: str | None
    used: int


def quarter(day: date) -> tuple[date, date]:
    """The first day of a day's quarter, and of the next one.

    >>> quarter(date(2026, 11, 16))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    month = 3 * ((day.month - 1) // 3) + 1
    following = month + 3
    return date(day.year, month, 1), date(day.year + (following > 12), following - 12 * (following > 12), 1)


def due(day: date, *, had: int, portion: int) -> int:
    """How many known-answer cases a grader gets on *day* who *had* so many in its quarter, of the day's *portion*."""
    first, end = quarter(day)
    wanted = int(preferences.get("gold_a_quarter"))
    by_now = math.ceil(wanted * ((day - first).days + 1) / (end - first).days)
    a_day = math.floor(preferences.get("gold_share") * portion)
    return max(min(by_now - had, a_day, wanted - had), 0)


def wanted(day: date, graders: Sequence[int], session: Any) -> Iterator[dict[str, Any]]:
    """The looks of purpose gold that the release of *day* mixes into the queues of *graders*."""
    known = _known(session)
    if not known:
        return
    had = _had(session, quarter(day)[0])
    given = {one.address: one.used for one in known}
    for grader in sorted(graders):
        actor = access.actor(grader)
        portion = 0 if actor is None else portions.today(actor)
        count = due(day, had=had.get(grader, 0), portion=portion)
        if actor is None or not count:
            continue
        for one in _choice(session, actor, known, given, f"{day.isoformat()}:{actor.public_id}")[:count]:
            given[one.address] += 1
            yield {
                "case_id": one.case_id, "workflow_id": workflows.ensure(one.workflow).id, "purpose": "gold",
                "origin": one.address, "person_id": grader,
            }  # fmt: skip


def _known(session: Any) -> list[_Known]:
    used = (
        select(func.count())
        .select_from(TaskPurpose)
        .where(TaskPurpose.purpose == "gold", TaskPurpose.origin == Gold.public_id)
        .scalar_subquery()
    )
    query = (
        select(Gold.public_id, Gold.case_id, ClosedCase.workflow, CaseText.language, used)
        .join(ClosedCase, ClosedCase.id == Gold.case_id)
        .outerjoin(CaseText, CaseText.case_id == Gold.case_id)
        .where(Gold.state == "live", ~gone.is_gone())
        .order_by(Gold.id)
    )
    return [_Known(*row) for row in session.execute(query)]


def _had(session: Any, first: date) -> dict[int, int]:
    """Grader -> known-answer cases since the quarter began, those still in the queue counted, those voided not."""
    since = datetime.combine(first, time(), UTC)
    query = (
        select(Task.person_id, func.count())
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .where(TaskPurpose.purpose == "gold", Task.release_at >= since, Task.state != "void")
        .group_by(Task.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _choice(session: Any, actor: Actor, known: list[_Known], given: dict[str, int], seed: str) -> list[_Known]:
    """Those that *actor* may be given, the least used first; equals by a number that differs by day and person."""
    ids = [one.case_id for one in known]
    had = select(Task.case_id).where(Task.person_id == actor.id, Task.case_id.in_(ids))
    met = conflicts.among(actor.id, ids) | set(session.scalars(had))
    flows = {skill.split(":", 1)[1] for skill in actor.skills if skill.startswith("workflow:")}
    fitting = [
        one
        for one in known
        if one.case_id not in met
        and (one.language is None or not actor.languages or one.language in actor.languages)
        and (not flows or one.workflow in flows)
    ]
    return sorted(
        fitting, key=lambda one: (given[one.address], hashlib.sha256(f"{seed}:{one.address}".encode()).digest())
    )


def lasts_until(stock: int, graders: int) -> date | None:
    """The day on which the first grader will have had every known-answer case; None when there is nobody to use them.

    Each grader has each case once, so a stock of thirty lasts a quarter however many graders there are.
    """
    if not graders:
        return None
    a_day = preferences.get("gold_a_quarter") / 91
    return clock.now().date() + timedelta(days=math.floor(stock / a_day)) if a_day else None
