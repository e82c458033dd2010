"""How many cases a grader is given: in a day and in a week of theirs, as for everybody or as set for this person."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from qa.core import preferences
from qa.core.access import Actor
from qa.core.db import ask
from qa.core.leave import local_day
from qa.models.grading import Grade

_GRADE = Grade.__table__.c
_BETWEEN = select(func.count()).where(
    _GRADE.person_id == bindparam("person"),
    _GRADE.taken_back_at.is_(None),
    _GRADE.graded_at >= bindparam("since", type_=_GRADE.graded_at.type),
    _GRADE.graded_at < bindparam("until", type_=_GRADE.graded_at.type),
)


def a_day(actor: Actor) -> int:
    """How many cases *actor* may grade in a day."""
    return int(preferences.get("daily_portion", scope=preferences.of_person(actor.public_id)))


def a_week(actor: Actor) -> int | None:
    """How many from Monday to Sunday; None: as many as the days allow."""
    return int(preferences.get("weekly_portion", scope=preferences.of_person(actor.public_id))) or None


def today(actor: Actor) -> int:
    """How many cases *actor* may grade on this day: fewer where the days before have nearly used up the week."""
    most, week = a_day(actor), a_week(actor)
    return most if week is None else min(most, max(0, week - _earlier_this_week(actor)))


def _earlier_this_week(actor: Actor) -> int:
    days = {"since": local_day.monday(actor), "until": local_day.midnight(actor)}
    return int(ask(_BETWEEN, {"person": actor.id, **days}).scalar_one())
