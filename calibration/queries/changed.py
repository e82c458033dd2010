"""Of whom something has changed since the last scan: what settled, what was drawn, what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from calibration.models.signals import CorrectiveAction, Scan, Signal, Stream
from calibration.queries import agents
from calibration.queries.stream_columns import EPOCH
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase
from qa.models.truth import Settlement, Truth
from qa.queries.measured import ENDED

#: Who writes takes the time before the commit: so long before the last scan is looked at again.
OVERLAP = timedelta(minutes=10)
#: Before every case.
ALL_ALONG = EPOCH


def last_scan(level: str, full_since: datetime) -> datetime | None:
    """When the last scan looked, if everybody was looked at on this level from *full_since* on; else None."""
    full = select(Scan.id).where(Scan.is_full, Scan.level == level, Scan.looked_at >= full_since)
    newest = select(Scan.looked_at, Scan.level).order_by(Scan.looked_at.desc(), Scan.id.desc()).limit(1)
    row = db.session.execute(newest).first()
    if row is None or row.level != level or db.session.scalar(full.limit(1)) is None:
        return None
    moment: datetime = row.looked_at
    return moment - OVERLAP


def newest_scan() -> datetime | None:
    """When somebody last looked for drops."""
    return db.session.scalar(select(func.max(Scan.looked_at)))


def agents_since(mark: datetime, now: datetime, *, patience: timedelta) -> dict[int, datetime]:
    """Agents whose streams may read otherwise than at *mark*, and when the first case that says so was closed.

    `ALL_ALONG` where it is no case: somebody without a stream, or after a lesson. An open case that was drawn
    *patience* ago holds its stream up no longer.
    """
    found: dict[int, datetime] = {}
    for query in _changes(mark, now, patience):
        for agent_id, first in db.session.execute(query):
            if agent_id is not None:
                found[agent_id] = min(first, found.get(agent_id, first))
    lessons = select(Signal.agent_id).join(CorrectiveAction, CorrectiveAction.signal_id == Signal.id)
    taught = db.session.scalars(lessons.where(CorrectiveAction.done_at >= mark, Signal.agent_id.is_not(None)))
    unknown = set(agents.everybody()) - set(db.session.scalars(select(Stream.agent_id).distinct()))
    return found | dict.fromkeys({*taught, *unknown}, ALL_ALONG)


def _changes(mark: datetime, now: datetime, patience: timedelta) -> Iterator[Select[Any]]:
    """(agent, first closing) of the cases that settled, reopened, were drawn or left out, or wait no longer.

    The changed ones are looked up first: an index of agents would lead through every case.
    """
    draws = select(Draw.id).where(or_(Draw.created_at >= mark, Draw.replaced_at >= mark))
    aged = select(Draw.id).where(Draw.created_at.between(mark - patience, now - patience))
    waiting = select(DrawCase.case_id).join(Settlement, Settlement.case_id == DrawCase.case_id)
    for case_ids in (
        select(Settlement.case_id).where(Settlement.changed_at >= mark),
        select(Truth.case_id).where(Truth.settled_at >= mark),
        select(Truth.case_id).where(Truth.replaced_at >= mark),
        select(DrawCase.case_id).where(DrawCase.draw_id.in_(draws)),
        waiting.where(DrawCase.draw_id.in_(aged), Settlement.state.not_in(ENDED)),
    ):
        first = select(ClosedCase.agent_id, func.min(ClosedCase.closed_at)).where(ClosedCase.id.in_(case_ids))
        yield first.group_by(ClosedCase.agent_id)
