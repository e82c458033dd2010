"""Of whom something has changed since the last scan: what settled, what was drawn, what was done."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from calibration.models.signals import CorrectiveAction, Scan, Signal, Stream
from calibration.queries import agents
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase
from qa.models.truth import Settlement, Truth
from qa.queries.measured import ENDED

#: Who writes takes the time before the commit: so long before the last scan is looked at again.
OVERLAP = timedelta(minutes=10)


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


def agents_since(mark: datetime, now: datetime, *, patience: timedelta) -> set[int]:
    """Agents whose streams may read otherwise than at *mark*; those without a stream are always among them.

    An open case that was drawn *patience* ago holds its stream up no longer.
    """
    case = select(ClosedCase.agent_id).distinct().where(ClosedCase.agent_id.is_not(None))
    draws = select(Draw.id).where(or_(Draw.created_at >= mark, Draw.replaced_at >= mark))
    aged = select(Draw.id).where(Draw.created_at.between(mark - patience, now - patience))
    drawn = case.join(DrawCase, DrawCase.case_id == ClosedCase.id)
    asked = (
        case.join(Settlement, Settlement.case_id == ClosedCase.id).where(Settlement.changed_at >= mark),
        case.join(Truth, Truth.case_id == ClosedCase.id).where(
            or_(Truth.settled_at >= mark, Truth.replaced_at >= mark)
        ),
        drawn.where(DrawCase.draw_id.in_(draws)),
        drawn.join(Settlement, Settlement.case_id == ClosedCase.id).where(
            DrawCase.draw_id.in_(aged), Settlement.state.not_in(ENDED)
        ),
        select(Signal.agent_id).join(CorrectiveAction, CorrectiveAction.signal_id == Signal.id).where(
            CorrectiveAction.done_at >= mark
        ),
    )  # fmt: skip
    found: set[int] = set()
    for query in asked:
        found.update(db.session.scalars(query))
    return found | (set(agents.everybody()) - set(db.session.scalars(select(Stream.agent_id).distinct())))
