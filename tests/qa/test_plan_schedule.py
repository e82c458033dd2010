"""Plans that draw by themselves, and what may be said of schedule, gold and new people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.models.grading import Task
from qa.models.plans import Draw
from qa.plans import parts as plan_parts
from qa.plans import plans
from tests.desk import Desk
from tests.planned import PLAN, fill, publish


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(graders=1)
    fill(desk, 60)
    return desk


def test_a_scheduled_plan_draws_by_itself_once_a_period_and_spreads_its_cases(desk: Desk) -> None:
    publish(schedule={"every": "week", "day": "monday", "zone": "Europe/Dublin"}, size=20)
    jobs.run_due()
    early = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.plan_id == plans.named("Weekly").id))
    with clock.fixed(clock.now() + timedelta(days=7, hours=1)):
        for _ in range(2):
            job = write(lambda: jobs.enqueue(SYSTEM, "plan.draw_due"))
            jobs.run(job.id)
        days = db.session.execute(
            select(func.date(Task.release_at), func.count()).group_by(func.date(Task.release_at))
        ).all()
        drawn = db.session.scalars(select(Draw).where(Draw.plan_id == plans.named("Weekly").id)).all()

    assert early == 0
    assert [row.window_to for row in drawn] == [datetime(2026, 11, 23, tzinfo=UTC)]
    assert [count for _, count in days] == [4, 4, 4, 4, 4]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"every": "day", "zone": "Asia/Kolkata"}, datetime(2026, 11, 15, 18, 30, tzinfo=UTC)),
        ({"every": "week", "day": "friday"}, datetime(2026, 11, 13, tzinfo=UTC)),
        ({"every": "month"}, datetime(2026, 11, 1, tzinfo=UTC)),
        ({"every": "month", "day": 28}, datetime(2026, 10, 28, tzinfo=UTC)),
    ],
)
def test_a_period_ends_at_midnight_of_its_zone(schedule: dict[str, Any], expected: datetime) -> None:
    now = datetime(2026, 11, 16, 9, tzinfo=UTC)

    assert plan_parts.latest_boundary(schedule, now) == expected


def test_a_month_is_spread_over_its_working_days() -> None:
    days = plan_parts.days_to_spread_over({"every": "month"}, datetime(2026, 2, 2, 9, tzinfo=UTC))

    assert len(days) == 20 and days[-1].date() == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"schedule": {"every": "year"}}, "schedule"),
        ({"schedule": {"every": "week", "day": "someday"}}, "schedule"),
        ({"schedule": {"every": "week", "zone": "Mars/Olympus"}}, "schedule"),
        ({"schedule": {"every": "month", "day": 31}}, "schedule"),
        ({"gold": 0.5}, "gold"),
        ({"intensity": {"news": 1}}, "intensity"),
        ({"intensity": {}, "min_per_stratum": 0}, "intensity"),
        ({"intensity": {"new_factor": -1}}, "intensity.new_factor"),
        ({"half_width_of": "agent"}, "half_width_of"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        plans.checked({**PLAN, **changes})

    assert field in {problem.field for problem in refused.value.problems}
