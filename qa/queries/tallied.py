"""Drawn cases as columns, from the roll-ups: what pages of figures sum up. The rows stand in `qa.queries.measured`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, func, or_, select

from qa.core.db import db, raw_rows
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Dispute, Finding, Settlement, TallyPart, TallyState, Truth
from qa.queries.measured import OPEN_DISPUTE, in_force
from qa.tallies import tallies
from qa.tallies import words as tally_words

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
#: (draw, cases, records, states, first and last closing) of a part.
Packed = tuple[Any, ...]
_ROWS = 2000
#: After all that 32 bits can say in seconds.
_NEVER = 1 << 33


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of some draws, in the order of plan, key and inside number, so that the next tier stands next."""

    #: (plan, parts of the key).
    keys: tuple[tuple[str, ...], ...]
    frame: npt.NDArray[np.float64]
    #: Place of the stratum numbered *first* + i, -1 for one of another draw.
    places: IntArray
    first: int
    #: Whether strata whose keys share all parts but the last stand side by side, as where a plan's keys are alike.
    is_grouped: bool

    def of(self, numbers: IntArray) -> IntArray:
        """The place of each of these inside numbers."""
        return self.places[numbers - self.first]


@dataclass(frozen=True, slots=True)
class Tallied:
    """Drawn cases of current draws of plans that measure, one place a selection, as `qa.tallies.tallies` keeps them."""

    draw: IntArray
    case: IntArray
    record: npt.NDArray[np.void]
    outcome: npt.NDArray[np.uint8]
    words: Mapping[int, str]

    def __len__(self) -> int:
        return int(self.case.size)

    def only(self, places: BoolArray | IntArray) -> Tallied:
        """The selections of these places alone."""
        return Tallied(self.draw[places], self.case[places], self.record[places], self.outcome[places], self.words)

    def column(self, name: str) -> npt.NDArray[np.int64]:
        """One column of `qa.tallies.tallies.RECORD` as whole numbers."""
        return self.record[name].astype(np.int64)

    @property
    def chance(self) -> npt.NDArray[np.float64]:
        """The sum of each case's probabilities in all plans."""
        return np.ascontiguousarray(self.record["chance"])

    @property
    def settled(self) -> BoolArray:
        """Whether a decision stands."""
        return (self.outcome & 3) == tallies.SETTLED

    @property
    def open(self) -> BoolArray:
        """Whether looks are still expected."""
        return (self.outcome & 3) == tallies.OPEN

    @property
    def not_blind(self) -> BoolArray:
        """Whether it was ruled with the decision in sight."""
        return (self.outcome & 128) != 0

    def level(self, name: str) -> IntArray:
        """0 where the level is not settled, 1 wrong, 2 right."""
        if name == "verdict":
            return np.where(self.settled, 1 + ((self.outcome >> 2) & 1), 0).astype(np.int64)
        return ((self.outcome >> {"policy": 3, "action": 5}[name]) & 3).astype(np.int64)


def drawn(
    *, since: datetime | None = None, until: datetime | None = None, draws: Collection[int] | None = None
) -> Tallied:
    """The drawn cases (of some *draws*) that were closed in a period, *since* inside, *until* not (whole seconds)."""
    columns = (
        TallyPart.draw_id, TallyPart.cases, TallyPart.records, TallyState.states, TallyPart.first_closed,
        TallyPart.last_closed,
    )  # fmt: skip
    query = _current(select(*columns).join(TallyState).join(Draw, Draw.id == TallyPart.draw_id))
    first = 0 if since is None else int(since.timestamp())
    after = _NEVER if until is None else int(until.timestamp())
    query = query.where(TallyPart.last_closed >= first, TallyPart.first_closed < after).order_by(TallyPart.id)
    if draws is not None:
        query = query.where(TallyPart.draw_id.in_(draws))
    rows = [row for some in raw_rows(query, _ROWS) for row in some]
    found = _unpacked([row if row[4] >= first and row[5] < after else _cut(row, first, after) for row in rows])
    known = found.record["agent"] != 0
    return found if bool(known.all()) else found.only(known)


@dataclass(frozen=True, slots=True)
class Head:
    """What tells one content of a draw's roll-up from another, without reading it."""

    draw_id: int
    #: Its address, which no other database has.
    public_id: str
    parts: int
    changes: int
    #: Closing of its first and of its last case, in seconds since 1970.
    first_closed: int
    last_closed: int


def heads(*, since: datetime, until: datetime) -> list[Head]:
    """The draws that may hold cases closed in a period, oldest first."""
    first, last = func.min(TallyPart.first_closed), func.max(TallyPart.last_closed)
    query = select(Draw.id, Draw.public_id, func.count(), func.sum(TallyState.changes), first, last)
    query = _current(query.select_from(TallyPart).join(TallyState).join(Draw, Draw.id == TallyPart.draw_id))
    query = query.group_by(Draw.id, Draw.public_id).order_by(Draw.id)
    query = query.having(last >= int(since.timestamp()), first < int(until.timestamp()))
    return [Head(row[0], row[1], row[2], int(row[3]), row[4], row[5]) for row in db.session.execute(query)]


