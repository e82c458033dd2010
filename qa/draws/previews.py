"""What a plan would draw now, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa import plans
from qa.core import clock, preferences
from qa.core.db import db
from qa.core.errors import NotFound
from qa.draws import frames, sizing
from qa.draws.frames import Frame
from qa.models.plans import PlanVersion
from qa.sampling.preview import Preview, preview


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """The next draw of a plan, as it would be now."""

    plan: str
    window_from: datetime | None
    window_to: datetime
    frame_size: int
    excluded: dict[str, int]
    #: Cases to draw of each stratum.
    sizes: dict[str, int]
    expected: Preview


def of_plan(plan_name: str) -> PlanPreview:
    """Build the plan's frame up to now and say what it would give; outside any writing transaction."""
    plan = plans.named(plan_name)
    version = plans.newest_version(plan.id)
    if version is None:
        raise NotFound("plan")
    start = frames.last_window_end(plan.id)
    db.session.rollback()
    seen = _seen(plan.name, version, frames.build(version, start, clock.now()))
    db.session.rollback()
    return seen


def as_built(plan_public_id: str) -> PlanPreview | None:
    """The same from the frame as the last job left it, for a page: reads only; None while none is built."""
    plan = plans.by_public_id(plan_public_id)
    version = plans.newest_version(plan.id)
    frame = None if version is None else frames.as_built(version.id, frames.last_window_end(plan.id))
    return None if version is None or frame is None else _seen(plan.name, version, frame)


def _seen(plan: str, version: PlanVersion, frame: Frame) -> PlanPreview:
    wanted = sizing.sizes(version, frame)
    looks = version.looks + version.overlap_share
    expected = preview(frame.sizes, wanted, expected=preferences.get("target_accuracy"), looks=looks)
    return PlanPreview(plan, frame.window_from, frame.window_to, frame.size, frame.excluded, wanted, expected)
