"""The frame: which cases a plan may draw from, in the order in which a draw reads them.

Read without any lock, looked up once per *combination* of values and not once per case, sorted in memory and stored
packed in one short transaction, so that graders are never locked out. A build that was killed leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Case, ColumnElement, and_, bindparam, case, delete, func, insert, or_, select

from qa.core import clock
from qa.core.db import ask, db, raw_rows, write
from qa.draws import apart, cells, former_agents, windows
from qa.draws.apart import Apart
from qa.models.cases import ClosedCase, ImportRun, Touch
from qa.models.plans import FramePart, FrameState, Plan, PlanVersion
from qa.plans import plans
from qa.sampling.selection import numbering, seed_key

Numbers = NDArray[np.int64]
BATCH = 50_000
#: Touches after which a case is no longer a fair one to draw.
SPENT = ("voted", "wrote_item")
_DROP = tuple(delete(one).where(one.plan_version_id == bindparam("version")) for one in (FramePart, FrameState))
_CASE, _BEFORE = ClosedCase.__table__.c, ClosedCase.__table__.alias("before").c
_RUN, _TOUCH = ImportRun.__table__.c, Touch.__table__.c
_SPENT = select(_TOUCH.case_id).where(_TOUCH.how.in_(SPENT))
_SPENT_BY = _SPENT.where(_TOUCH.created_at <= bindparam("as_of"))
#: runs, until -> those of the runs' cases of which an earlier state came in a run that was published until then.
_EARLIER = (
    select(_CASE.id)
    .join(_BEFORE.id.table, (_BEFORE.source == _CASE.source) & (_BEFORE.external_id == _CASE.external_id))
    .join(_RUN.id.table, _RUN.id == _BEFORE.run_id)
    .where(_CASE.no > 1, _BEFORE.no < _CASE.no, _BEFORE.replaced_at.is_not(None), _RUN.state == "published")
    .where(_RUN.published_at <= bindparam("until"), _CASE.run_id.in_(bindparam("runs", expanding=True)))
)
PLAIN, REPLACED, UNDECIDED, EARLIER, USED, OTHER = range(6)
REASONS = {
    REPLACED: "replaced by a correction",
    UNDECIDED: "not decided by a person",
    EARLIER: "corrected after an earlier window",
    USED: "used in calibration or training",
    OTHER: "not in the plan's filter",
}


def _by_itself(replaced: ColumnElement[bool], nobody: ColumnElement[bool]) -> Case[int]:
    undecided = or_(ClosedCase.decided_by != "person", nobody)
    return case((replaced, REPLACED), (undecided, UNDECIDED), else_=PLAIN)


#: Why a case is barred by what its own row says.
BY_ITSELF = _by_itself(ClosedCase.replaced_at.is_not(None), ClosedCase.agent_id.is_(None))


def by_itself_at(moment: datetime) -> Case[int]:
    """The same as its row said at a moment: before a correction came, and before figures lost the person."""
    not_yet = or_(ClosedCase.agent_lost_at.is_(None), ClosedCase.agent_lost_at <= moment)
    replaced = and_(ClosedCase.replaced_at.is_not(None), ClosedCase.replaced_at <= moment)
    return _by_itself(replaced, and_(ClosedCase.agent_id.is_(None), not_yet))


@dataclass(slots=True)
class Frame:
    """A built frame: strata with their sizes, and what was left out by reason."""

    version_id: int
    window_from: datetime | None
    window_to: datetime
    strata: list[str]
    counts: list[int]
    excluded: dict[str, int]
    first_closed_at: datetime | None
    apart: Apart = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """Stratum -> cases."""
        return dict(zip(self.strata, self.counts, strict=True))

    @property
    def size(self) -> int:
        """Cases in the frame."""
        return sum(self.counts)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    places: dict[str, int] = field(default_factory=dict)
    excluded: Counter[str] = field(default_factory=Counter)
    strata: list[Numbers] = field(default_factory=list)
    numbers: list[Numbers] = field(default_factory=list)
    cases: list[Numbers] = field(default_factory=list)


def build(
    version: PlanVersion,
    window_from: datetime | None,
    window_to: datetime,
    *,
    as_of: datetime | None = None,
    nameless: bool = False,
    parted: Apart | None = None,
) -> Frame:
    """The frame of *version* over just this window, from the table where it holds it.

    *as_of*: as it was at that moment, read anew from the cases, whatever came of them since; *nameless*: with words for
    its agents, as a draw has them once figures lost the people; *parted*: what is drawn apart, by what is asked for now
    where it is not given. Outside any writing transaction.
    """
    parted = apart.now(version, window_from) if parted is None else parted
    built = _still_right(version.id, window_from, window_to) if as_of is None else None
    if built is not None and built.apart == parted:
        db.session.rollback()
        return built
    reading = _read(version, window_from, window_to, as_of, nameless, parted)
    first = db.session.scalar(select(func.min(ClosedCase.closed_at)).where(of_window(window_from, window_to)))
    frame = Frame(version.id, window_from, window_to, [], [], dict(sorted(reading.excluded.items())), first, parted)
    packed = list(_packed(reading, frame))
    db.session.rollback()
    write(lambda: _store(frame, packed))
    return frame


def refresh_live() -> int:
    """Build the open window of every live plan; the number of plans. The work of a job after each import."""
    live = db.session.scalars(select(Plan.id).where(Plan.state == "live").order_by(Plan.id)).all()
    for plan_id in live:
        version = plans.newest_version(plan_id)
        if version is not None:
            build(version, windows.next_start(version), clock.now())
    db.session.rollback()
    return len(live)


def as_built(version_id: int, window_from: datetime | None) -> Frame | None:
    """The frame as it stands in the table; None while it is not built, or is that of another window."""
    state = db.session.scalar(select(FrameState).where(FrameState.plan_version_id == version_id))
    if state is None or state.window_from != window_from:
        return None
    return Frame(
        version_id, state.window_from, state.window_to, list(state.strata), list(state.counts), dict(state.excluded),
        state.first_closed_at, state.apart or {},
    )  # fmt: skip


def drop(version_id: int) -> None:
    """Empty a version's frame table, once its draw is made."""
    for statement in _DROP:
        db.session.execute(statement, {"version": version_id})