def disputed_by_draw() -> dict[int, list[int]]:
    """Draw -> its cases with an open dispute about the decision that stands."""
    contested = select(Finding.case_id).join(Dispute, Dispute.finding_id == Finding.id)
    contested = contested.where(Dispute.state.in_(OPEN_DISPUTE), Finding.state != "replaced")
    query = select(DrawCase.draw_id, DrawCase.case_id).where(DrawCase.case_id.in_(contested))
    found: dict[int, list[int]] = {}
    for draw_id, case_id in db.session.execute(query.order_by(DrawCase.draw_id, DrawCase.case_id)):
        found.setdefault(draw_id, []).append(case_id)
    return found


def stamp() -> tuple[object, ...]:
    """What tells one content of all roll-ups that count from another: equal stamps, equal figures."""
    query = select(Draw.public_id, func.count(), func.sum(TallyState.changes))
    query = _current(query.select_from(TallyState).join(Draw, Draw.id == TallyState.draw_id))
    rows = db.session.execute(query.group_by(Draw.public_id).order_by(Draw.public_id))
    return *((draw, parts, int(changes)) for draw, parts, changes in rows), *sorted(disputed().tolist())


def _cut(row: Packed, first: int, after: int) -> Packed:
    """A part that reaches over an end of the period, without what lies outside."""
    draw_id, cases, records, states, *closed = row
    record = np.frombuffer(records, tallies.RECORD)
    inside = (record["closed"] >= first) & (record["closed"] < after)
    kept = (np.frombuffer(cases, tallies.CASE), record, np.frombuffer(states, np.uint8))
    return (draw_id, *(column[inside].tobytes() for column in kept), *closed)


def _unpacked(rows: list[Packed]) -> Tallied:
    return Tallied(
        np.repeat(np.array([row[0] for row in rows], dtype=np.int64), [len(row[3]) for row in rows]),
        np.frombuffer(b"".join(row[1] for row in rows), tallies.CASE),
        np.frombuffer(b"".join(row[2] for row in rows), tallies.RECORD),
        np.frombuffer(b"".join(row[3] for row in rows), np.uint8),
        words(),
    )


def words() -> dict[int, str]:
    """The words that roll-ups hold, by their number."""
    return {number: word for word, number in tally_words.known().items()}


def strata(draw_ids: Collection[int]) -> Strata:
    """The strata of these draws. They never change once a draw is stored, so the last few answers are remembered."""
    wanted = sorted(draw_ids)
    names = tuple(db.session.scalars(select(Draw.public_id).where(Draw.id.in_(wanted)).order_by(Draw.id)))
    if names not in _remembered:
        while len(_remembered) >= _REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[names] = _strata(wanted)
    return _remembered[names]


_REMEMBERED = 16
#: By the draws' addresses, which no other database has.
_remembered: dict[tuple[str, ...], Strata] = {}


def _strata(draw_ids: list[int]) -> Strata:
    query = select(Plan.name, DrawStratum.key, DrawStratum.id, DrawStratum.frame)
    query = query.join(Draw, Draw.id == DrawStratum.draw_id).join(Plan, Plan.id == Draw.plan_id)
    query = query.where(Draw.id.in_(draw_ids), DrawStratum.drawn > 0)
    rows = sorted(row for some in raw_rows(query, _ROWS) for row in some)
    numbers = np.array([row[2] for row in rows], dtype=np.int64)
    first = int(numbers.min()) if rows else 0
    places = np.full(int(numbers.max()) - first + 1 if rows else 0, -1, dtype=np.int64)
    places[numbers - first] = np.arange(len(rows))
    keys = tuple((plan, *key.split("|")) for plan, key, _, _ in rows)
    runs = [group for group, _ in groupby(key[:-1] for key in keys)]
    return Strata(
        keys, np.array([row[3] for row in rows], dtype=np.float64), places, first, len(runs) == len(set(runs))
    )


def as_known(drawn: Tallied, moment: datetime) -> Tallied:
    """The same cases as they stood at *moment*: what has been settled since is open, what has moved since stands as
    it stood."""
    moved = select(Settlement.case_id).where(Settlement.changed_at >= moment)
    settled = select(Truth.case_id).where(Truth.settled_at >= moment)
    later = np.array(sorted({*db.session.scalars(moved), *db.session.scalars(settled)}), dtype=np.int64)
    columns = (Truth.case_id, Truth.right_verdict, Truth.right_policy, Truth.right_action, Truth.basis)
    stood = select(*columns).where(
        Truth.settled_at < moment, or_(Truth.replaced_at.is_(None), Truth.replaced_at >= moment),
        Truth.case_id.in_(moved.union(settled)),
    )  # fmt: skip
    before = {
        row.case_id: tallies.outcome_of("settled", (row[1], row[2], row[3]), row.basis)
        for row in db.session.execute(stood)
    }
    outcome = np.where(np.isin(drawn.case, later), np.uint8(tallies.OPEN), drawn.outcome)
    for case_id, came_out in before.items():
        outcome[drawn.case == case_id] = came_out
    return replace(drawn, outcome=outcome)


def disputed(known_at: datetime | None = None) -> IntArray:
    """The cases with an open dispute about the decision that stands; of those that were opened before *known_at*."""
    query = select(Finding.case_id).join(Dispute, Dispute.finding_id == Finding.id)
    query = query.where(Dispute.state.in_(OPEN_DISPUTE), Finding.state != "replaced")
    if known_at is not None:
        query = query.where(Dispute.created_at < known_at)
    return np.array(db.session.scalars(query).all(), dtype=np.int64)


def _current(query: Select[Any]) -> Select[Any]:
    return query.join(PlanVersion, PlanVersion.id == Draw.plan_version_id).where(*in_force("measure"))
