"""What a lead's morning asks of samples and of cases: how far draws are, and which cases were closed late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from calibration.queries import agents
from qa.core.access import Actor
from qa.core.db import db
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawCase, Plan, PlanVersion
from qa.models.truth import Settlement, TallyState
from qa.queries.measured import ENDED
from qa.tallies import tallies


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
    wanted = (
        select(Draw.id, Plan.name, Draw.created_at)
        .join(Plan, Plan.id == Draw.plan_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .where(Draw.replaced_at.is_(None), Draw.created_at >= since)
        .where(Plan.state == "live", PlanVersion.purpose == "measure")
        .order_by(Draw.created_at, Draw.id)
    )
    found = db.session.execute(wanted).all()
    drawn, ended = Counter[int](), Counter[int]()
    states = select(TallyState.draw_id, TallyState.states).where(TallyState.draw_id.in_([row.id for row in found]))
    for draw_id, packed in db.session.execute(states):
        drawn[draw_id] += len(packed)
        ended[draw_id] += tallies.ended(packed)
    if known_at is not None:
        ended.subtract(_ended_since(known_at))
    return [
        Drawn(plan, drawn_at, drawn[key], drawn[key] - ended[key], ended[key])
        for key, plan, drawn_at in found
        if drawn[key]
    ]


def _ended_since(moment: datetime) -> Counter[int]:
    """How many cases of each draw ended after that."""
    query = (
        select(DrawCase.draw_id, func.count())
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(Settlement.changed_at > moment, Settlement.state.in_(ENDED))
        .group_by(DrawCase.draw_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


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
