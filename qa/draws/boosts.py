"""Asking for more of one agent's cases. It acts from each plan's next window on, so that no window is drawn twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.draws import windows
from qa.models.plans import Plan, PlanBoost
from qa.plans import plans
from qa.sampling.intensity import MOST


def ask_for_more(
    actor: Actor,
    *,
    agent_id: int,
    origin: str,
    section_key: str | None = None,
    factor: float = 2.0,
    until: datetime | None = None,
) -> int:
    """Have all live plans that measure each agent draw *factor* times as many of *agent_id*; how many plans.

    Of those with *section_key* in play alone, where it is given. Asking again for the same *origin* changes what was
    asked. Windows that begin at *until* or later are drawn as usual.
    Raises BadInput for a factor that is no more than 1 or too much.
    """
    if not 1 < factor <= MOST:
        raise BadInput(Problem(f"a number above 1, up to {MOST:g}", field="factor", value=str(factor)))
    asked = 0
    for plan in db.session.scalars(select(Plan).where(Plan.state == "live").order_by(Plan.id)).all():
        version = plans.newest_version(plan.id)
        if version is None or version.purpose != "measure" or "agent" not in version.strata:
            continue
        row = _row(plan.id, agent_id, origin)
        row.factor, row.section_key, row.to_at = factor, section_key, until
        asked += 1
    db.session.flush()
    audit.note(actor, "asked_for_more", "person", str(agent_id), factor=factor, plans=asked, origin=origin)
    return asked


def end(actor: Actor, *, origin: str) -> int:
    """Take back what was asked for *origin*, from each plan's next window on; how many plans."""
    rows = db.session.scalars(select(PlanBoost).where(PlanBoost.origin == origin)).all()
    if not rows:
        return 0
    for row in rows:
        row.to_at = windows.last_end(row.plan_id)
        if row.to_at is None:
            db.session.delete(row)
    db.session.flush()
    audit.note(actor, "ended_boost", "plan_boost", origin, plans=len(rows))
    return len(rows)


def _row(plan_id: int, agent_id: int, origin: str) -> PlanBoost:
    known = select(PlanBoost).where(
        PlanBoost.plan_id == plan_id, PlanBoost.agent_id == agent_id, PlanBoost.origin == origin
    )
    row = db.session.scalar(known)
    if row is None:
        row = PlanBoost(plan_id=plan_id, agent_id=agent_id, origin=origin, from_at=windows.last_end(plan_id))
        db.session.add(row)
    return row
