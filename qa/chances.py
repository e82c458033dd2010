"""A case's chance of being drawn when several plans could have drawn it: the sum of its chances in all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from sqlalchemy import bindparam, select

from qa.core.db import ask, db
from qa.draws import cells, former_agents
from qa.models.cases import ClosedCase, ImportRun
from qa.models.plans import Draw, DrawCase, DrawStratum, PlanVersion
from qa.sampling.frame import Rule

#: As many bound values as either database takes with ease.
BATCH = 10_000
_DRAW_IDS = bindparam("draw_ids", expanding=True)
_MEASURING = (
    select(
        Draw.id, Draw.plan_id, Draw.plan_version_id, Draw.window_from, Draw.window_to,
        Draw.agents_lost_at.is_not(None),
    )
    .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    .where(Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")), PlanVersion.purpose == "measure")
    .order_by(Draw.id)
)  # fmt: skip
_HELD = select(DrawCase.case_id, DrawCase.draw_id, DrawCase.probability).where(
    DrawCase.draw_id.in_(_DRAW_IDS), DrawCase.case_id.in_(bindparam("case_ids", expanding=True))
)
_PROBABILITIES = select(DrawStratum.draw_id, DrawStratum.key, DrawStratum.probability).where(
    DrawStratum.draw_id.in_(_DRAW_IDS)
)


@dataclass(frozen=True, slots=True)
class Framed:
    """A case as the rules of plans see it."""

    case_id: int
    cells: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Window:
    """What a draw was made from: the cases that came after *start*, up to *end*."""

    draw_id: int
    plan_id: int
    version_id: int
    start: datetime | None
    end: datetime
    #: Whether its strata call agents by words that stand for nobody known.
    nameless: bool

    def holds(self, moment: datetime) -> bool:
        """Whether a case that came at *moment* could be drawn."""
        return moment <= self.end and (self.start is None or moment > self.start)


def combined(drawn: Mapping[int, Mapping[int, float]]) -> dict[int, float]:
    """Case -> the sum of its probabilities in all windows that contain it, drawn there or not.

    *drawn*: case -> draw that holds it -> its probability there. With one plan that is the probability itself. Every
    selection then weighs 1 / sum, so the estimate is unbiased however the plans overlap.
    """
    windows = _measuring()
    known = {case_id: dict(held) for case_id, held in drawn.items()}
    if len({window.plan_id for window in windows}) > 1:
        called = former_agents.pseudonyms() if any(window.nameless for window in windows) else {}
        rules = _rules({(window.version_id, window.nameless) for window in windows}, called)
        framed = _framed(list(known), rules.values())
        # Of a year of draws a case lies in the window of a few.
        windows = [window for window in windows if any(map(window.holds, framed))]
        draw_ids = [window.draw_id for window in windows]
        for case_id, draw_id, probability in _held(list(known), draw_ids):
            known[case_id][draw_id] = probability
        probabilities = _probabilities(draw_ids)
        for window in windows:
            missing = (case for case in _in_window(window, framed) if window.draw_id not in known[case.case_id])
            if window.nameless:
                missing = (_nameless(case, called) for case in missing)
            rule = rules[window.version_id, window.nameless]
            for case_id, probability in _chances(rule, missing, probabilities[window.draw_id]):
                known[case_id][window.draw_id] = probability
    return {case_id: fsum(held.values()) for case_id, held in known.items()}


def overlapping(draw: Draw) -> list[int]:
    """The current draws of other plans whose windows share framed time with that of *draw*."""
    return [
        other.draw_id
        for other in _measuring()
        if other.plan_id != draw.plan_id
        and (other.start is None or draw.window_to > other.start)
        and (draw.window_from is None or other.end > draw.window_from)
    ]


def _measuring() -> list[Window]:
    """The windows of the current draws of plans that measure."""
    return [Window(*row) for row in ask(_MEASURING)]


def _rules(wanted: Collection[tuple[int, bool]], called: Mapping[str, str]) -> dict[tuple[int, bool], Rule]:
    """(version of a plan, whether without names) -> its rule as it stood."""
    ids = sorted({version_id for version_id, _ in wanted})
    versions = {one.id: one for one in db.session.scalars(select(PlanVersion).where(PlanVersion.id.in_(ids)))}
    return {
        (version_id, nameless): former_agents.rule(versions[version_id], called if nameless else {})
        for version_id, nameless in wanted
    }


def _nameless(case: Framed, called: Mapping[str, str]) -> Framed:
    """The case as a draw without names sees it."""
    agent = case.cells.get(former_agents.AGENT) or ""
    return Framed(case.case_id, {**case.cells, former_agents.AGENT: called.get(agent, agent)})


def _held(case_ids: list[int], draw_ids: list[int]) -> Iterator[tuple[int, int, float]]:
    """(case, draw, probability) of these cases in all draws that hold them."""
    for start in range(0, len(case_ids), BATCH):
        yield from ask(_HELD, {"draw_ids": draw_ids, "case_ids": case_ids[start : start + BATCH]})


def _probabilities(draw_ids: list[int]) -> dict[int, dict[str, float]]:
    """Draw -> key of a stratum -> its probability."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for draw_id, key, probability in ask(_PROBABILITIES, {"draw_ids": draw_ids}):
        found[draw_id][key] = probability
    return found


def _framed(case_ids: list[int], rules: Iterable[Rule]) -> dict[datetime, list[Framed]]:
    """The cases with all that *rules* ask of them, by the moment from which they could be drawn."""
    asked = {column for rule in rules for column in rule.columns()}
    reader = cells.Reader(sorted(asked), formerly=True)
    query = cells.cells_query(reader.columns, ClosedCase.id, ImportRun.published_at, formerly=True)
    query = query.join(ImportRun, ImportRun.id == ClosedCase.run_id).where(ImportRun.state == "published")
    found: dict[datetime, list[Framed]] = defaultdict(list)
    for start in range(0, len(case_ids), BATCH):
        batch = ClosedCase.id.in_(case_ids[start : start + BATCH])
        for case_id, published_at, *values in db.session.execute(query.where(batch)):
            found[published_at].append(Framed(case_id, reader.row(values)))
    return found


def _in_window(window: Window, framed: dict[datetime, list[Framed]]) -> Iterator[Framed]:
    """The cases that lie in *window*."""
    for moment, cases in framed.items():
        if window.holds(moment):
            yield from cases


def _chances(rule: Rule, cases: Iterable[Framed], probability: dict[str, float]) -> Iterator[tuple[int, float]]:
    """(case, its probability) of those among *cases* that *rule* lets in."""
    for case in cases:
        chance = probability.get(rule.stratum(case.cells), 0.0) if rule.lets_in(case.cells) else 0.0
        if chance > 0:
            yield case.case_id, chance
