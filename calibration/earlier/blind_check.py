"""A blind check of earlier QA: some of a sheet's cases are drawn at random and decided again by people who see nothing.

What comes of it stands beside what QA said with the decision in sight: both answers are about the same cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from sqlalchemy import and_, select

from calibration.earlier import keeping, matching
from calibration.earlier.keeping import said
from calibration.earlier.reading import is_same
from calibration.models.earlier import EarlierResult, EarlierSheet
from calibration.stats.estimate import OPEN_SHARE
from calibration.stats.intervals import wilson
from calibration.stats.paired import gap_found, paired_interval
from calibration.stats.sessions import paired_change
from qa.core import audit, clock, jobs, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem, Refused
from qa.draws import drawing
from qa.models.plans import Draw, DrawCase, Plan
from qa.models.truth import Settlement, Truth
from qa.plans import plans
from qa.queries.measured import ENDED

JOB = "earlier.draw"
#: Cases that are decided again, unless less or more is asked for.
USUAL, FEWEST, MOST = 100, 20, 1000
#: Shares of cases on which the two answers may differ, for what is said beforehand.
DIFFERING = (0.05, 0.10, 0.20, 0.30)


@dataclass(frozen=True, slots=True)
class Beforehand:
    """What so many cases find four times out of five, by how many of them the two answers differ on; nan: nothing."""

    cases: int
    found: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Shares right with the decision in sight and blind, of the same cases; *up*: right by the blind look alone."""

    n: int
    sighted: int
    blind: int
    up: int
    down: int
    #: Blind minus sighted, with Tango's interval, and the exact chance of such a difference where there is none.
    change: float
    low: float
    high: float
    p_value: float
    #: The smallest gap that these cases would have found four times out of five.
    findable: float

    @property
    def sighted_limits(self) -> tuple[float, float]:
        """Wilson's interval."""
        return wilson(self.sighted, self.n)

    @property
    def blind_limits(self) -> tuple[float, float]:
        """Wilson's interval."""
        return wilson(self.blind, self.n)

    @property
    def is_shown(self) -> bool:
        """Whether the difference is more than chance makes in 95 of 100 checks."""
        return self.p_value <= 0.05

    @property
    def is_findable_known(self) -> bool:
        """Whether there is a gap that these cases would have found."""
        return not isnan(self.findable)


@dataclass(frozen=True, slots=True)
class Check:
    """A blind check as far as it is. *gap*: only once at most 2 % of its cases are open."""

    plan: str
    plan_public_id: str
    drawn: int
    ended: int
    #: Ended without a decision on this level.
    without: int
    level: str
    gap: Gap | None


def beforehand(cases: int) -> Beforehand:
    """What *cases* can show, said before they are drawn."""
    return Beforehand(cases, [(share, gap_found(cases, share)) for share in DIFFERING] if cases else [])


def ask(actor: Actor, public_id: str, *, cases: int = USUAL) -> EarlierSheet:
    """Have *cases* of a sheet drawn and decided again blind, by a plan of their own.

    Raises NotFound; Refused where there is a check already, or too few of the cases are imported.
    """
    row = keeping.found(actor, public_id)
    if row.plan_id is not None:
        raise Refused("This sheet has its blind check already.")
    if not FEWEST <= cases <= MOST:
        raise BadInput(Problem(f"a whole number from {FEWEST} to {MOST}", field="cases", value=str(cases)))
    matching.match(row.id)
    names = matching.names_of(row.id)
    if len(names) < FEWEST:
        raise Refused(f"{len(names)} of this sheet's cases are imported; a blind check takes at least {FEWEST}.")
    wanted: dict[str, Any] = {
        "name": f"Blind check of {row.name[:120]} ({row.public_id[:6]})", "purpose": "find", "strata": [],
        "filter": {"case": names}, "size": min(cases, len(names)), "overlap": 0.0,
    }  # fmt: skip
    row.plan_id = plans.create(actor, plans.checked(wanted)).plan_id
    row.check_asked_at = clock.now()
    db.session.flush()
    jobs.enqueue(actor, JOB, {"sheet": public_id}, dedupe_key=f"{JOB}:{public_id}")
    audit.note(actor, "asked_for_blind_check", "earlier_qa", public_id, cases=min(cases, len(names)))
    return row


def draw(work: jobs.Work, sheet: str) -> dict[str, Any]:
    """The job: draw once, and let the plan go, so that later imports do not count its cases anew."""
    query = select(Plan.name, Plan.public_id, Plan.state).join(EarlierSheet, EarlierSheet.plan_id == Plan.id)
    plan = db.session.execute(query.where(EarlierSheet.public_id == sheet)).first()
    db.session.rollback()
    if plan is None or plan.state != "live":
        return {"drawn": None}
    known = drawing.current_draw(plans.named(plan.name).id)
    db.session.rollback()
    made = known.public_id if known is not None else drawing.draw(work.actor, plan.name)
    write(lambda: plans.move(work.actor, plan.public_id, "retired"))
    return {"drawn": made}


def check(row: EarlierSheet) -> Check | None:
    """How far the blind check of a sheet is, and what it found; None where none was asked for."""
    if row.plan_id is None:
        return None
    plan = db.session.get_one(Plan, row.plan_id)
    level = str(preferences.get("headline_level"))
    pairs = _pairs(row, level)
    states = [state for state, _, _ in pairs.values()]
    ended = [pair for pair in pairs.values() if pair[0] in ENDED]
    both = [(sighted, right) for _, sighted, right in ended if right is not None]
    is_final = bool(pairs) and len(states) - len(ended) <= OPEN_SHARE * len(states)
    return Check(
        plan.name, plan.public_id, len(pairs), len(ended), len(ended) - len(both), level,
        gap_of(both) if is_final and both else None,
    )  # fmt: skip


def _pairs(row: EarlierSheet, level: str) -> dict[int, tuple[str, bool, bool | None]]:
    """Drawn case -> (state of its settlement, right by QA, right by the blind looks); the sheet's last row counts."""
    right = {"verdict": Truth.right_verdict, "policy": Truth.right_policy, "action": Truth.right_action}[level]
    query = (
        select(EarlierResult.case_id, Settlement.state, EarlierResult.decision, EarlierResult.qa, right)
        .join(DrawCase, DrawCase.case_id == EarlierResult.case_id)
        .join(Draw, and_(Draw.id == DrawCase.draw_id, Draw.replaced_at.is_(None)))
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .outerjoin(Truth, and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None)))
        .where(EarlierResult.sheet_id == row.id, Draw.plan_id == row.plan_id, *said())
        .order_by(EarlierResult.id)
    )
    return {one[0]: (one[1], is_same(one[2], one[3]), one[4]) for one in db.session.execute(query)}


def gap_of(pairs: Sequence[tuple[bool, bool]]) -> Gap:
    """The gap of pairs (right by QA, right by the blind looks)."""
    n = len(pairs)
    up = sum(blind and not sighted for sighted, blind in pairs)
    down = sum(sighted and not blind for sighted, blind in pairs)
    found, (low, high) = paired_change(up, down, n - up - down), paired_interval(up, down, n)
    sighted = sum(one for one, _ in pairs)
    differ = (up + down) / n
    findable = gap_found(n, differ) if differ else float("nan")
    return Gap(n, sighted, sighted + up - down, up, down, found.change, low, high, found.p_value, findable)
