"""What a plan would draw now, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa import plans
from qa.core import clock, preferences
from qa.core.db import db
from qa.core.errors import NotFound
from qa.draws import frames, sizing
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
    frame = frames.build(version, start, clock.now())
    wanted = sizing.sizes(version, frame)
    target = preferences.get("target_accuracy")
    looks = version.looks + version.overlap_share
    expected = preview(frame.sizes, wanted, expected=target, looks=looks)
    db.session.rollback()
    return PlanPreview(plan.name, start, frame.window_to, frame.size, frame.excluded, wanted, expected)
