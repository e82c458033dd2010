"""What a selection weighs when several plans could have drawn the case: 1 / (sum of its chances in all of them)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from calibration.stats.domains import combined_weight
from qa import plans
from qa.core.db import db
from qa.draws import cells
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawStratum, PlanVersion
from qa.queries.measured import DrawnCase

BATCH = 500


def weights(rows: Sequence[DrawnCase]) -> list[float]:
    """The weight of each selection.

    With one plan 1 / probability. With several, every selection of a case weighs 1 / (sum of its probabilities in all
    windows that contain it), drawn there or not: so the estimate is unbiased however the plans overlap.
    """
    if len({row.plan for row in rows}) < 2 and not _other_plans(rows):
        return [1 / row.probability for row in rows]
    drawn: dict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        drawn[row.case_id][row.draw_id] = row.probability
    for draw, version in _draws():
        for case_id, probability in _chances(draw, version, [key for key in drawn if draw.id not in drawn[key]]):
            drawn[case_id][draw.id] = probability
    return [combined_weight(list(drawn[row.case_id].values())) for row in rows]


def _other_plans(rows: Sequence[DrawnCase]) -> bool:
    """Whether some plan that measures has drawn, but none of *rows*."""
    return len({version.plan_id for _, version in _draws()}) > len({row.plan for row in rows})


def _draws() -> list[tuple[Draw, PlanVersion]]:
    """The current draws of plans that measure, with the rule as it stood."""
    query = (
        select(Draw, PlanVersion)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .where(Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")), PlanVersion.purpose == "measure")
        .order_by(Draw.id)
    )
    return [(draw, version) for draw, version in db.session.execute(query)]


def _chances(draw: Draw, version: PlanVersion, case_ids: list[int]) -> Iterator[tuple[int, float]]:
    """(case, its probability) of those among *case_ids* that lie in the window and in the filter of *draw*."""
    rule = plans.rule_of(version)
    columns = sorted(rule.columns() & set(cells.COLUMNS))
    strata = select(DrawStratum.key, DrawStratum.probability).where(DrawStratum.draw_id == draw.id)
    probability = dict(db.session.execute(strata))
    in_window = [ImportRun.state == "published", ImportRun.published_at <= draw.window_to]
    if draw.window_from is not None:
        in_window.append(ImportRun.published_at > draw.window_from)
    query = cells.cells_query(columns, ClosedCase.id).join(ImportRun, ImportRun.id == ClosedCase.run_id)
    for start in range(0, len(case_ids), BATCH):
        batch = ClosedCase.id.in_(case_ids[start : start + BATCH])
        for case_id, *values in db.session.execute(query.where(batch, *in_window)):
            row = dict(zip(columns, values, strict=True))
            chance = probability.get(rule.stratum(row), 0.0) if rule.lets_in(row) else 0.0
            if chance > 0:
                yield case_id, chance
