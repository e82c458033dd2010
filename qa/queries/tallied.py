"""Drawn cases as columns, from the roll-ups: what pages of figures sum up. The rows stand in `qa.queries.measured`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, select

from qa import tallies, tally_words
from qa.core.db import db, raw_rows
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Dispute, Finding, TallyPart, TallyState
from qa.queries.measured import OPEN_DISPUTE

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum of one draw."""

    plan: str
    key: str
    frame: int


@dataclass(frozen=True, slots=True)
class Tallied:
    """Drawn cases of current draws of plans that measure, one place a selection, as `qa.tallies` keeps them."""

    draw: IntArray
    case: IntArray
    record: npt.NDArray[np.void]
    outcome: npt.NDArray[np.uint8]
    words: Mapping[int, str]

    def __len__(self) -> int:
        return int(self.case.size)

    def only(self, places: BoolArray) -> Tallied:
        """The selections of these places alone."""
        return Tallied(self.draw[places], self.case[places], self.record[places], self.outcome[places], self.words)

    def column(self, name: str) -> npt.NDArray[np.int64]:
        """One column of `qa.tallies.RECORD` as whole numbers."""
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


def drawn(*, since: datetime | None = None, until: datetime | None = None, agent_id: int | None = None) -> Tallied:
    """The drawn cases that were closed in a period, *since* inside, *until* not (whole seconds)."""
    columns = (TallyPart.draw_id, TallyPart.cases, TallyPart.records, TallyState.states)
    query = _current(select(*columns).join(TallyState).join(Draw, Draw.id == TallyPart.draw_id))
    first = None if since is None else int(since.timestamp())
    after = None if until is None else int(until.timestamp())
    if first is not None:
        query = query.where(TallyPart.last_closed >= first)
    if after is not None:
        query = query.where(TallyPart.first_closed < after)
    rows = [row for some in raw_rows(query.order_by(TallyPart.id), _ROWS) for row in some]
    found = _unpacked(rows)
    inside = found.record["agent"] == agent_id if agent_id is not None else found.record["agent"] != 0
    if first is not None:
        inside &= found.record["closed"] >= first
    if after is not None:
        inside &= found.record["closed"] < after
    return found if bool(inside.all()) else found.only(inside)


def _unpacked(rows: list[tuple[int, bytes, bytes, bytes]]) -> Tallied:
    cases = [np.frombuffer(row[1], tallies.CASE) for row in rows]
    return Tallied(
        np.repeat(np.array([row[0] for row in rows], dtype=np.int64), [len(part) for part in cases]),
        np.concatenate(cases) if cases else np.zeros(0, dtype=np.int64),
        np.frombuffer(b"".join(row[2] for row in rows), tallies.RECORD),
        np.frombuffer(b"".join(row[3] for row in rows), np.uint8),
        {number: word for word, number in tally_words.known().items()},
    )


def strata(draw_ids: Collection[int]) -> dict[int, Stratum]:
    """The strata of these draws, by inside number."""
    query = select(DrawStratum.id, Plan.name, DrawStratum.key, DrawStratum.frame)
    query = query.join(Draw, Draw.id == DrawStratum.draw_id).join(Plan, Plan.id == Draw.plan_id)
    query = query.where(Draw.id.in_(sorted(draw_ids)), DrawStratum.drawn > 0)
    return {row[0]: Stratum(*row[1:]) for some in raw_rows(query, _ROWS) for row in some}


def disputed() -> IntArray:
    """The drawn cases with an open dispute about the decision that stands."""
    query = (
        select(DrawCase.case_id)
        .join(Finding, Finding.case_id == DrawCase.case_id)
        .join(Dispute, Dispute.finding_id == Finding.id)
        .where(Dispute.state.in_(OPEN_DISPUTE), Finding.state != "replaced")
        .distinct()
    )
    return np.array(db.session.scalars(query).all(), dtype=np.int64)


def _current(query: Select[tuple[int, bytes, bytes, bytes]]) -> Select[tuple[int, bytes, bytes, bytes]]:
    measure = PlanVersion.purpose == "measure"
    query = query.join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    return query.where(Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")), measure)