def of_window(window_from: datetime | None, window_to: datetime) -> ColumnElement[bool]:
    """Cases that were framed in the window: their run was published in it."""
    return ClosedCase.run_id.in_(_runs(window_from, window_to))


def _runs(window_from: datetime | None, window_to: datetime) -> list[int]:
    query = select(ImportRun.id).where(ImportRun.state == "published", ImportRun.published_at <= window_to)
    if window_from is not None:
        query = query.where(ImportRun.published_at > window_from)
    return list(db.session.scalars(query.order_by(ImportRun.id)))


def _still_right(version_id: int, window_from: datetime | None, window_to: datetime) -> Frame | None:
    """The frame of the table, when nothing has come since it was built that belongs to this window."""
    frame = as_built(version_id, window_from)
    if frame is None or frame.window_to > window_to or _runs(frame.window_to, window_to):
        return None
    built_at = select(FrameState.created_at).where(FrameState.plan_version_id == version_id).scalar_subquery()
    if db.session.scalar(select(Touch.id).where(Touch.how.in_(SPENT), Touch.created_at >= built_at).limit(1)):
        return None
    frame.window_to = window_to
    return frame


def _read(
    version: PlanVersion, window_from: datetime | None, window_to: datetime, as_of: datetime | None, nameless: bool,
    parted: Apart,
) -> _Reading:  # fmt: skip
    rule = former_agents.rule(version, former_agents.pseudonyms()) if nameless else plans.rule_of(version)
    reader = cells.Reader(apart.columns(rule, parted), formerly=as_of is not None, nameless=nameless)
    reading, excepted = _Reading(), barred(window_from, window_to, as_of=as_of)
    place_of: dict[tuple[Any, ...], int] = {}
    for rows in _rows(version, reader.columns, of_window(window_from, window_to), as_of):
        _case_ids, _numbers, flags, *values = zip(*rows, strict=True)
        case_ids, numbers = np.array(_case_ids, np.int64), np.array(_numbers, np.int64)
        combinations = list(zip(*values, strict=True)) if values else [()] * len(rows)
        for combination in set(combinations) - place_of.keys():
            row = reader.row(combination)
            key = apart.stratum(rule, row, parted) if rule.lets_in(row) else None
            place_of[combination] = -1 if key is None else reading.places.setdefault(key, len(reading.places))
        places = np.fromiter((place_of[one] for one in combinations), np.int64, len(rows))
        why = np.array(flags, np.int64)
        for reason, ids in excepted.items():
            why[(why == PLAIN) & np.isin(case_ids, ids)] = reason
        why[(why == PLAIN) & (places < 0)] = OTHER
        kept = why == PLAIN
        for reason, name in REASONS.items():
            if count := int((why == reason).sum()):
                reading.excluded[name] += count
        reading.strata.append(places[kept])
        reading.numbers.append(numbers[kept])
        reading.cases.append(case_ids[kept])
    return reading


