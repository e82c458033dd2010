"""A draw in words and figures, as commands, pages and auditors read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select, true

from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import NumberKey
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Settlement


@dataclass(frozen=True, slots=True)
class DrawRow:
    """One draw, without its cases."""

    id: int
    public_id: str
    plan: str
    plan_public_id: str
    version_id: int
    version_no: int
    purpose: str
    window_from: datetime | None
    window_to: datetime
    no: int
    state: str
    frame_size: int
    excluded: dict[str, int]
    seed: str | None
    key_sha256: tuple[str, ...]
    drawn_at: datetime
    replaced_at: datetime | None
    #: What the sizes were made of besides the rule and the frame; empty for a draw that kept nothing.
    design: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The key behind numbers that a draw compared: promised by its hash, told when its period is over."""

    period: str
    sha256: str
    promised_at: datetime
    ends_at: datetime
    #: None while it is secret.
    key: str | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class StratumRow:
    """One stratum of a draw."""

    key: str
    frame: int
    drawn: int
    probability: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the cases of a draw are."""

    drawn: int
    open: int
    settled: int
    lost: int

    @property
    def is_complete(self) -> bool:
        """Whether a figure of it is final: at most 2 % are open."""
        return self.drawn > 0 and self.open <= 0.02 * self.drawn


def _rows() -> Select[Any]:
    return (
        select(
            Draw.id, Draw.public_id, Plan.name, Plan.public_id, PlanVersion.id, PlanVersion.no, PlanVersion.purpose,
            Draw.window_from, Draw.window_to, Draw.no, Draw.state, Draw.frame_size, Draw.excluded, Draw.seed,
            Draw.key_sha256, Draw.created_at, Draw.replaced_at, Draw.design,
        )
        .join(Plan, Plan.id == Draw.plan_id)
        .join(PlanVersion, PlanVersion.id == Draw.plan_version_id)
    )  # fmt: skip


def _row(values: Any) -> DrawRow:
    return DrawRow(*values[:14], tuple(values[14]), *values[15:])


def one(public_id: str) -> DrawRow:
    """The draw at this address. Raises NotFound."""
    found = db.session.execute(_rows().where(Draw.public_id == public_id)).first()
    if found is None:
        raise NotFound("draw")
    return _row(found)


def of_plan(plan_public_id: str) -> list[DrawRow]:
    """The draws of a plan, the newest first."""
    query = _rows().where(Plan.public_id == plan_public_id).order_by(Draw.window_to.desc(), Draw.no.desc())
    return [_row(found) for found in db.session.execute(query)]


def newest() -> dict[str, DrawRow]:
    """Address of a plan -> its newest draw, of all plans that have drawn."""
    place = func.row_number().over(partition_by=Draw.plan_id, order_by=(Draw.window_to.desc(), Draw.no.desc()))
    numbered = select(Draw.id, place.label("place")).subquery()
    query = _rows().join(numbered, numbered.c.id == Draw.id).where(numbered.c.place == 1)
    rows = [_row(found) for found in db.session.execute(query)]
    return {row.plan_public_id: row for row in rows}


def keys(row: DrawRow) -> list[KeyRow]:
    """The keys of a draw by period, as far as they are known here: none for a seed."""
    query = select(NumberKey).where(NumberKey.sha256.in_(row.key_sha256)).order_by(NumberKey.period)
    return [
        KeyRow(
            one.period, one.sha256, one.published_at, one.ends_at,
            one.key if one.revealed_at is not None else None, one.revealed_at,
        )
        for one in db.session.scalars(query)
    ]  # fmt: skip


def strata(draw_id: int) -> list[StratumRow]:
    """The strata of a draw, in the order of their keys' bytes."""
    columns = (DrawStratum.key, DrawStratum.frame, DrawStratum.drawn, DrawStratum.probability)
    rows = [StratumRow(*row) for row in db.session.execute(select(*columns).where(DrawStratum.draw_id == draw_id))]
    return sorted(rows, key=lambda row: row.key.encode())


def progress(draw_ids: list[int], *, known_at: datetime | None = None) -> dict[int, Progress]:
    """How far each of these draws is, in one statement.

    *known_at*: what changed later counts as still open; None: nothing does.
    """
    known = true() if known_at is None else Settlement.changed_at < known_at
    state = case((known, Settlement.state), else_="open").label("state")
    query = (
        select(DrawCase.draw_id, state, func.count())
        .join(Settlement, Settlement.case_id == DrawCase.case_id)
        .where(DrawCase.draw_id.in_(draw_ids))
        .group_by(DrawCase.draw_id, state)
    )
    counts: dict[int, dict[str, int]] = {draw_id: {} for draw_id in draw_ids}
    for draw_id, state, count in db.session.execute(query):
        counts[draw_id][state] = count
    return {draw_id: _progress(states) for draw_id, states in counts.items()}


def _progress(states: dict[str, int]) -> Progress:
    settled, lost = states.get("settled", 0), states.get("ungradable", 0) + states.get("unreached", 0)
    drawn = sum(states.values())
    return Progress(drawn, drawn - settled - lost, settled, lost)
