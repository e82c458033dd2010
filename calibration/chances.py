"""What a selection weighs when several plans could have drawn the case: 1 / (sum of its chances in all of them)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from calibration.stats.domains import combined_weight
from qa import plans
from qa.core.db import db
from qa.draws import cells
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawStratum, PlanVersion
from qa.queries.measured import DrawnCase

#: As many bound values as either database takes with ease.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Framed:
    """A case as the rules of plans see it."""

    case_id: int
    cells: dict[str, str | None]


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
    draws = _draws()
    probabilities, framed = _probabilities(), _framed(list(drawn), draws)
    for draw, version in draws:
        missing = (case for case in _in_window(draw, framed) if draw.id not in drawn[case.case_id])
        for case_id, probability in _chances(version, missing, probabilities[draw.id]):
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


def _probabilities() -> dict[int, dict[str, float]]:
    """Draw -> key of a stratum -> its probability."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for draw_id, key, probability in db.session.execute(
        select(DrawStratum.draw_id, DrawStratum.key, DrawStratum.probability)
    ):
        found[draw_id][key] = probability
    return found


def _framed(case_ids: list[int], draws: list[tuple[Draw, PlanVersion]]) -> dict[datetime, list[Framed]]:
    """The cases with all that the rules of *draws* ask of them, by the moment from which they could be drawn."""
    asked = {column for _, version in draws for column in plans.rule_of(version).columns()}
    reader = cells.Reader(sorted(asked & set(cells.COLUMNS)))
    query = cells.cells_query(reader.columns, ClosedCase.id, ImportRun.published_at)
    query = query.join(ImportRun, ImportRun.id == ClosedCase.run_id).where(ImportRun.state == "published")
    found: dict[datetime, list[Framed]] = defaultdict(list)
    for start in range(0, len(case_ids), BATCH):
        batch = ClosedCase.id.in_(case_ids[start : start + BATCH])
        for case_id, published_at, *values in db.session.execute(query.where(batch)):
            found[published_at].append(Framed(case_id, reader.row(values)))
    return found


def _in_window(draw: Draw, framed: dict[datetime, list[Framed]]) -> Iterator[Framed]:
    """The cases that lie in the window of *draw*."""
    for moment, cases in framed.items():
        if moment <= draw.window_to and (draw.window_from is None or moment > draw.window_from):
            yield from cases


def _chances(
    version: PlanVersion, cases: Iterable[Framed], probability: dict[str, float]
) -> Iterator[tuple[int, float]]:
    """(case, its probability) of those among *cases* that the filter of *version* lets in."""
    rule = plans.rule_of(version)
    for case in cases:
        chance = probability.get(rule.stratum(case.cells), 0.0) if rule.lets_in(case.cells) else 0.0
        if chance > 0:
            yield case.case_id, chance
