"""A case's chance of being drawn when several plans could have drawn it: the sum of its chances in all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from sqlalchemy import select

from qa import plans
from qa.core.db import db
from qa.draws import cells
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawCase, DrawStratum, PlanVersion

#: As many bound values as either database takes with ease.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Framed:
    """A case as the rules of plans see it."""

    case_id: int
    cells: dict[str, str | None]


def combined(drawn: Mapping[int, Mapping[int, float]]) -> dict[int, float]:
    """Case -> the sum of its probabilities in all windows that contain it, drawn there or not.

    *drawn*: case -> draw that holds it -> its probability there. With one plan that is the probability itself. Every
    selection then weighs 1 / sum, so the estimate is unbiased however the plans overlap.
    """
    draws = measuring()
    known = {case_id: dict(held) for case_id, held in drawn.items()}
    if len({version.plan_id for _, version in draws}) > 1:
        for case_id, draw_id, probability in _held(list(known), [draw.id for draw, _ in draws]):
            known[case_id][draw_id] = probability
        probabilities, framed = _probabilities(), _framed(list(known), draws)
        for draw, version in draws:
            missing = (case for case in _in_window(draw, framed) if draw.id not in known[case.case_id])
            for case_id, probability in _chances(version, missing, probabilities[draw.id]):
                known[case_id][draw.id] = probability
    return {case_id: fsum(held.values()) for case_id, held in known.items()}


def measuring() -> list[tuple[Draw, PlanVersion]]:
    """The current draws of plans that measure, with the rule as it stood."""
    query = (
        select(Draw, PlanVersion)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
        .where(Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")), PlanVersion.purpose == "measure")
        .order_by(Draw.id)
    )
    return [(draw, version) for draw, version in db.session.execute(query)]


def overlapping(draw: Draw) -> list[int]:
    """The current draws of other plans whose windows share framed time with that of *draw*."""
    return [
        other.id
        for other, _ in measuring()
        if other.plan_id != draw.plan_id
        and (other.window_from is None or draw.window_to > other.window_from)
        and (draw.window_from is None or other.window_to > draw.window_from)
    ]


def _held(case_ids: list[int], draw_ids: list[int]) -> Iterator[tuple[int, int, float]]:
    """(case, draw, probability) of these cases in all draws that hold them."""
    query = select(DrawCase.case_id, DrawCase.draw_id, DrawCase.probability).where(DrawCase.draw_id.in_(draw_ids))
    for start in range(0, len(case_ids), BATCH):
        yield from db.session.execute(query.where(DrawCase.case_id.in_(case_ids[start : start + BATCH])))


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
    reader = cells.Reader(sorted(asked))
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
