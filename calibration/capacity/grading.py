"""Whether the looks that plans ask for can be given: what is needed a week, what graders have, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from sqlalchemy import func, select

from calibration.capacity.waiting import waiting
from qa.core import clock, preferences
from qa.core.db import db
from qa.core.leave import days_off
from qa.core.models import Person, RoleGrant
from qa.draws import describing
from qa.models.plans import DrawCase, Plan
from qa.plans import plans

#: Draws a week by how often a plan draws.
A_WEEK = {"day": 7.0, "week": 1.0, "month": 12 / 52.1775}
#: Weeks ahead over which days off are looked at.
AHEAD = 4


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """What a live plan asks for: looks of its newest draw, and how many a week that makes."""

    name: str
    public_id: str
    looks: int
    every: str
    a_week: float


@dataclass(frozen=True, slots=True)
class Grading:
    """Looks a week that are needed and can be given, and those that wait. *more*: further looks for differences."""

    plans: Sequence[PlanNeed]
    more: float
    an_hour: float
    needed: float
    #: Graders, their working days a week in the weeks ahead, and looks a week within their portions.
    graders: int
    days: float
    available: float
    waiting: int
    #: As of when that was so, of planned looks alone; None: now, of all.
    waited_at: datetime | None
    #: When what waits is done beside what comes in; None: never at this pace.
    done_on: date | None

    def hours(self, looks: float) -> float:
        """Hours that so many looks take."""
        return looks / self.an_hour

    @property
    def used(self) -> float | None:
        """Share of what can be given that plans ask for; None without a grader."""
        return self.needed / self.available if self.available else None


def grading(*, more: float, an_hour: float, known_at: datetime | None = None) -> Grading:
    """The look ahead; *known_at*: what waits is told as of then (`waiting`)."""
    found = _plans()
    needed = sum(one.a_week for one in found) * (1 + more)
    graders, days, available = _available()
    count, spare = waiting(known_at), available - needed
    weeks = count / spare if spare > 0 else None
    done_on = None if weeks is None else clock.now().date() + timedelta(days=ceil(7 * weeks))
    return Grading(found, more, an_hour, needed, graders, days, available, count, known_at, done_on)


def _plans() -> list[PlanNeed]:
    newest, versions = describing.newest(), plans.newest_versions()
    live = db.session.scalars(select(Plan).where(Plan.state == "live").order_by(Plan.name)).all()
    draws = {plan.id: newest[plan.public_id].id for plan in live if plan.public_id in newest}
    sums = select(DrawCase.draw_id, func.sum(DrawCase.looks)).where(DrawCase.draw_id.in_(draws.values()))
    looks = {draw: int(total or 0) for draw, total in db.session.execute(sums.group_by(DrawCase.draw_id))}
    found = []
    for plan in live:
        version = versions.get(plan.id)
        schedule = version.schedule if version is not None else None
        each, every = looks.get(draws.get(plan.id, 0), 0), str(schedule["every"]) if schedule else ""
        found.append(PlanNeed(plan.name, plan.public_id, each, every, each * A_WEEK.get(every, 0.0)))
    return found


def _available() -> tuple[int, float, float]:
    """(graders, working days a week of all of them, looks a week)."""
    granted = select(RoleGrant.person_id).where(RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None))
    query = select(Person.id, Person.public_id).where(Person.active, Person.id.in_(granted)).order_by(Person.id)
    people = db.session.execute(query).all()
    first = clock.now().date() + timedelta(days=1)
    days = days_off.working_days([row.id for row in people], first, first + timedelta(weeks=AHEAD, days=-1))
    looks = 0.0
    for row in people:
        scope = preferences.of_person(row.public_id)
        each = preferences.get("daily_portion", scope=scope) * days[row.id] / AHEAD
        most = preferences.get("weekly_portion", scope=scope)
        looks += min(each, most) if most else each
    return len(people), sum(days.values()) / AHEAD, looks
