"""Draws of a time that is over lose their agents: words that stand for nobody known take the places of their names.

Counts, chances and the drawn cases stay, and a draw can still be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, delete, func, or_, select

from qa.core import clock
from qa.core.db import db
from qa.core.registries import PersonHolder
from qa.draws import former_agents
from qa.models.plans import Draw, Plan, PlanBoost, PlanVersion

#: What may be somebody's id where it stands by itself.
_NAMES = re.compile(r"[\w@.+-]*\w")


def holders() -> list[PersonHolder]:
    """What plans and draws hold of people."""
    words = "Words that stand for nobody known take the places of agents' names; a sample can still be repeated."
    return [
        PersonHolder("Samples", words, _draws_over, _lose_draws),
        PersonHolder("Requests for closer samples", "Taken out once their time is over.", _boosts_over, _lose_boosts),
    ]


def _over(before: datetime) -> ColumnElement[bool]:
    """Draws whose cases were all closed before, by whose rule an agent may be named."""
    names_agents = or_(
        PlanVersion.strata.cast(String).contains(former_agents.AGENT),
        PlanVersion.filter.cast(String).contains(former_agents.AGENT),
        PlanVersion.tiers.cast(String).contains(former_agents.AGENT),
    )
    naming = select(PlanVersion.id).where(names_agents)
    return Draw.agents_lost_at.is_(None) & (Draw.window_to < before) & Draw.plan_version_id.in_(naming)


def _draws_over(before: datetime) -> int:
    return db.session.scalar(select(func.count(Draw.id)).where(_over(before))) or 0


def _lose_draws(before: datetime) -> int:
    draws = db.session.scalars(select(Draw).where(_over(before)).order_by(Draw.id)).all()
    called = former_agents.pseudonyms() if draws else {}
    for draw in draws:
        former_agents.rename_draw(draw, called)
        draw.agents_lost_at = clock.now()
    db.session.flush()
    for version_id in sorted({draw.plan_version_id for draw in draws}):
        version = db.session.get_one(PlanVersion, version_id)
        if not _is_still_used(version):
            former_agents.rename_version(version, called)
            _rename_plan(version.plan_id, called)
    return len(draws)


def _rename_plan(plan_id: int, called: Mapping[str, str]) -> None:
    """Take agents' names out of the name of a plan that is retired and whose draws know nobody any more."""
    knowing = select(Draw.id).where(Draw.plan_id == plan_id, Draw.agents_lost_at.is_(None)).limit(1)
    plan = db.session.get_one(Plan, plan_id)
    if plan.state == "retired" and db.session.scalar(knowing) is None:
        plan.name = _NAMES.sub(lambda found: called.get(found[0], found[0]), plan.name)[:200]
        db.session.flush()


def _is_still_used(version: PlanVersion) -> bool:
    """Whether draws are still made by this version, or one that knows its agents was."""
    knowing = select(Draw.id).where(Draw.plan_version_id == version.id, Draw.agents_lost_at.is_(None)).limit(1)
    newer = select(PlanVersion.id).where(PlanVersion.plan_id == version.plan_id, PlanVersion.no > version.no).limit(1)
    is_retired = db.session.get_one(Plan, version.plan_id).state == "retired"
    return db.session.scalar(knowing) is not None or (not is_retired and db.session.scalar(newer) is None)


def _boosts(before: datetime) -> ColumnElement[bool]:
    return PlanBoost.to_at.is_not(None) & (PlanBoost.to_at < before)


def _boosts_over(before: datetime) -> int:
    return db.session.scalar(select(func.count(PlanBoost.id)).where(_boosts(before))) or 0


def _lose_boosts(before: datetime) -> int:
    gone = delete(PlanBoost).where(_boosts(before))
    return int(db.session.execute(gone.execution_options(synchronize_session=False)).rowcount)