def _rows(
    version: PlanVersion, columns: list[str], window: ColumnElement[bool], as_of: datetime | None
) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of (case, number, why it is barred by itself, cells...)."""
    seeded = (ClosedCase.source, ClosedCase.external_id) if version.seed is not None else ()
    why = BY_ITSELF if as_of is None else by_itself_at(as_of)
    query = cells.cells_query(columns, *seeded, ClosedCase.id, ClosedCase.number, why, formerly=as_of is not None)
    key = seed_key(version.seed or "")
    makers: dict[str, Any] = {}
    for rows in raw_rows(query.where(window), BATCH):
        if version.seed is None:
            yield rows
            continue
        renumbered = []
        for source, external_id, case_id, _number, *rest in rows:
            if source not in makers:
                makers[source] = numbering(key, source)
            renumbered.append((case_id, makers[source](external_id), *rest))
        yield renumbered


def barred(window_from: datetime | None, window_to: datetime, *, as_of: datetime | None = None) -> dict[int, Numbers]:
    """Reason -> the cases that other rows bar: few, so they are looked up apart. *as_of*: that did at that moment."""
    spent = (ask(_SPENT) if as_of is None else ask(_SPENT_BY, {"as_of": as_of})).scalars().all()
    earlier: Sequence[int] = ()
    if window_from is not None:
        window = {"runs": _runs(window_from, window_to), "until": window_from}
        earlier = ask(_EARLIER, window).scalars().all()
    return {EARLIER: np.array(earlier, np.int64), USED: np.array(spent, np.int64)}


def _packed(reading: _Reading, frame: Frame) -> Iterator[dict[str, Any]]:
    """The strata in the order of their keys' bytes, each with its cases by number."""
    empty = np.empty(0, np.int64)
    strata = np.concatenate(reading.strata or [empty])
    numbers, case_ids = np.concatenate(reading.numbers or [empty]), np.concatenate(reading.cases or [empty])
    order = np.lexsort((case_ids, numbers, strata))
    strata, numbers, case_ids = strata[order], numbers[order], case_ids[order]
    edges = np.searchsorted(strata, np.arange(len(reading.places) + 1))
    for key in sorted(reading.places, key=str.encode):
        start, end = edges[reading.places[key]], edges[reading.places[key] + 1]
        if start == end:
            continue
        part_numbers, part_cases = numbers[start:end], _without_ties(numbers[start:end], case_ids[start:end])
        frame.strata.append(key)
        frame.counts.append(int(end - start))
        yield {
            "plan_version_id": frame.version_id, "stratum": len(frame.strata) - 1,
            "numbers": part_numbers.astype("<i8").tobytes(), "cases": part_cases.astype("<i8").tobytes(),
        }  # fmt: skip


def _without_ties(numbers: Numbers, case_ids: Numbers) -> Numbers:
    """The cases with equal numbers put in the order of their ids' bytes: never in that of the import."""
    same = np.flatnonzero(numbers[1:] == numbers[:-1])
    if not len(same):
        return case_ids
    tied = {int(one) for place in same for one in case_ids[place : place + 2]}
    query = select(ClosedCase.id, ClosedCase.external_id).where(ClosedCase.id.in_(tied))
    names = {row.id: row.external_id.encode() for row in db.session.execute(query)}
    pairs = zip(numbers.tolist(), case_ids.tolist(), strict=True)
    ordered = sorted(pairs, key=lambda pair: (pair[0], names.get(pair[1], b"")))
    return np.array([case_id for _number, case_id in ordered], np.int64)


def _store(frame: Frame, packed: list[dict[str, Any]]) -> None:
    drop(frame.version_id)
    db.session.add(
        FrameState(
            plan_version_id=frame.version_id, window_from=frame.window_from, window_to=frame.window_to,
            strata=frame.strata, counts=frame.counts, excluded=frame.excluded, first_closed_at=frame.first_closed_at,
            apart=dict(frame.apart),
        )
    )  # fmt: skip
    db.session.flush()
    if packed:
        db.session.execute(insert(FramePart), packed)
