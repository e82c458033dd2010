"""The statements of the roll-ups of drawn cases, made once: every commit that settles a case asks them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, select, update

from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.truth import Settlement, TallyPart, TallyState, Truth

_PART, _STATE, _DRAWN = TallyPart.__table__.c, TallyState.__table__.c, DrawCase.__table__.c


def drawn(*wanted: Any) -> Select[Any]:
    """The drawn cases of plans that measure, in order of draw and case."""
    query: Select[Any] = (
        select(
            DrawCase.draw_id, DrawCase.case_id, DrawCase.probability, DrawCase.stratum_id, DrawCase.tier,
            ClosedCase.agent_id, ClosedCase.agent_team_id, ClosedCase.play_key, ClosedCase.locale, ClosedCase.workflow,
            ClosedCase.severity, ClosedCase.closed_at, ClosedCase.decided_key, Settlement.state, Truth.right_verdict,
            Truth.right_policy, Truth.right_action, Truth.basis,
        )
        .select_from(DrawCase)
        .join(Draw, Draw.id == DrawCase.draw_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .outerjoin(Truth, and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None)))
        .where(PlanVersion.purpose == "measure", *wanted)
        .order_by(DrawCase.draw_id, DrawCase.case_id)
    )  # fmt: skip
    return query


#: draw_id -> its drawn cases.
OF_DRAW = drawn(DrawCase.draw_id == bindparam("draw_id"))
#: case_ids -> the cases as all draws hold them.
OF_CASES = drawn(DrawCase.case_id.in_(bindparam("case_ids", expanding=True)))
#: draw_ids -> (case, draw, probability).
HELD = select(_DRAWN.case_id, _DRAWN.draw_id, _DRAWN.probability).where(
    _DRAWN.draw_id.in_(bindparam("draw_ids", expanding=True))
)
#: draw_id -> its parts whole.
PARTS = select(_PART.id, _PART.cases, _PART.records).where(_PART.draw_id == bindparam("draw_id")).order_by(_PART.id)
_OF_SOME = _PART.draw_id.in_(bindparam("draw_ids", expanding=True))
#: draw_ids -> the parts with the cases' places alone.
PLACES = select(_PART.id, _PART.draw_id, _PART.cases).where(_OF_SOME).order_by(_PART.id)
#: part_ids -> what came out of their cases, locked in one order by everybody.
STATES = (
    select(_STATE.part_id, _STATE.states)
    .where(_STATE.part_id.in_(bindparam("part_ids", expanding=True)))
    .order_by(_STATE.part_id)
    .with_for_update()
)
#: part -> something of it has changed; with *moved*: what came out of its cases.
CHANGED = update(TallyState.__table__).where(_STATE.part_id == bindparam("part")).values(changes=_STATE.changes + 1)
MOVED = CHANGED.values(states=bindparam("moved"))
