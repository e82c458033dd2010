"""The frame: which cases a plan may draw from, in the order in which a draw reads them.

Built after an import, a few thousand cases a transaction, so that graders are not locked out; a build that was killed
goes on where it stopped. What a column says is looked up once per *combination* of values, not once per case.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, insert, literal, or_, select
from sqlalchemy.orm import aliased

from qa import plans
from qa.core import clock
from qa.core.db import db, write
from qa.draws import cells
from qa.models.cases import ClosedCase, ImportRun, Touch
from qa.models.plans import Draw, FrameCase, FrameState, Plan, PlanVersion
from qa.sampling.selection import numbering, seed_key

BATCH = 20_000
#: Touches after which a case is no longer a fair one to draw.
SPENT = ("voted", "wrote_item")


@dataclass(slots=True)
class Frame:
    """A finished frame: strata with their sizes, and what was left out by reason."""

    version_id: int
    window_from: datetime | None
    window_to: datetime
    strata: list[str]
    counts: list[int]
    excluded: dict[str, int] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """Stratum -> cases."""
        return {key: count for key, count in zip(self.strata, self.counts, strict=True) if count}

    @property
    def size(self) -> int:
        """Cases in the frame."""
        return sum(self.counts)


def build(version: PlanVersion, window_from: datetime | None, window_to: datetime) -> Frame:
    """Bring the frame table of *version* up to just this window; outside any writing transaction.

    What is there of the same window already stays; anything else is dropped first.
    """
    write(lambda: _begin(version.id, window_from, window_to))
    while write(lambda: _take_batch(version.id, window_to)):
        pass
    return write(lambda: _finished(version.id, window_to))


def refresh_live() -> int:
    """Build the open window of every live plan; the number of plans. The work of a job after each import."""
    live = db.session.scalars(select(Plan.id).where(Plan.state == "live").order_by(Plan.id)).all()
    db.session.rollback()
    for plan_id in live:
        version = plans.newest_version(plan_id)
        if version is not None:
            start = last_window_end(plan_id)
            db.session.rollback()
            build(version, start, clock.now())
    return len(live)


def last_window_end(plan_id: int) -> datetime | None:
    """Where the next window of a plan begins: at the end of its last one."""
    ends = select(func.max(Draw.window_to)).where(Draw.plan_id == plan_id, Draw.replaced_at.is_(None))
    return db.session.scalar(ends)


def as_built(version_id: int, window_from: datetime | None) -> Frame | None:
    """The frame as it stands in the table; None while it is not built, or is that of another window."""
    state = db.session.scalar(select(FrameState).where(FrameState.plan_version_id == version_id))
    if state is None or state.window_to is None or state.window_from != window_from:
        return None
    return _frame(state, state.window_to)


def drop(version_id: int) -> None:
    """Empty a version's frame table, once its draw is made."""
    db.session.execute(delete(FrameCase).where(FrameCase.plan_version_id == version_id))
    db.session.execute(delete(FrameState).where(FrameState.plan_version_id == version_id))


def _begin(version_id: int, window_from: datetime | None, window_to: datetime) -> None:
    state = db.session.scalar(select(FrameState).where(FrameState.plan_version_id == version_id).with_for_update())
    fits = state is not None and state.window_from == window_from
    if fits and state.window_to is not None and state.window_to > window_to:
        fits = False
    if not fits:
        drop(version_id)
        db.session.add(
            FrameState(plan_version_id=version_id, window_from=window_from, strata=[], counts=[], excluded={}, runs=[])
        )
        db.session.flush()


def _take_batch(version_id: int, window_to: datetime) -> bool:
    """Take in the next cases of the next run; False when there is none left."""
    state = db.session.scalars(
        select(FrameState).where(FrameState.plan_version_id == version_id).with_for_update()
    ).one()
    run_id = state.reading_run or _next_run(state, window_to)
    if run_id is None:
        return False
    version = db.session.get_one(PlanVersion, version_id)
    start = state.last_case if state.reading_run else 0
    ids = select(ClosedCase.id).where(ClosedCase.run_id == run_id, ClosedCase.id > start).order_by(ClosedCase.id)
    end = db.session.scalar(select(func.max(ids.limit(BATCH).subquery().c.id)))
    if end is None:
        state.runs, state.reading_run, state.last_case = [*state.runs, run_id], None, 0
        db.session.flush()
        return True
    _take(version, state, and_(ClosedCase.run_id == run_id, ClosedCase.id > start, ClosedCase.id <= end))
    state.reading_run, state.last_case = run_id, end
    db.session.flush()
    return True


def _next_run(state: FrameState, window_to: datetime) -> int | None:
    query = select(ImportRun.id).where(ImportRun.state == "published", ImportRun.published_at <= window_to)
    if state.window_from is not None:
        query = query.where(ImportRun.published_at > state.window_from)
    if state.runs:
        query = query.where(ImportRun.id.not_in(state.runs))
    return db.session.scalar(query.order_by(ImportRun.published_at, ImportRun.id).limit(1))


