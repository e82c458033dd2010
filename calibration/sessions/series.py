"""Sessions that come again every week with cases drawn at random, and what happens to sessions by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from calibration import precedents
from calibration.gold import gold
from calibration.models.sessions import CalibrationSession, SessionSeries
from calibration.sessions import cases as session_cases
from calibration.sessions import notices as session_notices
from calibration.sessions import people as session_people
from calibration.sessions import sessions
from qa.core import access, audit, clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.errors import ProductError
from qa.core.jobs import Work

#: So long before the deadline those are reminded whose votes are missing.
REMINDED = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Again:
    """When a session comes again, and with how many cases."""

    next_on: date
    size: int


def again(session_id: int) -> Again | None:
    """When the session comes again; None where it does not, or not any more."""
    mine = select(SessionSeries.next_on, SessionSeries.size).join(
        CalibrationSession, CalibrationSession.series_id == SessionSeries.id
    )
    row = db.session.execute(mine.where(CalibrationSession.id == session_id, SessionSeries.state == "live")).first()
    return None if row is None else Again(*row)


def begin(actor: Actor, first: CalibrationSession, *, size: int) -> SessionSeries:
    """Let a session come again every week with *size* cases, with the people, the rules and the time of the first."""
    days = max((first.deadline_at - clock.now()).days, 1)
    row = SessionSeries(
        title=first.title, host_id=first.host_id, size=size, days_open=min(days, 7), state="live",
        next_on=(clock.now() + WEEK).date(), rules={"tolerance": first.tolerance, "names_shown": first.names_shown},
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    first.series_id = row.id
    db.session.flush()
    audit.note(actor, "repeats", "session", first.public_id, size=size)
    return row


def end(actor: Actor, public_id: str) -> None:
    """Let a session come no more."""
    first = sessions.led(actor, public_id)
    row = db.session.get(SessionSeries, first.series_id) if first.series_id else None
    if row is not None and row.state == "live":
        row.state = "ended"
        db.session.flush()
        audit.note(actor, "ended_series", "session", public_id)


def open_due() -> int:
    """Open the next session of every series whose day has come; how many."""
    due = SessionSeries.state == "live", SessionSeries.next_on <= clock.now().date()
    rows = db.session.scalars(select(SessionSeries).where(*due).order_by(SessionSeries.id)).all()
    return sum(_open(row) for row in rows)


def _open(row: SessionSeries) -> bool:
    """The next session of a series. False where its host has left, or where it cannot be opened: then it stays a draft
    that its host is told of. A day that nobody was awake on does not move the days after it."""
    while row.next_on <= clock.now().date():
        row.next_on += WEEK
    host = access.actor(row.host_id)
    last = db.session.scalar(
        select(CalibrationSession)
        .where(CalibrationSession.series_id == row.id)
        .order_by(CalibrationSession.id.desc())
        .limit(1)
    )
    if host is None or last is None or not host.has("manager", "admin"):
        row.state = "ended"
        db.session.flush()
        return False
    made = sessions.create(
        host, title=f"{row.title}, {clock.now():%-d %b}", deadline_at=_deadline(row, last), kind=last.kind,
        series_id=row.id, names_shown=row.rules["names_shown"], tolerance=row.rules["tolerance"],
    )  # fmt: skip
    session_people.come_again(host, made, last)
    try:
        session_cases.add(host, made.public_id, how="random", size=row.size)
        sessions.start(host, made.public_id)
    except ProductError:
        session_notices.tell_host(made)
        return False
    return True


def _deadline(row: SessionSeries, last: CalibrationSession) -> datetime:
    """So many days from now, at the hour at which voting ended last time."""
    return datetime.combine(clock.now().date() + timedelta(days=row.days_open), last.deadline_at.timetz())


def keep_up(_work: Work) -> dict[str, Any]:
    """Close what is due, remind, open what comes again, and look after what leans on policies (a job)."""
    return {
        "closed": write(lambda: sessions.close_due(SYSTEM)),
        "reminded": write(lambda: sessions.remind(SYSTEM, before=clock.now() + REMINDED)),
        "opened": write(open_due),
        "precedents": write(lambda: precedents.follow_policies(SYSTEM)),
        "gold": write(lambda: gold.follow_policies(SYSTEM)),
    }
