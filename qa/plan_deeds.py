"""What people ask of plans from a page: the work itself is done by jobs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from qa import plans
from qa.core import audit, jobs
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from qa.core.jobs import Work
from qa.draws import drawing, frames
from qa.models.plans import Plan


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


def refresh(_work: Work) -> dict[str, Any]:
    """Take what was imported into the frames of the live plans, so that a draw only has to read."""
    return {"plans": frames.refresh_live()}
