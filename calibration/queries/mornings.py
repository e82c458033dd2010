"""What a lead's morning asks of samples and of cases: how far draws are, and which cases were closed late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select, true

from calibration.queries import agents
from qa.core.access import Actor
from qa.core.db import db
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawCase, Plan, PlanVersion
from qa.models.truth import Settlement
from qa.queries.measured import ENDED


@dataclass(frozen=True, slots=True)
class Drawn:
    """A current draw and how far it is."""

    plan: str
    drawn_at: datetime
    drawn: int
    open: int
    #: Settled, or ended without a settled decision.
    ended: int


@dataclass(frozen=True, slots=True)
class Late:
    """Cases of one workflow that had a due time, and how many of them were closed after it."""

    workflow: str
    late: int
    n: int


def draws(since: datetime, *, known_at: datetime | None = None) -> list[Drawn]:
    """The current draws of live plans that measure, made from then on, oldest first.

    *known_at*: what changed later counts as still open; None: nothing does.
    """
    known = true() if known_at is None else Settlement.changed_at <= known_at
    ended = func.sum(case((and_(Settlement.state.in_(ENDED), known), 1), else_=0))
    query = (
        select(Plan.name, Draw.created_at, func.count(), ended)
        .select_from(Draw)
        .join(Plan, Plan.id == Draw.plan_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .join(DrawCase, DrawCase.draw_id == Draw.id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(Draw.replaced_at.is_(None), Draw.created_at >= since)
        .where(Plan.state == "live", PlanVersion.purpose == "measure")
        .group_by(Draw.id, Plan.name, Draw.created_at)
        .order_by(Draw.created_at, Draw.id)
    )
    rows = db.session.execute(query)
    return [Drawn(plan, drawn_at, n, n - int(done), int(done)) for plan, drawn_at, n, done in rows]


def looked_after(actor: Actor) -> list[int]:
    """The agents of the teams that *actor* leads, for figures of a whole team."""
    return sorted(key for key, agent in agents.everybody().items() if actor.sees_team(agent.team_id))


def late(agent_ids: Collection[int], since: datetime) -> list[Late]:
    """Cases with a due time that these agents closed from then on, by workflow. Each agent's cases lie in one index."""
    after = func.sum(case((ClosedCase.closed_at > ClosedCase.due_at, 1), else_=0))
    query = (
        select(ClosedCase.workflow, after, func.count())
        .join(ImportRun, ImportRun.id == ClosedCase.run_id)
        .where(ClosedCase.agent_id.in_(agent_ids), ClosedCase.closed_at >= since, ClosedCase.due_at.is_not(None))
        .where(ClosedCase.replaced_at.is_(None), ImportRun.state == "published")
        .group_by(ClosedCase.workflow)
        .order_by(ClosedCase.workflow)
    )
    return [Late(name, int(number), n) for name, number, n in db.session.execute(query)]


def stamp() -> tuple[int, str]:
    """What tells one content of all imported cases from another: how many were published, and which one last."""
    query = select(func.count().over(), ImportRun.public_id).where(ImportRun.state == "published")
    newest = db.session.execute(query.order_by(ImportRun.published_at.desc(), ImportRun.id.desc()).limit(1)).first()
    return (0, "") if newest is None else (newest[0], newest[1])
