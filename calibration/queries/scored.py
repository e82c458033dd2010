"""Marks of scorecards behind the figures of the quality of the work: first looks alone, so one scorecard a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qa.core import released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Team
from qa.models.cases import ClosedCase
from qa.models.grading import Task, TaskPurpose
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.scorecards import Score, ScoreMark
from qa.queries.measured import in_force


@dataclass(frozen=True, slots=True)
class Scored:
    """One scorecard that was marked, and the chance that its case came into it."""

    id: int
    agent_id: int | None
    team: str
    chance: float
    total: float | None
    critical_missed: bool


def scored(actor: Actor, since: datetime) -> list[Scored]:
    """Scorecards of cases of the led teams that were closed from then on; of samples that measure."""
    chance = func.sum(DrawCase.probability)
    query = (
        select(Score.id, ClosedCase.agent_id, Team.name, chance, Score.chance, Score.total, Score.critical_missed)
        .join(Task, Task.id == Score.task_id)
        .join(TaskPurpose, TaskPurpose.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .join(DrawCase, DrawCase.case_id == ClosedCase.id)
        .join(Draw, Draw.id == DrawCase.draw_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .outerjoin(Team, Team.id == ClosedCase.agent_team_id)
        .where(Score.state == "given", Score.voided_at.is_(None), TaskPurpose.purpose == "first")
        .where(*in_force("measure"), ClosedCase.closed_at >= since)
        .group_by(Score.id, ClosedCase.agent_id, Team.name, Score.chance, Score.total, Score.critical_missed)
        .order_by(Score.id)
    )
    known_at = released.known_at(actor)
    if known_at is not None:
        query = query.where(Score.given_at < known_at)
    if actor.has("manager") and not actor.has("admin", "observer") and actor.managed_teams is not None:
        query = query.where(ClosedCase.agent_team_id.in_(sorted(actor.managed_teams)))
    if actor.can_be_given_blind_tasks:  # who grades too is told nothing of the own cases here
        query = query.where(ClosedCase.agent_id != actor.id)
    return [
        Scored(row[0], row[1], row[2] or "", min(1.0, row[3]) * row[4], row.total, row.critical_missed)
        for row in db.session.execute(query)
    ]


def marks(score_ids: list[int]) -> list[tuple[int, str, str, str | None]]:
    """(scorecard, criterion, mark, cause) of these scorecards."""
    found: list[tuple[int, str, str, str | None]] = []
    columns = (ScoreMark.score_id, ScoreMark.key, ScoreMark.mark, ScoreMark.cause)
    for start in range(0, len(score_ids), 500):
        part = score_ids[start : start + 500]
        query = select(*columns).where(ScoreMark.score_id.in_(part)).order_by(ScoreMark.score_id, ScoreMark.key)
        found += [tuple(row) for row in db.session.execute(query)]
    return found


def waiting() -> int:
    """Scorecards that were drawn and are not marked yet."""
    return db.session.scalar(select(func.count()).select_from(Score).where(Score.state == "drawn")) or 0
