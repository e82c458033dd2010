"""Drawn cases as columns, for the scan: a million of them as arrays, not as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, and_, case, select

from qa.core.db import db, raw_rows
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.queries.measured import ENDED, in_force

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
#: Draws at random, whatever they are for; hand-picked cases never stand in a draw.
AT_RANDOM = ("measure", "find")
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_TICK = timedelta(microseconds=1)
_ROWS = 5000
_RIGHT = {"verdict": Truth.right_verdict, "policy": Truth.right_policy, "action": Truth.right_action}


def ticks(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // _TICK


def moment_of(tick: int) -> datetime:
    """The moment of so many microseconds since 1970."""
    return EPOCH + tick * _TICK


@dataclass(frozen=True, slots=True)
class Met:
    """One drawn case, as a signal tells of it."""

    case_id: int
    agent_id: int
    closed_at: datetime
    number: int
    play_key: str
    decided_key: str
    truth_key: str | None


@dataclass(frozen=True)
class Columns:
    """Drawn cases, each once, in its first draw, in order of closing, then number, then inside number.

    *closed* and *drawn* are microseconds since 1970; *right* is 1, 0, or -1 where the level is not settled; *team* is 0
    for none; *play* to *truth* are places in *words*, *truth* the first, which is empty, until it is settled.
    """

    case: IntArray
    agent: IntArray
    team: IntArray
    play: IntArray
    tier: IntArray
    decided: IntArray
    truth: IntArray
    closed: IntArray
    number: IntArray
    drawn: IntArray
    right: IntArray
    open: BoolArray
    critical: BoolArray
    words: Sequence[str]

    def __len__(self) -> int:
        return int(self.case.size)

    def at(self, places: IntArray | BoolArray | slice) -> Columns:
        """The cases of these places alone."""
        arrays = {name: getattr(self, name)[places] for name in _ARRAYS}
        return Columns(**arrays, words=self.words)

    @cached_property
    def _place(self) -> Mapping[int, int]:
        return {case_id: place for place, case_id in enumerate(self.case.tolist())}

    @cached_property
    def code(self) -> Mapping[str, int]:
        """The place of each word."""
        return {word: place for place, word in enumerate(self.words)}

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._place

    def one(self, case_id: int) -> Met:
        """The case of this inside number."""
        return self._met(self._place[case_id])

    def met(self, places: BoolArray) -> list[Met]:
        """The cases of these places, one by one."""
        return [self._met(at) for at in np.flatnonzero(places).tolist()]

    def _met(self, at: int) -> Met:
        return Met(
            int(self.case[at]), int(self.agent[at]), moment_of(int(self.closed[at])), int(self.number[at]),
            self.words[self.play[at]], self.words[self.decided[at]], self.words[self.truth[at]] or None,
        )  # fmt: skip


_ARRAYS = ("case", "agent", "team", "play", "tier", "decided", "truth", "closed", "number", "drawn", "right", "open",
           "critical")  # fmt: skip


def columns(level: str, as_of: datetime, *wanted: ColumnElement[bool]) -> Columns:
    """The drawn cases that were closed up to *as_of*, with what came out at one level; *wanted* narrows them."""
    draws = _draws()
    found: dict[str, list[Any]] = {name: [] for name in _ASKED}
    code: dict[str | None, int] = {None: 0, "": 0}
    for rows in raw_rows(_query(level, as_of, sorted(draws), wanted), _ROWS):
        for name, values in zip(_ASKED, zip(*rows, strict=True), strict=True):
            found[name] += [_coded(code, word) for word in values] if name in _WORDS else values
    del code[None]
    return _ordered(found, draws, [str(word) for word in code])


def of_cases(*wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Narrow to some of the cases, which are looked up first: without it a database may read all of every draw."""
    return DrawCase.case_id.in_(select(ClosedCase.id).where(*wanted))


#: What is asked of each case; words come as their places in a list of all words.
_ASKED = ("case", "draw", "agent", "closed", "number", "right", "fate", "critical", "team", "tier", "play", "decided",
          "truth")  # fmt: skip
_WORDS = ("tier", "play", "decided", "truth")
_OPEN, _SETTLED, _LOST = 0, 1, 2


def _coded(code: dict[str | None, int], word: str | None) -> int:
    """The place of a word, a new one where nobody used it before."""
    at = code.get(word)
    if at is None:
        at = code[word] = len(code) - 1
    return at


def _draws() -> dict[int, int]:
    """Current random draws -> when they were made."""
    query = select(Draw.id, Draw.created_at).join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    rows = db.session.execute(query.where(*in_force(*AT_RANDOM)))
    return {draw_id: ticks(created_at) for draw_id, created_at in rows}


def _query(level: str, as_of: datetime, draws: list[int], wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """One row a selection. What was decided and settled is asked only where it is not the policy in play."""
    fate = case((Settlement.state == "settled", _SETTLED), (Settlement.state.in_(ENDED), _LOST), else_=_OPEN)
    critical = case((ClosedCase.severity == "critical", 1), else_=0)
    decided = case((ClosedCase.decided_key != ClosedCase.play_key, ClosedCase.decided_key))
    truth = case((Truth.section_key != ClosedCase.play_key, Truth.section_key))
    stands = and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None))
    return (
        select(
            DrawCase.case_id, DrawCase.draw_id, ClosedCase.agent_id, ClosedCase.closed_at, ClosedCase.number,
            _RIGHT[level], fate, critical, ClosedCase.agent_team_id, DrawCase.tier, ClosedCase.play_key, decided, truth,
        )
        .select_from(DrawCase)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .outerjoin(Truth, stands)
        .where(DrawCase.draw_id.in_(draws), ClosedCase.agent_id.is_not(None), ClosedCase.closed_at <= as_of, *wanted)
    )  # fmt: skip


def _ordered(found: Mapping[str, list[Any]], draws: Mapping[int, int], words: Sequence[str]) -> Columns:
    whole = {name: np.array(found[name], dtype=np.int64) for name in _ASKED if name not in ("closed", "right", "team")}
    closed = _ticks(found["closed"])
    order = np.lexsort((whole["draw"], whole["case"], whole["number"], closed))
    first = np.ones(order.size, dtype=bool)
    first[1:] = np.diff(whole["case"][order]) != 0
    kept = order[first]
    told = {name: values[kept] for name, values in whole.items()}
    settled = told["fate"] == _SETTLED
    right = np.array([-1 if value is None else int(value) for value in found["right"]], dtype=np.int64)[kept]
    made, place = np.unique(told["draw"], return_inverse=True)
    play, truth = told["play"], told["truth"]
    return Columns(
        told["case"], told["agent"], np.array([value or 0 for value in found["team"]], dtype=np.int64)[kept], play,
        told["tier"], np.where(told["decided"] == 0, play, told["decided"]),
        truth=np.where(settled, np.where(truth == 0, play, truth), 0), closed=closed[kept], number=told["number"],
        drawn=np.array([draws[number] for number in made.tolist()], dtype=np.int64)[place],
        right=np.where(settled, right, -1), open=told["fate"] == _OPEN, critical=told["critical"] == 1,
        words=tuple(words),
    )  # fmt: skip


def _ticks(moments: Sequence[Any]) -> IntArray:
    """Microseconds since 1970 of moments as the driver gives them: texts in UTC, or moments."""
    if moments and isinstance(moments[0], str):
        return np.array(moments, dtype="datetime64[us]").astype(np.int64)
    return np.array([ticks(moment) for moment in moments], dtype=np.int64)
