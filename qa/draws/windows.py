"""Windows of a plan: spans of framed time that touch and never overlap."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from qa.core.db import db
from qa.models.plans import Draw, PlanVersion
from qa.plans import parts as plan_parts


def next_start(version: PlanVersion) -> datetime | None:
    """Where the next window of a plan begins: at the end of its last one, or where its rule says; None: since ever."""
    last = None if version.plan_id is None else last_end(version.plan_id)
    since = plan_parts.day_of(version.sizing.get("since"))
    return last or (None if since is None else plan_parts.beginning(since, version.schedule))


def last_end(plan_id: int) -> datetime | None:
    """Where the last window of a plan ended; None while it has drawn nothing."""
    ends = select(func.max(Draw.window_to)).where(Draw.plan_id == plan_id, Draw.replaced_at.is_(None))
    return db.session.scalar(ends)