def _take(version: PlanVersion, state: FrameState, batch: ColumnElement[bool]) -> None:
    """Put the eligible cases of *batch* into the frame table and count them."""
    rule = plans.rule_of(version)
    columns = sorted(rule.columns() & set(cells.COLUMNS))
    barred = _barred(state.window_from)
    why = case(*((condition, literal(reason)) for reason, condition in barred.items()), else_=literal(""))
    excluded = Counter(state.excluded)
    places = {key: place for place, key in enumerate(state.strata)}
    counts = list(state.counts)
    placed: dict[tuple[Any, ...], int] = {}
    combinations = cells.cells_query(columns, why, func.count()).where(batch).group_by(why, *_grouped(columns))
    for reason, count, *values in db.session.execute(combinations):
        row = dict(zip(columns, values, strict=True))
        if reason or not rule.lets_in(row):
            excluded[reason or "not in the plan's filter"] += count
            continue
        place = places.setdefault(rule.stratum(row), len(places))
        counts += [0] * (len(places) - len(counts))
        counts[place] += count
        placed[tuple(values)] = place
    for place, count in _drop_replaced(version.id, batch):
        counts[place] -= count
        excluded["replaced by a correction"] += count
    state.strata, state.counts, state.excluded = list(places), counts, dict(excluded)
    _insert(version, columns, placed, and_(batch, why == ""))


def _drop_replaced(version_id: int, batch: ColumnElement[bool]) -> list[tuple[int, int]]:
    """Take out of the table what *batch* corrects; (stratum, cases) of what went."""
    earlier = aliased(ClosedCase)
    corrected = (
        select(earlier.id)
        .join(ClosedCase, and_(ClosedCase.source == earlier.source, ClosedCase.external_id == earlier.external_id))
        .where(batch, ClosedCase.no > earlier.no)
    )
    gone = and_(FrameCase.plan_version_id == version_id, FrameCase.case_id.in_(corrected))
    counts = select(FrameCase.stratum, func.count()).where(gone).group_by(FrameCase.stratum)
    found = [(place, count) for place, count in db.session.execute(counts)]
    if found:
        db.session.execute(delete(FrameCase).where(gone))
    return found


def _grouped(columns: list[str]) -> list[cells.Cell]:
    return [cells.COLUMNS[name] for name in columns]


def _insert(
    version: PlanVersion, columns: list[str], placed: dict[tuple[Any, ...], int], eligible: ColumnElement[bool]
) -> None:
    query = cells.cells_query(columns, ClosedCase.id, ClosedCase.number, ClosedCase.source, ClosedCase.external_id)
    rows = []
    numberings: dict[str, Any] = {}
    key = None if version.seed is None else seed_key(version.seed)
    for case_id, number, source, external_id, *values in db.session.execute(query.where(eligible)):
        place = placed.get(tuple(values))
        if place is None:
            continue
        if key is not None:
            if source not in numberings:
                numberings[source] = numbering(key, source)
            number = numberings[source](external_id)
        rows.append({"plan_version_id": version.id, "stratum": place, "number": number, "case_id": case_id})
    if rows:
        rows.sort(key=lambda row: (row["stratum"], row["number"]))
        db.session.execute(insert(FrameCase), rows)


def _barred(window_from: datetime | None) -> dict[str, ColumnElement[bool]]:
    """Reason -> which cases it leaves out; the first that holds is counted."""
    earlier, earlier_run = aliased(ClosedCase), aliased(ImportRun)
    framed_before = (
        exists()
        .where(earlier.source == ClosedCase.source, earlier.external_id == ClosedCase.external_id)
        .where(earlier.no < ClosedCase.no, earlier_run.id == earlier.run_id, earlier_run.state == "published")
    )
    framed_before = framed_before.where(earlier_run.published_at <= window_from) if window_from else literal(False)
    spent = exists().where(Touch.case_id == ClosedCase.id, Touch.how.in_(SPENT))
    return {
        "replaced by a correction": ClosedCase.replaced_at.is_not(None),
        "not decided by a person": or_(ClosedCase.decided_by != "person", ClosedCase.agent_id.is_(None)),
        "corrected after an earlier window": and_(ClosedCase.no > 1, framed_before),
        "used in calibration or training": spent,
    }


def _finished(version_id: int, window_to: datetime) -> Frame:
    state = db.session.scalars(select(FrameState).where(FrameState.plan_version_id == version_id)).one()
    state.window_to = window_to
    db.session.flush()
    return _frame(state, window_to)


def _frame(state: FrameState, window_to: datetime) -> Frame:
    left_out = dict(sorted(state.excluded.items()))
    return Frame(state.plan_version_id, state.window_from, window_to, list(state.strata), list(state.counts), left_out)
