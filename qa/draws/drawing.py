"""One run of a plan: the smallest numbers of each stratum, kept with their probabilities, and blind tasks for them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Integer, bindparam, func, insert, select

from qa import scanning
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, raw_asker, write
from qa.core.errors import Refused
from qa.draws import apart, cells, designing, frames, sizing, tasks, windows
from qa.draws.frames import Frame
from qa.draws.sizing import Design
from qa.models.cases import ClosedCase, ImportRun, NumberKey
from qa.models.plans import Draw, DrawCase, DrawStratum, FramePart, Plan, PlanVersion
from qa.models.truth import Settlement
from qa.plans import plans
from qa.plans.parts import days_to_spread_over
from qa.sampling.selection import SPAN, key_sha256, seed_key
from qa.scanning import Scan
from qa.tallies import tallies

#: Cases of one draw, at most: all of it is stored in one transaction.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that a draw takes."""

    case_id: int
    number: int
    stratum: str


def draw(actor: Actor, plan_name: str, *, as_of: datetime | None = None, spread: bool = False) -> str:
    """Draw from the cases framed since the plan's last draw, up to *as_of* (now); the draw's address.

    *spread*: its tasks come into the queues over the working days of the plan's period instead of all at once.

    When nothing was framed since and the plan has grown, the last draw is made again over its own window, larger, and
    holds all that it held. Outside any writing transaction: the frame is built first, in batches.

    Raises NotFound, or Refused when there is nothing to draw.
    """
    plan = plans.named(plan_name)
    version = plans.newest_version(plan.id)
    if version is None or plan.state != "live":
        raise Refused("This plan is not live.")
    start = windows.next_start(version)
    end = as_of or clock.now()
    db.session.rollback()
    if start is not None and end <= start:
        return _grow(actor, plan, version)
    known = designing.design(version, start, end)
    frame = frames.build(version, start, end, parted=apart.of(version, known.closer))
    if frame.size == 0:
        return _grow(actor, plan, version)
    scan = _look_through(version, frame, known)
    return write(lambda: _store(actor, plan, version, frame, known, scan, no=1, spread=spread))


def _grow(actor: Actor, plan: Plan, version: PlanVersion) -> str:
    """Make the last draw again, larger, over the same window."""
    last = current_draw(plan.id)
    if last is None:
        raise Refused("There are no eligible cases yet.")
    if last.plan_version_id == version.id:
        raise Refused("No eligible cases have come since the last draw, and the plan is the same.")
    if not can_grow(last, version):
        raise Refused("A window that was drawn can only grow: filter, strata, tiers and seed must stay as they were.")
    window_from, window_to, number = last.window_from, last.window_to, last.no
    known = designing.stored(last) or designing.design(version, window_from, window_to)
    db.session.rollback()
    frame = frames.build(version, window_from, window_to, parted=apart.of(version, known.closer))
    scan = _look_through(version, frame, known)
    return write(lambda: _store(actor, plan, version, frame, known, scan, no=number + 1))


def can_grow(last: Draw, version: PlanVersion) -> bool:
    """Whether a window that was drawn can be drawn again by *version*: from the same cases, split in the same way."""
    before = db.session.get_one(PlanVersion, last.plan_version_id)
    split = (before.strata, before.tiers, before.filter, before.seed)
    return split == (version.strata, version.tiers, version.filter, version.seed)


def _look_through(version: PlanVersion, frame: Frame, known: Design) -> Scan:
    """What could tell the outcome in the texts of the cases that will be taken: before anybody waits for the lock."""
    taken = select_cases(frame, sizing.sizes(version, frame, known))
    scan = scanning.look_through([one.case_id for one in taken])
    db.session.rollback()
    return scan


def current_draw(plan_id: int) -> Draw | None:
    """The plan's newest draw."""
    query = select(Draw).where(Draw.plan_id == plan_id, Draw.replaced_at.is_(None))
    return db.session.scalar(query.order_by(Draw.window_to.desc()).limit(1))


