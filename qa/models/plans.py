"""Plans, draws and their weights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from qa.core.columns import keeping, one_where, public_id, refers, words
from qa.core.db import Row, db


class Plan(Row, db.Model):
    """The standing rule by which cases are drawn."""

    __tablename__ = "plan"

    public_id: Mapped[str] = public_id()
    name: Mapped[str] = keeping(String(200), unique=True)
    state: Mapped[str] = words("state", "draft", "live", "paused", "retired")


class PlanVersion(Row, db.Model):
    """The rule as it stood when a draw was made."""

    __tablename__ = "plan_version"

    plan_id: Mapped[int] = refers("plan.id", index=False)
    no: Mapped[int] = keeping()
    purpose: Mapped[str] = words("purpose", "measure", "find")
    filter: Mapped[dict[str, Any]] = keeping()
    strata: Mapped[list[Any]] = keeping()
    #: [{"name": .., "when": ..}], first match wins.
    tiers: Mapped[list[Any]] = keeping()
    #: Exactly one of {"size"}, {"per_agent_week"}, {"half_width"}; maybe "of", and "since": the day from which the
    #: first window takes cases.
    sizing: Mapped[dict[str, Any]] = keeping()
    min_per_stratum: Mapped[int] = keeping(default=0)
    allocation: Mapped[str] = words("allocation", "proportional", "equal", "neyman", "risk")
    overlap_share: Mapped[float] = keeping(default=0.0)
    #: Planned blind grades a case, before any overlap.
    looks: Mapped[int] = keeping(default=1)
    schedule: Mapped[dict[str, Any] | None] = keeping(nullable=True)
    #: Share of known-answer cases that the queue mixes in beside what is drawn.
    gold_share: Mapped[float] = keeping(default=0.0)
    #: The fields of `Intensity`; None: everybody alike.
    intensity: Mapped[dict[str, Any] | None] = keeping(nullable=True)
    #: Tests and demonstration only; without it the key of the period is used.
    seed: Mapped[str | None] = keeping(String(100))
    by_id: Mapped[int | None] = refers("person.id", nullable=True, index=False)

    __table_args__ = (UniqueConstraint("plan_id", "no"),)


class PlanBoost(Row, db.Model):
    """More of one agent's cases, asked for by somebody or something, from the next window on and never inside one."""

    __tablename__ = "plan_boost"

    plan_id: Mapped[int] = refers("plan.id")
    agent_id: Mapped[int] = refers("person.id", "person")
    #: The policy in play whose cases are meant; None: all of the agent's.
    section_key: Mapped[str | None] = keeping(String(400))
    #: Their share of a draw is multiplied by this.
    factor: Mapped[float] = keeping()
    #: Windows that begin at this moment or later, and before the other.
    from_at: Mapped[datetime | None] = keeping()
    to_at: Mapped[datetime | None] = keeping()
    #: What asked for it: a word and an address, like "signal 3f2a".
    origin: Mapped[str] = keeping(String(200))

    __table_args__ = (UniqueConstraint("plan_id", "agent_id", "origin"),)


class Draw(Row, db.Model):
    """One run of a plan over a window of framed time."""

    __tablename__ = "draw"

    public_id: Mapped[str] = public_id()
    plan_id: Mapped[int] = refers("plan.id", index=False)
    plan_version_id: Mapped[int] = refers("plan_version.id")
    #: A case is framed when its run is published; windows of a plan touch and never overlap. None: since ever.
    window_from: Mapped[datetime | None] = keeping()
    window_to: Mapped[datetime] = keeping()
    no: Mapped[int] = keeping(default=1)
    state: Mapped[str] = words("state", "selected", "scanned", "released", "complete")
    frame_size: Mapped[int] = keeping()
    #: Counts of what the frame left out, by reason.
    excluded: Mapped[dict[str, Any]] = keeping()
    #: The SHA-256 of each key whose numbers were compared.
    key_sha256: Mapped[list[Any]] = keeping()
    seed: Mapped[str | None] = keeping(String(100))
    #: What the sizes were made of besides the rule and the frame: the fields of `Design`.
    design: Mapped[dict[str, Any]] = keeping(default=dict)
    replaced_at: Mapped[datetime | None] = keeping()
    #: `qa.draws.losing`: since when its strata call agents by words that stand for nobody known.
    agents_lost_at: Mapped[datetime | None] = keeping()

    __table_args__ = (
        UniqueConstraint("plan_id", "window_to", "no"),
        one_where("uq_draw_current", "plan_id", "window_to", where="replaced_at IS NULL"),
    )


class DrawStratum(Row, db.Model):
    """A stratum of a draw; its probability is drawn / frame, exactly."""

    __tablename__ = "draw_stratum"

    draw_id: Mapped[int] = refers("draw.id", index=False)
    key: Mapped[str] = keeping(String(500))
    frame: Mapped[int] = keeping()
    drawn: Mapped[int] = keeping()
    probability: Mapped[float] = keeping()

    __table_args__ = (UniqueConstraint("draw_id", "key"),)


class DrawCase(Row, db.Model):
    """A drawn case with its chance. Weights live here, answers do not."""

    __tablename__ = "draw_case"

    draw_id: Mapped[int] = refers("draw.id", index=False)
    case_id: Mapped[int] = refers("closed_case.id")
    stratum_id: Mapped[int] = refers("draw_stratum.id")
    tier: Mapped[str] = keeping(String(64), default="all")
    probability: Mapped[float] = keeping()
    #: Planned blind grades of this case, at least one.
    looks: Mapped[int] = keeping()

    __table_args__ = (UniqueConstraint("draw_id", "case_id"),)


class FramePart(db.Model):
    """One stratum of a plan's open window, packed: the numbers of its cases in their order, and the cases beside them.

    A working table: built by a job after an import, dropped when the draw is made, rebuilt for verification. Packed it
    is written in one short transaction, and a draw reads just the beginning of each stratum.
    """

    __tablename__ = "frame_part"

    plan_version_id: Mapped[int] = refers("plan_version.id", primary_key=True, index=False, autoincrement=False)
    #: Place of the stratum's key in `frame_state.strata`.
    stratum: Mapped[int] = keeping(primary_key=True, autoincrement=False)
    #: Little-endian 64-bit integers, ascending.
    numbers: Mapped[bytes] = keeping(LargeBinary)
    #: The cases' inside numbers, likewise, in the same order.
    cases: Mapped[bytes] = keeping(LargeBinary)


class FrameState(Row, db.Model):
    """What the frame table of a plan version holds."""

    __tablename__ = "frame_state"

    plan_version_id: Mapped[int] = refers("plan_version.id", unique=True, index=False)
    window_from: Mapped[datetime | None] = keeping()
    #: Cases framed up to this moment are in.
    window_to: Mapped[datetime] = keeping()
    #: Keys of the strata; a stratum's number is its place here.
    strata: Mapped[list[Any]] = keeping()
    #: Cases by stratum number.
    counts: Mapped[list[Any]] = keeping()
    excluded: Mapped[dict[str, Any]] = keeping()
    #: When the earliest case of the frame was closed.
    first_closed_at: Mapped[datetime | None] = keeping()
    #: Agent -> the policies whose cases have strata of their own (`qa.draws.apart`).
    apart: Mapped[dict[str, Any] | None] = keeping(nullable=True)
