"""What the pages of plans show. Counts only: which cases were drawn is nobody's business before they are graded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from qa.core import formats, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Job
from qa.draws import describing
from qa.draws.describing import DrawRow, Progress
from qa.models.plans import Plan
from qa.plans import plans
from qa.sampling.intensity import Intensity

#: Values of a filter that a page names; of more it says how many.
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the list."""

    public_id: str
    name: str
    state: str
    version: int
    purpose: str
    last: DrawRow | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan: its rule in words, its draws, and what is under way."""

    public_id: str
    name: str
    state: str
    version: int
    rule: tuple[tuple[str, str], ...]
    draws: tuple[tuple[DrawRow, Progress], ...]
    waiting: bool
    #: What the last try said when it could not draw.
    failed: str | None


def listed(reader: Actor) -> list[PlanRow]:
    """All plans by name, with how far each one's newest draw is, as *reader* may know."""
    found = db.session.scalars(select(Plan).order_by(Plan.name)).all()
    draws, versions = describing.newest(), plans.newest_versions()
    progress = describing.progress([draw.id for draw in draws.values()], known_at=released.known_at(reader))
    rows = []
    for plan in found:
        version, last = versions.get(plan.id), draws.get(plan.public_id)
        if version is not None:
            how_far = progress[last.id] if last else None
            rows.append(PlanRow(plan.public_id, plan.name, plan.state, version.no, version.purpose, last, how_far))
    return rows


def one(reader: Actor, public_id: str) -> PlanPage:
    """The plan at this address, with its draws as far as *reader* may know. Raises NotFound."""
    plan = plans.by_public_id(public_id)
    version = plans.newest_version(plan.id)
    rows = describing.of_plan(public_id)
    progress = describing.progress([row.id for row in rows], known_at=released.known_at(reader))
    job = db.session.scalar(select(Job).where(Job.dedupe_key == f"draw:{public_id}").order_by(Job.id.desc()).limit(1))
    waiting = job is not None and job.state in ("queued", "leased")
    return PlanPage(
        plan.public_id,
        plan.name,
        plan.state,
        version.no if version else 0,
        tuple(in_words(plans.definition_of(plan, version))) if version else (),
        tuple((row, progress[row.id]) for row in rows),
        waiting,
        job.error if job is not None and job.state == "failed" else None,
    )


def in_words(rule: plans.Definition) -> list[tuple[str, str]]:
    """A plan's rule as label and value."""
    sizes = {"size": "{:.0f} cases a sample", "per_agent_week": "{:.0f} an agent and week", "half_width": "± {:.1%}"}
    kind, value = next((kind, value) for kind, value in rule.sizing.items() if kind in sizes)
    said = [
        ("Purpose", "measures accuracy" if rule.purpose == "measure" else "looks for errors"),
        ("Size", sizes[kind].format(value) + (" for each agent" if rule.sizing.get("of") == "agent" else "")),
        ("Split by", ", ".join(rule.strata) or "nothing"),
        ("At least in each part", str(rule.min_per_stratum)),
        ("Shared out", rule.allocation),
        ("Blind grades a case", f"{rule.looks}, and one more on {rule.overlap:.0%}"),
    ]
    said += [(f"Tier {name}", when) for name, when in rule.tiers]
    said += [(f"Only {column}", _named(values)) for column, values in rule.filter.items()]
    if rule.gold:
        said.append(("Known-answer cases", f"{rule.gold:.0%} of a queue"))
    if rule.schedule is not None:
        said.append(("Drawn by itself", _schedule_in_words(rule.schedule)))
    if "since" in rule.sizing:
        since = date.fromisoformat(rule.sizing["since"])
        said.append(("First sample", f"cases that came in from {formats.day(since)} on"))
    if rule.intensity is not None:
        said.append(("New and proven people", _intensity_in_words(rule.intensity)))
    return said + ([("Seed", rule.seed)] if rule.seed is not None else [])


def _named(values: list[str]) -> str:
    """Values of a filter: named where they are few, else counted."""
    return ", ".join(values) if len(values) <= MOST_NAMED else f"{len(values):,} named ones"


def _schedule_in_words(schedule: dict[str, Any]) -> str:
    day = f" on {schedule['day']}" if "day" in schedule else ""
    return f"each {schedule['every']}{day}, {schedule.get('zone', 'UTC')}, spread over the working days that follow"


def _intensity_in_words(stored: dict[str, Any]) -> str:
    rule = Intensity(**stored)
    proven = "just the floor" if rule.proven_factor == 0 else f"{rule.proven_factor:g} times as many"
    return (
        f"{rule.new_factor:g} times as many in the first {rule.new_weeks} weeks; {proven} once {rule.proven_cases} "
        "settled cases of the last half year have a lower limit at the target"
    )


def rule_of(draw: DrawRow) -> tuple[tuple[str, str], ...]:
    """The rule as it stood when a draw was made."""
    plan, version = plans.by_public_id(draw.plan_public_id), plans.version(draw.version_id)
    return tuple(in_words(plans.definition_of(plan, version)))
