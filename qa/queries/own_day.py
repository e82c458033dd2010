"""A grader's own day: how fast, how long without a break, and what it holds. Nobody else is shown it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.grading import exposure
from qa.models.grading import CaseHarm, Grade, Task
from qa.queries import grading

#: A pause of this length ends a stretch of work.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The work since the last pause."""

    minutes: int
    cases: int
    sensitive: int
    #: Why a break would do good; None while there is no reason.
    why: str | None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """All that a grader sees of the own day."""

    graded: int
    portion: int
    pace: int | None
    stretch: Stretch
    shown: tuple[exposure.Shown, ...]
    own_budget: int | None
    other_budget: int


def own_day(actor: Actor) -> OwnDay:
    """The day of *actor*, for their own eyes."""
    day = grading.day(actor)
    budgets = exposure.budgets()
    return OwnDay(
        day.graded, day.portion, day.pace, stretch(actor), tuple(exposure.today(actor)),
        exposure.own_budget(actor), budgets[exposure.OTHER],
    )  # fmt: skip


def stretch(actor: Actor) -> Stretch:
    """The work of *actor* since the last pause of ten minutes or more, up to now."""
    now = clock.now()
    sensitive = exists().where(CaseHarm.case_id == Task.case_id).label("is_sensitive")
    query = select(Grade.graded_at, sensitive).join(Task, Task.id == Grade.task_id)
    mine = query.where(Grade.person_id == actor.id, Grade.graded_at >= now - timedelta(hours=12))
    later, cases, harms, start = now, 0, 0, now
    for at, is_sensitive in db.session.execute(mine.order_by(Grade.graded_at.desc(), Grade.id.desc())):
        if later - at >= PAUSE:
            break
        later, start, cases, harms = at, at, cases + 1, harms + bool(is_sensitive)
    minutes = int((now - start).total_seconds() // 60)
    return Stretch(minutes, cases, harms, _why(minutes, harms))


def _why(minutes: int, sensitive: int) -> str | None:
    if minutes >= preferences.get("break_minutes"):
        return f"{minutes} minutes without a break"
    if sensitive >= preferences.get("break_cases"):
        return f"{sensitive} sensitive cases without a break"
    return None
