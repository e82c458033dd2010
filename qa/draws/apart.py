"""What was asked for beyond a plan's rule, and the strata that follow: a watched policy of one agent is drawn apart.

A plan that is not split by policy holds an agent's cases of all policies in one stratum. Where more of one policy are
asked for, these cases get strata of their own in that window, so that each case's chance stays drawn / frame, exactly,
and the agent's other cases are drawn as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from qa.core import clock
from qa.core.db import db
from qa.core.models import Person
from qa.models.plans import PlanBoost, PlanVersion
from qa.sampling.allocation import allocate
from qa.sampling.conditions import Cells
from qa.sampling.frame import Rule, stratum_key, values_of

AGENT, POLICY = "agent", "policy"
#: Agent -> the policies in play whose cases have strata of their own.
Apart = Mapping[str, Sequence[str]]


def asked(version: PlanVersion, window_from: datetime | None) -> list[tuple[str, str | None, float, str]]:
    """(agent, policy or all of them, factor, origin) of what was asked for windows that begin like this one."""
    if version.plan_id is None or AGENT not in version.strata:
        return []
    start = window_from or clock.now()
    query = (
        select(Person.external_id, PlanBoost.section_key, PlanBoost.factor, PlanBoost.origin)
        .join(PlanBoost, PlanBoost.agent_id == Person.id)
        .where(
            PlanBoost.plan_id == version.plan_id,
            or_(PlanBoost.from_at.is_(None), PlanBoost.from_at <= start),
            or_(PlanBoost.to_at.is_(None), PlanBoost.to_at > start),
        )
        .order_by(Person.external_id, PlanBoost.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def now(version: PlanVersion, window_from: datetime | None) -> dict[str, list[str]]:
    """What a window that begins like this one draws apart, as it is asked for now."""
    closer: dict[str, dict[str, float]] = {}
    for agent, policy, factor, _ in asked(version, window_from):
        if policy is not None:
            closer.setdefault(agent, {})[policy] = factor
    return of(version, closer)


def of(version: PlanVersion, closer: Mapping[str, Mapping[str, float]]) -> dict[str, list[str]]:
    """The same of what a draw knew (`sizing.Design.closer`). A plan that is split by policy needs no further strata."""
    return {} if POLICY in version.strata else {agent: sorted(closer[agent]) for agent in sorted(closer)}


def columns(rule: Rule, apart: Apart) -> list[str]:
    """What has to be read of a case to find its stratum."""
    return sorted(rule.columns() | ({AGENT, POLICY} if apart else set()))


def stratum(rule: Rule, row: Cells, apart: Apart) -> str:
    """The key of a case's stratum: the rule's, with the policy behind it where that is drawn apart."""
    key, policy = rule.stratum(row), row.get(POLICY)
    if policy is None or policy not in apart.get(row.get(AGENT) or "", ()):
        return key
    return stratum_key([*values_of(key), policy])


def policy_of(version: PlanVersion, key: str) -> str | None:
    """The one policy of a stratum's cases; None where it holds several."""
    values = values_of(key)
    place = list(version.strata).index(POLICY) if POLICY in version.strata else len(version.strata)
    return values[place] if place < len(values) else None


def together(version: PlanVersion, sizes: Mapping[str, int]) -> dict[str, int]:
    """The sizes of the rule's own strata: what is drawn apart counted with the others."""
    found: dict[str, int] = {}
    for key, count in sizes.items():
        own = _own(version, key)
        found[own] = found.get(own, 0) + count
    return found


def shared_out(version: PlanVersion, sizes: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """Cases of each stratum where so many are *wanted* of the rule's own ones: each part its share, at least one."""
    parts: dict[str, dict[str, int]] = {}
    for key, count in sizes.items():
        parts.setdefault(_own(version, key), {})[key] = count
    found: dict[str, int] = {}
    for own, members in parts.items():
        if len(members) == 1:
            found |= dict.fromkeys(members, wanted[own])
        else:
            floor = min(wanted[own], 1)
            found |= allocate(members, max(wanted[own], floor * len(members)), floor=floor)
    return found


def _own(version: PlanVersion, key: str) -> str:
    return stratum_key(values_of(key)[: len(version.strata)])
