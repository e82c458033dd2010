"""What a plan would draw now, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from qa.core import clock
from qa.core.db import db
from qa.core.errors import NotFound
from qa.draws import counting, designing, drawing, frames, sizing, windows
from qa.draws.frames import Frame
from qa.draws.sizing import Design
from qa.models.plans import DrawCase, Plan, PlanVersion
from qa.plans import plans
from qa.plans.plans import Definition
from qa.sampling.preview import FAST, SLOW, Preview, preview
from qa.sampling.savings import equal_simple_size, simple_size_for_all


@dataclass(frozen=True, slots=True)
class Saved:
    """The design beside simple random sampling of the same frame, in grading hours at the fast and the slow end."""

    #: Cases that simple random sampling takes for an interval as wide as here.
    simple: int
    hours_low: float
    hours_high: float


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
    design: Design
    #: None where the widths cannot be compared.
    saved_whole: Saved | None
    #: For every agent's own figure; None too where the plan is not split by agent.
    saved_each: Saved | None
    #: Cases that the last sample holds, where this would be that one again, larger: nothing came since.
    held: int | None = None


def of_plan(plan_name: str) -> PlanPreview:
    """Build the plan's frame up to now and say what it would give; outside any writing transaction."""
    plan = plans.named(plan_name)
    version = plans.newest_version(plan.id)
    if version is None:
        raise NotFound("plan")
    start = windows.next_start(version)
    db.session.rollback()
    seen = _seen(plan.name, version, frames.build(version, start, clock.now()))
    db.session.rollback()
    return seen


def as_built(plan_public_id: str) -> PlanPreview | None:
    """The same from the frame as the last job left it, for a page: reads only; None while none is built."""
    plan = plans.by_public_id(plan_public_id)
    version = plans.newest_version(plan.id)
    frame = None if version is None else frames.as_built(version.id, windows.next_start(version))
    if version is None:
        return None
    larger = None if frame is not None and frame.size else _grown(plan.name, version)
    if larger is not None:
        return larger[0]
    return None if frame is None else _seen(plan.name, version, frame)


def of_definition(definition: Definition) -> tuple[PlanPreview, PlanVersion, Frame]:
    """What a plan would give that is not kept yet, by counting its eligible cases: reads only.

    Raises Refused for a plan that cannot be followed.
    """
    version = plans.version_of(definition)
    version.plan_id = db.session.scalar(select(Plan.id).where(Plan.name == definition.name))
    frame = counting.count(version, windows.next_start(version), clock.now())
    larger = _grown(definition.name, version) if not frame.size else None
    seen, frame = larger or (_seen(definition.name, version, frame), frame)
    return seen, version, frame


def _grown(plan: str, version: PlanVersion) -> tuple[PlanPreview, Frame] | None:
    """The last sample as it would be made again, larger; None where there is none, or the rule is the same."""
    last = drawing.current_draw(version.plan_id) if version.plan_id else None
    if last is None or last.plan_version_id == version.id or not drawing.can_grow(last, version):
        return None
    held = select(func.count()).select_from(DrawCase).where(DrawCase.draw_id == last.id)
    frame = counting.count(version, last.window_from, last.window_to)
    return replace(_seen(plan, version, frame, designing.stored(last)), held=db.session.scalar(held)), frame


def _seen(plan: str, version: PlanVersion, frame: Frame, known: Design | None = None) -> PlanPreview:
    known = known or designing.design(version, frame.window_from, frame.window_to)
    wanted = sizing.sizes(version, frame, known)
    rates = sizing.stratum_rates(version, frame.strata, known)
    looks = version.looks + version.overlap_share
    expected = preview(frame.sizes, wanted, expected=known.expected, looks=looks)
    whole = equal_simple_size(frame.sizes, wanted, rates)
    each = None
    if "agent" in version.strata:
        each = simple_size_for_all(sizing.by_agent(version, frame.sizes), wanted, rates)
    drawn = sum(wanted.values())
    return PlanPreview(
        plan, frame.window_from, frame.window_to, frame.size, frame.excluded, wanted, expected, known,
        _saved(whole, drawn, looks), _saved(each, drawn, looks),
    )  # fmt: skip


def _saved(simple: float | None, drawn: int, looks: float) -> Saved | None:
    """Hours saved (below 0: spent) at equal width."""
    if simple is None:
        return None
    spared = (simple - drawn) * looks
    return Saved(round(simple), spared / FAST, spared / SLOW)