def _store(
    actor: Actor, plan: Plan, version: PlanVersion, frame: Frame, known: Design, scan: Scan, *, no: int,
    spread: bool = False,
) -> str:  # fmt: skip
    wanted = sizing.sizes(version, frame, known)
    if sum(wanted.values()) > MOST:
        raise Refused(f"This would draw {sum(wanted.values())} cases; a draw takes at most {MOST}.")
    before = db.session.scalar(
        select(Draw).where(Draw.plan_id == plan.id, Draw.window_to == frame.window_to, Draw.replaced_at.is_(None))
    )
    if before is not None:
        before.replaced_at = clock.now()
        db.session.flush()
    row = Draw(
        plan_id=plan.id, plan_version_id=version.id, window_from=frame.window_from, window_to=frame.window_to, no=no,
        state="released", frame_size=frame.size, excluded=frame.excluded, seed=version.seed,
        key_sha256=key_hashes(version, frame), design=known.as_stored(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    taken = select_cases(frame, wanted)
    _keep(before, taken)
    drawn = _store_cases(row, version, frame, wanted, taken)
    spread_over = days_to_spread_over(version.schedule, clock.now()) if spread and version.schedule else [clock.now()]
    scanning.keep(scan, of=[one.case_id for one in taken])
    tasks.open_all(drawn, {one.case_id: one.number for one in taken}, spread_over)
    tallies.drawn(row.id)
    frames.drop(version.id)
    audit.note(actor, "drew", "draw", row.public_id, frame=frame.size, drawn=len(taken), plan=plan.public_id)
    return row.public_id


def select_cases(frame: Frame, wanted: dict[str, int]) -> list[Taken]:
    """The cases with the smallest numbers of every stratum, strata in the order of their bytes.

    Reads just the beginning of each stratum: 8 bytes a case.
    """
    columns = FramePart.__table__.c
    first = bindparam("bytes", type_=Integer)
    query = select(func.substr(columns.numbers, 1, first), func.substr(columns.cases, 1, first))
    query = query.where(
        columns.plan_version_id == frame.version_id, columns.stratum == bindparam("place", type_=Integer)
    )
    found: list[Taken] = []
    ask = raw_asker(query)
    for place, key in enumerate(frame.strata):
        if wanted.get(key):
            ((numbers, case_ids),) = ask(bytes=8 * wanted[key], place=place)
            pairs = zip(np.frombuffer(case_ids, "<i8").tolist(), np.frombuffer(numbers, "<i8").tolist(), strict=True)
            found += [Taken(case_id, number, key) for case_id, number in pairs]
    return found


def key_hashes(version: PlanVersion, frame: Frame) -> list[str]:
    """SHA-256 of each key whose numbers were compared: the promise that a draw was not chosen by hand."""
    if version.seed is not None:
        return [key_sha256(seed_key(version.seed))]
    query = (
        select(NumberKey.sha256)
        .join(ImportRun, ImportRun.number_key_id == NumberKey.id)
        .where(ImportRun.state == "published", ImportRun.published_at <= frame.window_to)
    )
    if frame.window_from is not None:
        query = query.where(ImportRun.published_at > frame.window_from)
    return sorted(set(db.session.scalars(query)))


def _keep(before: Draw | None, taken: list[Taken]) -> None:
    """A larger draw holds the smaller one; anything else is a mistake that must not be stored."""
    if before is None:
        return
    held = set(db.session.scalars(select(DrawCase.case_id).where(DrawCase.draw_id == before.id)))
    if not held <= {one.case_id for one in taken}:
        raise Refused("The new draw would leave out cases that were drawn already; a window can only grow.")


def _store_cases(
    row: Draw, version: PlanVersion, frame: Frame, wanted: dict[str, int], taken: list[Taken]
) -> list[dict[str, Any]]:
    """Keep the strata and the cases with their probabilities; the cases."""
    sizes = frame.sizes
    strata = [
        {
            "draw_id": row.id, "key": key, "frame": sizes[key], "drawn": wanted.get(key, 0),
            "probability": wanted.get(key, 0) / sizes[key], "created_at": clock.now(),
        }
        for key in sorted(sizes)
    ]  # fmt: skip
    stored = db.session.execute(insert(DrawStratum).returning(DrawStratum.key, DrawStratum.id), strata)
    stratum_ids = {row.key: row.id for row in stored}
    tiers = _tiers(version, [one.case_id for one in taken])
    drawn = [
        {
            "draw_id": row.id, "case_id": one.case_id, "stratum_id": stratum_ids[one.stratum],
            "tier": tiers[one.case_id], "probability": wanted[one.stratum] / sizes[one.stratum],
            "looks": version.looks + _is_overlap(one.number, version.overlap_share), "created_at": clock.now(),
        }
        for one in taken
    ]  # fmt: skip
    if drawn:
        db.session.execute(insert(DrawCase), drawn)
    return drawn


def _is_overlap(number: int, share: float) -> bool:
    """Whether a drawn case gets one more planned look: by its number alone, so that a larger draw keeps the choice."""
    digest = hashlib.sha256(b"overlap" + number.to_bytes(8, "big")).digest()
    return (int.from_bytes(digest[:8], "big") >> 1) < share * SPAN


def _tiers(version: PlanVersion, case_ids: list[int]) -> dict[int, str]:
    """Case -> the tier that it stands in."""
    rule = plans.rule_of(version)
    if not rule.tiers:
        return dict.fromkeys(case_ids, "all")
    reader = cells.Reader(sorted(set().union(*(tier.when.columns for tier in rule.tiers))))
    found: dict[int, str] = {}
    for start in range(0, len(case_ids), 500):
        part = case_ids[start : start + 500]
        query = cells.cells_query(reader.columns, ClosedCase.id).where(ClosedCase.id.in_(part))
        for case_id, *values in db.session.execute(query):
            found[case_id] = rule.tier(reader.row(values))
    return found


def open_share(draw_id: int) -> tuple[int, int]:
    """(cases still open, cases drawn) of a draw."""
    states = select(Settlement.state, func.count()).join(DrawCase, DrawCase.case_id == Settlement.case_id)
    counts = dict(
        row._tuple() for row in db.session.execute(states.where(DrawCase.draw_id == draw_id).group_by(Settlement.state))
    )
    ended = sum(count for state, count in counts.items() if state in ("settled", "ungradable", "unreached"))
    return sum(counts.values()) - ended, sum(counts.values())
