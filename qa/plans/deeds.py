"""What people ask of plans from a page: the work itself is done by jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa import number_keys
from qa.core import audit, clock, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.core.jobs import Work
from qa.draws import drawing, frames, windows
from qa.models.plans import Plan
from qa.plans import parts as plan_parts
from qa.plans import plans


def publish(actor: Actor, text: str) -> str:
    """Keep the plan that *text* (TOML) describes and have its eligible cases counted; its address."""
    version = plans.create(actor, plans.from_toml(text))
    ask_for_frames(actor)
    return db.session.scalars(select(Plan.public_id).where(Plan.id == version.plan_id)).one()


def ask_for_frames(actor: Actor) -> None:
    """Have the frames of the live plans brought up to date."""
    jobs.enqueue(actor, "frames.refresh", dedupe_key="frames.refresh")


def ask_for_draw(actor: Actor, plan_public_id: str) -> None:
    """Have the next sample of a plan drawn."""
    plan = plans.by_public_id(plan_public_id)
    if plan.state != "live":
        raise Refused("This plan is not live.")
    jobs.enqueue(actor, "plan.draw", {"plan": plan.name}, dedupe_key=f"draw:{plan_public_id}")
    audit.note(actor, "asked_for_draw", "plan", plan_public_id)


def draw(work: Work, plan: str) -> dict[str, Any]:
    """The job behind `ask_for_draw`."""
    return {"draw": drawing.draw(work.actor, plan)}


def draw_due(work: Work) -> dict[str, Any]:
    """The job that draws by schedule: every live plan whose period has ended since its last window.

    Its tasks come into the queues over the working days of the period that follows. It also promises the key of a
    month as the month begins, whether or not anything is imported then.
    """
    write(lambda: number_keys.current(work.actor))
    drawn, empty = [], []
    for name, boundary in _due(clock.now()):
        db.session.rollback()
        try:
            drawn.append(drawing.draw(work.actor, name, as_of=boundary, spread=True))
        except Refused:
            # Nothing was framed in that period; its cases fall into the next one.
            db.session.rollback()
            empty.append(name)
        work.progress(len(drawn) + len(empty), line=name)
    return {"drawn": drawn, "nothing_to_draw": empty}


def _due(now: datetime) -> list[tuple[str, datetime]]:
    """(plan, the moment up to which it draws) of the live plans whose period has ended since their last window."""
    versions = plans.newest_versions()
    found = []
    for plan in db.session.scalars(select(Plan).where(Plan.state == "live").order_by(Plan.id)):
        version = versions.get(plan.id)
        if version is None or not version.schedule:
            continue
        boundary = plan_parts.latest_boundary(version.schedule, now)
        last = windows.last_end(plan.id)
        if boundary > (last or version.created_at):
            found.append((plan.name, boundary))
    return found


def refresh(_work: Work) -> dict[str, Any]:
    """Take what was imported into the frames of the live plans, so that a draw only has to read."""
    return {"plans": frames.refresh_live()}
