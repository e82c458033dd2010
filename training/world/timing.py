"""When things happen to a case: working hours, waiting, handling, deadlines."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from training.world.people import Team

#: Median seconds of handling and their spread (sigma of the logarithm), median hours in the queue, hours allowed.
PACE = {
    "abuse_report": (210, 0.6, 5.0, 24),
    "escalation": (780, 0.5, 1.6, 8),
    "legal_request": (2100, 0.5, 70.0, 240),
}
#: Hours allowed where they are fewer than the workflow's.
URGENT_HOURS = {("abuse_report", "high"): 16, ("legal_request", "critical"): 2}


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one case, in UTC."""

    opened_at: datetime
    first_response_at: datetime
    closed_at: datetime
    due_at: datetime
    handle_seconds: int


def closing_moments(rng: random.Random, team: Team, week_from: date, count: int, *, days_off: int) -> list[datetime]:
    """*count* moments within the team's hours on five days of a week, in order and all different.

    *days_off* (0..6) says where in the week the two free days of the agent begin.
    """
    days = [day for day in range(7) if (day - days_off) % 7 > 1]
    span = (team.closes_utc - team.opens_utc) * 3600
    seconds: set[int] = set()
    while len(seconds) < count:
        seconds.add(rng.choice(days) * 86400 + team.opens_utc * 3600 + rng.randrange(600, span))
    start = datetime.combine(week_from, time(0), tzinfo=UTC)
    return [start + timedelta(seconds=second) for second in sorted(seconds)]


def around(rng: random.Random, workflow: str, severity: str, closed_at: datetime) -> Times:
    """The other moments of a case that was closed at *closed_at*."""
    median, spread, wait_hours, allowed = PACE[workflow]
    handling = max(15, round(median * rng.lognormvariate(0.0, spread)))
    allowed = URGENT_HOURS.get((workflow, severity), allowed)
    wait_hours = min(wait_hours, allowed / 4)
    waited = max(90, round(wait_hours * 3600 * rng.lognormvariate(0.0, 0.85)))
    opened_at = closed_at - timedelta(seconds=handling + waited)
    first = opened_at + timedelta(seconds=round(waited * rng.uniform(0.15, 0.95)))
    return Times(opened_at, first, closed_at, opened_at + timedelta(hours=allowed), handling)
