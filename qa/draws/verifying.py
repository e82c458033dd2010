"""Repeating a finished draw: from its key or seed, its window and its stored counts, anybody gets the same cases."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy import select

from qa.core.db import db, write
from qa.core.errors import NotFound, ProductError, Refused
from qa.draws import apart, describing, designing, drawing, frames, sizing
from qa.draws.sizing import Design
from qa.models.cases import ClosedCase, ImportRun, NumberKey
from qa.models.plans import Draw, DrawCase, DrawStratum, PlanVersion
from qa.plans import plans
from qa.sampling.selection import numbering


@dataclass(frozen=True, slots=True)
class Verified:
    """What repeating a draw showed. *differs* names the first case or count that is not as it was stored."""

    draw_id: str
    cases: int
    strata: int
    numbers_checked: int
    differs: str | None


def verify(reference: str, *, key: str | None = None) -> Verified:
    """Repeat the draw at this address, or the newest of the plan with this name; outside any writing transaction.

    *key*: the hexadecimal key of the period; keys that were told already need not be given. The numbers of the whole
    frame are computed anew from each, the sizes from what the draw knew beforehand. Raises NotFound, or Refused for a
    key that is not the one that was promised.
    """
    row = describing.one(_address(reference))
    version = db.session.get_one(PlanVersion, row.version_id)
    draw = db.session.get_one(Draw, row.id)
    known, nameless = designing.stored(draw), draw.agents_lost_at is not None
    checked = sum(_check_numbers(row, one) for one in ([key] if key else _told(row)))
    wanted = {one.key: one.drawn for one in describing.strata(row.id)}
    stored_frames = _stored_frames(row.id)
    db.session.rollback()
    frame = frames.build(
        version, row.window_from, row.window_to, as_of=row.drawn_at, nameless=nameless,
        parted={} if known is None else apart.of(version, known.closer),
    )  # fmt: skip
    differs = _first_difference(row, frame, wanted, stored_frames)
    if differs is None:
        in_order = replace(frame, strata=list(stored_frames), counts=list(stored_frames.values()))
        differs = _other_size(version, in_order, known, wanted)
    db.session.rollback()
    write(lambda: frames.drop(version.id))  # it is that of a time that is over
    return Verified(row.public_id, sum(wanted.values()), len(wanted), checked, differs)


def _address(reference: str) -> str:
    known = db.session.scalar(select(Draw.public_id).where(Draw.public_id == reference))
    if known is not None:
        return known
    last = drawing.current_draw(plans.named(reference).id)
    if last is None:
        raise NotFound("draw")
    return last.public_id


def _stored_frames(draw_id: int) -> dict[str, int]:
    """Key of a stratum -> the cases that it held, in the order in which the draw had them."""
    stored = select(DrawStratum.key, DrawStratum.frame).where(DrawStratum.draw_id == draw_id).order_by(DrawStratum.id)
    return {row.key: row.frame for row in db.session.execute(stored)}


def _told(row: describing.DrawRow) -> list[str]:
    """The keys of a draw that were told."""
    return [one.key for one in describing.keys(row) if one.key is not None]


def _other_size(version: PlanVersion, frame: frames.Frame, known: Design | None, wanted: dict[str, int]) -> str | None:
    """The first stratum of which the rule takes another number of cases than were drawn."""
    if known is None:
        return None
    again = sizing.sizes(version, frame, known)
    for key in sorted(wanted, key=str.encode):
        if again.get(key, 0) != wanted[key]:
            return f"stratum {key}: {wanted[key]} cases were drawn, the rule takes {again.get(key, 0)}"
    return None


def _first_difference(
    row: describing.DrawRow, frame: frames.Frame, wanted: dict[str, int], stored: dict[str, int]
) -> str | None:
    for key in sorted({*frame.sizes, *stored}, key=str.encode):
        if frame.sizes.get(key, 0) != stored.get(key, 0):
            return f"stratum {key}: {stored.get(key, 0)} cases were stored, the frame holds {frame.sizes.get(key, 0)}"
    again = drawing.select_cases(frame, wanted)
    query = (
        select(
            ClosedCase.id,
            ClosedCase.external_id,
            DrawStratum.key,
            DrawCase.probability,
            DrawStratum.frame,
            DrawStratum.drawn,
        )
        .select_from(DrawCase)
        .join(DrawStratum, DrawStratum.id == DrawCase.stratum_id)
        .join(ClosedCase, ClosedCase.id == DrawCase.case_id)
        .where(DrawCase.draw_id == row.id)
    )
    kept, names = {}, {}
    for case_id, external_id, stratum, probability, held, drawn in db.session.execute(query):
        if probability != drawn / held:
            return f"case {external_id}: its probability is stored as {probability}, not {drawn}/{held}"
        kept[case_id], names[case_id] = stratum, external_id
    for one in again:
        if kept.pop(one.case_id, None) != one.stratum:
            missed = db.session.scalar(select(ClosedCase.external_id).where(ClosedCase.id == one.case_id))
            return f"case {missed} of stratum {one.stratum} should have been drawn"
    extra = sorted(names[case_id] for case_id in kept)
    return f"case {extra[0]} was not among the smallest numbers of its stratum" if extra else None


def _check_numbers(row: describing.DrawRow, key: str) -> int:
    """Compute every stored number of the window anew from its key; how many were checked."""
    if row.seed is not None:
        return 0
    try:
        digest = hashlib.sha256(bytes.fromhex(key)).hexdigest()
    except ValueError as error:
        raise ProductError("A key is written in hexadecimal digits.") from error
    if digest not in row.key_sha256:
        raise Refused("This is not the key whose SHA-256 was published before the draw.")
    query = (
        select(ClosedCase.source, ClosedCase.external_id, ClosedCase.number)
        .join(ImportRun, ImportRun.id == ClosedCase.run_id)
        .join(NumberKey, NumberKey.id == ImportRun.number_key_id)
        .where(NumberKey.sha256 == digest, ImportRun.published_at <= row.window_to)
    )
    if row.window_from is not None:
        query = query.where(ImportRun.published_at > row.window_from)
    checked, makers = 0, {}
    with db.session.execute(query.execution_options(yield_per=5000)) as rows:
        for source, external_id, number in rows:
            if source not in makers:
                makers[source] = numbering(bytes.fromhex(key), source)
            if makers[source](external_id) != number:
                raise Refused(f"case {external_id}: its stored number is not the one that the key gives")
            checked += 1
    return checked
