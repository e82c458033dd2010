"""What is known before a draw: expected shares of errors from history, and who is looked at more or less closely."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from qa.core import preferences, released
from qa.core.db import db
from qa.core.models import Person
from qa.draws import apart, cells
from qa.draws.sizing import Design, kind_of
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, DrawStratum, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.plans.parts import intensity_of
from qa.sampling.frame import stratum_key
from qa.sampling.intensity import MOST, USUAL, Intensity, Record, factor, standing
from qa.sampling.rates import Settled, shrunken

QUARTER, HALF_YEAR = timedelta(weeks=13), timedelta(weeks=26)
#: Settled cases below which history says nothing about the shares of errors.
FEWEST = 100


def design(version: PlanVersion, window_from: datetime | None, window_to: datetime) -> Design:
    """What the next draw of *version* may know. It reads settled cases only, never those of its own window."""
    rates = _rates(version, window_to) if version.allocation in ("neyman", "risk") else {}
    rule = intensity_of(version.intensity)
    reasons: dict[str, list[str]] = defaultdict(list)
    factors: dict[str, float] = defaultdict(lambda: 1.0)
    if rule is not None:
        for agent, found in _standings(rule, window_to).items():
            factors[agent] = factor(rule, found)
            reasons[agent].append(found)
    closer: dict[str, dict[str, float]] = defaultdict(dict)
    for agent, section, times, origin in apart.asked(version, window_from):
        if section is not None:
            closer[agent][section] = min(MOST, closer[agent].get(section, 1.0) * times)
            reasons[stratum_key([agent, section])].append(f"asked for by {origin}")
            continue
        # Whoever is proven and now watched is drawn at the usual share, times what the watch asks for.
        factors[agent] = min(MOST, max(1.0, factors[agent]) * times)
        reasons[agent].append(f"asked for by {origin}")
    return Design(
        rates=rates,
        factors={agent: factors[agent] for agent in sorted(factors)},
        closer={agent: closer[agent] for agent in sorted(closer)},
        reasons={agent: ", ".join(reasons[agent]) for agent in sorted(reasons)},
        expected=preferences.get("target_accuracy"),
        model=cells.model_of(version),
    )


def stored(draw: Draw) -> Design | None:
    """What a draw knew; None for one that kept nothing."""
    return Design(**draw.design) if draw.design else None


def _right() -> Any:
    """Whether a truth finds the decision right at the level that headlines use."""
    by_level = {"verdict": Truth.right_verdict, "policy": Truth.right_policy, "action": Truth.right_action}
    return by_level[preferences.get("headline_level")]


def _settled() -> Select[Any]:
    """(..) of the settled cases of current draws, as of the last release hour: a size that moves at a colleague's
    commit would tell whoever draws and grades how that look compared."""
    return (
        select()
        .select_from(DrawCase)
        .join(Draw, Draw.id == DrawCase.draw_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .join(DrawStratum, DrawStratum.id == DrawCase.stratum_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .join(Truth, and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None)))
        .where(Draw.replaced_at.is_(None), Settlement.state == "settled", _right().is_not(None))
        .where(Settlement.changed_at < released.last_release())
    )


def _rates(version: PlanVersion, window_to: datetime) -> dict[str, float]:
    """Kind of case -> shrunken share of errors, from this plan's own settled draws of the last quarter."""
    weight = 1.0 / DrawCase.probability
    wrong = case((_right(), 0.0), else_=weight)
    query = _settled().add_columns(DrawStratum.key, func.count(), func.sum(weight), func.sum(wrong))
    query = query.where(Draw.plan_id == version.plan_id, Draw.window_to > window_to - QUARTER)
    same = [
        one.id
        for one in db.session.scalars(select(PlanVersion).where(PlanVersion.plan_id == version.plan_id))
        if (one.strata, one.tiers) == (version.strata, version.tiers)
    ]
    query = query.where(PlanVersion.id.in_(same)).group_by(DrawStratum.key).order_by(DrawStratum.key)
    kinds: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for key, cases, held, lost in db.session.execute(query):
        kinds[kind_of(version, key)].append((cases, float(held), float(lost)))
    history = {
        kind: Settled(sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows))
        for kind, rows in kinds.items()
    }
    return shrunken(history, fewest=FEWEST)


def _standings(rule: Intensity, window_to: datetime) -> dict[str, str]:
    """Agent -> new or proven, of those who are either."""
    weight = 1.0 / DrawCase.probability
    right = case((_right(), weight), else_=0.0)
    query = _settled().add_columns(ClosedCase.agent_id, func.sum(weight), func.sum(weight * weight), func.sum(right))
    query = query.where(PlanVersion.purpose == "measure", ClosedCase.closed_at > window_to - HALF_YEAR)
    query = query.group_by(ClosedCase.agent_id)
    known = {
        agent: (float(all_), float(squares), float(good)) for agent, all_, squares, good in db.session.execute(query)
    }
    target, found = preferences.get("target_accuracy"), {}
    for person_id, name, started_on in db.session.execute(select(Person.id, Person.external_id, Person.started_on)):
        held, squares, good = known.get(person_id, (0.0, 1.0, 0.0))
        record = Record(
            _weeks(started_on, window_to), held * held / squares if held else 0.0, good / held if held else 1.0
        )
        what = standing(rule, record, target=target)
        if what != USUAL:
            found[name] = what
    return found


def _weeks(started_on: date | None, now: datetime) -> int | None:
    return None if started_on is None else (now.date() - started_on).days // 7
