"""Drawn cases as columns, for the scan: a million of them as arrays, not as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, and_, select

from qa.core.db import db, raw_rows
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.queries.measured import ENDED

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

    *closed* and *drawn* are microseconds since 1970; *right* is 1, 0, or -1 where the level is not settled; *team* to
    *truth* are places in *words*.
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

    def at(self, places: IntArray | BoolArray) -> Columns:
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
        at = self._place[case_id]
        return Met(
            case_id, int(self.agent[at]), moment_of(int(self.closed[at])), int(self.number[at]),
            self.words[self.play[at]], self.words[self.decided[at]], self.words[self.truth[at]] or None,
        )  # fmt: skip


_ARRAYS = ("case", "agent", "team", "play", "tier", "decided", "truth", "closed", "number", "drawn", "right", "open",
           "critical")  # fmt: skip


def columns(level: str, as_of: datetime, *wanted: ColumnElement[bool]) -> Columns:
    """The drawn cases that were closed up to *as_of*, with what came out at one level; *wanted* narrows them."""
    draws = _draws()
    found: dict[str, list[Any]] = {name: [] for name in ("case", "draw", "agent", "closed", "number", "right")}
    words = ("team", "tier", "play", "decided", "truth", "state", "severity")
    texts: dict[str, list[int]] = {name: [] for name in words}
    code: dict[str, int] = {"": 0}
    for rows in raw_rows(_query(level, as_of, sorted(draws), wanted), _ROWS):
        for name, values in zip((*found, *texts), zip(*rows, strict=True), strict=True):
            if name in found:
                found[name] += values
            else:
                texts[name] += [code.setdefault("" if word is None else str(word), len(code)) for word in values]
    return _ordered(found, texts, draws, code)


def _draws() -> dict[int, int]:
    """Current random draws -> when they were made."""
    query = select(Draw.id, Draw.created_at).join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    query = query.where(Draw.replaced_at.is_(None), Draw.state.in_(("released", "complete")))
    rows = db.session.execute(query.where(PlanVersion.purpose.in_(AT_RANDOM)))
    return {draw_id: ticks(created_at) for draw_id, created_at in rows}


def _query(level: str, as_of: datetime, draws: list[int], wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    stands = and_(Truth.case_id == DrawCase.case_id, Truth.replaced_at.is_(None))
    return (
        select(
            DrawCase.case_id, DrawCase.draw_id, ClosedCase.agent_id, ClosedCase.closed_at, ClosedCase.number,
            _RIGHT[level], ClosedCase.agent_team_id, DrawCase.tier, ClosedCase.play_key, ClosedCase.decided_key,
            Truth.section_key, Settlement.state, ClosedCase.severity,
        )
        .select_from(DrawCase)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .outerjoin(Truth, stands)
        .where(DrawCase.draw_id.in_(draws), ClosedCase.agent_id.is_not(None), ClosedCase.closed_at <= as_of, *wanted)
    )  # fmt: skip


def _ordered(
    found: Mapping[str, list[Any]], texts: Mapping[str, list[int]], draws: Mapping[int, int], code: Mapping[str, int]
) -> Columns:
    whole = {name: np.array(found[name], dtype=np.int64) for name in ("case", "draw", "agent", "number")}
    text = {name: np.array(values, dtype=np.int64) for name, values in texts.items()}
    closed = _ticks(found["closed"])
    order = np.lexsort((whole["draw"], whole["case"], whole["number"], closed))
    first = np.ones(order.size, dtype=bool)
    first[1:] = np.diff(whole["case"][order]) != 0
    kept = order[first]
    state = text["state"][kept]
    settled = state == code.get("settled", -1)
    right = np.array([-1 if value is None else int(value) for value in found["right"]], dtype=np.int64)[kept]
    made = np.array([draws[number] for number in whole["draw"][kept].tolist()], dtype=np.int64)
    return Columns(
        whole["case"][kept], whole["agent"][kept], *(text[name][kept] for name in ("team", "play", "tier", "decided")),
        truth=text["truth"][kept], closed=closed[kept], number=whole["number"][kept], drawn=made,
        right=np.where(settled, right, -1), open=~np.isin(state, [code.get(word, -1) for word in ENDED]),
        critical=text["severity"][kept] == code.get("critical", -1), words=tuple(code),
    )  # fmt: skip


def _ticks(moments: Sequence[Any]) -> IntArray:
    """Microseconds since 1970 of moments as the driver gives them: texts in UTC, or moments."""
    if moments and isinstance(moments[0], str):
        return np.array(moments, dtype="datetime64[us]").astype(np.int64)
    return np.array([ticks(moment) for moment in moments], dtype=np.int64)
