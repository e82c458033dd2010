"""A draw with its cases: for commands, and for files that an auditor takes along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.draws import describing
from qa.models.cases import ClosedCase
from qa.models.plans import DrawCase, DrawStratum
from qa.models.truth import Settlement
from qa.sampling.selection import number, seed_key

STRATA_HEADER = ("stratum", "eligible", "drawn", "probability")
CASES_HEADER = ("case_id", "source", "stratum", "tier", "number", "probability", "weight", "planned_looks", "state")


def strata_rows(public_id: str) -> Iterator[tuple[Any, ...]]:
    """The strata of a draw, as STRATA_HEADER says."""
    for one in describing.strata(describing.one(public_id).id):
        yield one.key, one.frame, one.drawn, one.probability


def may_see_cases(actor: Actor) -> bool:
    """Whoever may be given blind tasks must not learn from a list whose case they hold, or how far others are."""
    return not actor.can_be_given_blind_tasks


def case_rows(actor: Actor, public_id: str, *, start: int = 0, most: int | None = None) -> list[tuple[Any, ...]]:
    """The cases of a draw as CASES_HEADER says, by stratum and then by number. Raises NotFound for graders."""
    if not may_see_cases(actor):
        raise NotFound("draw")
    row = describing.one(public_id)
    query = (
        select(
            ClosedCase.external_id, ClosedCase.source, DrawStratum.key, DrawCase.tier, ClosedCase.number,
            DrawCase.probability, 1.0 * DrawStratum.frame / DrawStratum.drawn, DrawCase.looks, Settlement.state,
        )
        .select_from(DrawCase)
        .join(DrawStratum, DrawStratum.id == DrawCase.stratum_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(DrawCase.draw_id == row.id)
        .order_by(DrawCase.id)
        .offset(start)
        .limit(most)
    )  # fmt: skip
    found = [tuple(one) for one in db.session.execute(query)]
    if row.seed is None:
        return found
    # A plan with a seed numbers the cases anew: what chose them is that number, not the stored one.
    place, key = CASES_HEADER.index("number"), seed_key(row.seed)
    return [(*one[:place], number(key, one[1], one[0]), *one[place + 1 :]) for one in found]


def as_json(public_id: str) -> dict[str, Any]:
    """A draw as `flask plan draw --json` prints it."""
    row = describing.one(public_id)
    query = (
        select(ClosedCase.external_id, DrawStratum.key, DrawCase.probability, DrawStratum.frame, DrawStratum.drawn)
        .select_from(DrawCase)
        .join(DrawStratum, DrawStratum.id == DrawCase.stratum_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .where(DrawCase.draw_id == row.id)
        .order_by(DrawCase.id)
    )
    return {
        "draw_id": row.public_id,
        "plan": row.plan,
        "seed": row.seed,
        "key_sha256": row.key_sha256[0] if len(row.key_sha256) == 1 else list(row.key_sha256),
        "window_from": row.window_from.isoformat() if row.window_from else None,
        "window_to": row.window_to.isoformat(),
        "frame_size": row.frame_size,
        "excluded": row.excluded,
        "design": row.design,
        "strata": [
            {"key": one.key, "frame": one.frame, "drawn": one.drawn, "probability": one.probability}
            for one in describing.strata(row.id)
        ],
        "cases": [
            {
                "case_id": external_id, "stratum": key, "probability": probability,
                "weight": frame / drawn,
            }
            for external_id, key, probability, frame, drawn in db.session.execute(query)
        ],
    }  # fmt: skip
