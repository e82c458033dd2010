"""Jobs of reports: making those that are wished for, telling who they are for, and seeing what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from calibration.models.reports import ReportCopy, ReportReader, ReportRecipient, ReportWish
from calibration.reports import composing, keeping, wishes
from calibration.reports.wishes import MAKE
from qa.core import audit, clock, jobs
from qa.core.access import SYSTEM, Actor, actor
from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.core.notices import notify

DUE, COMPARE = "reports.due", "reports.compare"
KIND = "report"
#: Kept reports whose figures are looked at again, so long after they were made, and so many.
LOOKED_AT, MOST_LOOKED_AT = timedelta(days=92), 20


def ask_due(_work: jobs.Work) -> dict[str, Any]:
    """The job that asks for the reports whose time has come."""
    waiting = wishes.due(clock.now())
    db.session.rollback()
    for one in waiting:
        write(lambda one=one: jobs.enqueue(SYSTEM, MAKE, {"wish": one}, dedupe_key=f"{MAKE}:{one}"))
    return {"asked": len(waiting)}


def make(work: jobs.Work, wish: str) -> dict[str, Any]:
    """The job that makes a wished report, keeps it and tells its recipients."""
    row = db.session.scalar(select(ReportWish).where(ReportWish.public_id == wish))
    if row is None:
        raise NotFound("report")
    now = clock.now()
    due = None if row.every == "once" else wishes.due_at(row, now)
    if due is not None and (row.state != "live" or due <= (row.last_due_at or row.created_at)):
        return {"made": None}
    if row.every == "once" and db.session.scalar(select(ReportCopy.id).where(ReportCopy.wish_id == row.id)):
        return {"made": None}
    kind, names, own, days = row.kind, row.named, list(row.own), wishes.days_of(row, now)
    row_id, by_id = row.id, row.by_id
    people = list(db.session.scalars(select(ReportRecipient.person_id).where(ReportRecipient.wish_id == row_id)))
    report = composing.compose(kind, days, names=keeping.names_shown(names), own=own, tell=_told(work))
    db.session.rollback()

    def store() -> str:
        made = keeping.store(SYSTEM, report, named=keeping.names_shown(names), by_id=by_id)
        made.wish_id = row_id
        db.session.execute(update(ReportWish).where(ReportWish.id == row_id).values(last_due_at=due))
        _send(made, people)
        return str(made.public_id)

    return {"made": write(store)}


def _told(work: jobs.Work) -> composing.Tell:
    """Say how far it is, in a transaction of its own: the one that reads must not end."""

    def tell(done: int, of: int, line: str) -> None:
        with current_app.app_context():
            work.progress(done, of, line)

    return tell


def send(by: Actor, public_id: str, to: Sequence[str]) -> int:
    """Send a kept report to the people at *to*; to how many it went anew. Raises NotFound, BadInput."""
    row = db.session.scalar(select(ReportCopy).where(ReportCopy.public_id == public_id))
    if row is None or keeping.why_not(by):
        raise NotFound("report")
    people = wishes.checked(to, named=row.named)
    new = _send(row, [one.id for one in people if one.id is not None])
    audit.note(by, "sent", "report", public_id, recipients=new)
    return new


def _send(row: ReportCopy, people: Sequence[int]) -> int:
    """Note whom it goes to, and leave each a line; who may not read it any more is passed over."""
    known = set(db.session.scalars(select(ReportReader.person_id).where(ReportReader.copy_id == row.id)))
    new = [one for one in people if one not in known and _may(one, row)]
    db.session.add_all(ReportReader(copy_id=row.id, person_id=one) for one in new)
    db.session.flush()
    for one in new:
        notify.tell(
            person_id=one, kind=KIND, object_ref=row.public_id, line=_line(row), url=f"/reports/{row.public_id}",
            dedupe_key=f"report:{row.public_id}:{one}",
        )  # fmt: skip
    return len(new)


def _may(person_id: int, row: ReportCopy) -> bool:
    who = actor(person_id)
    return who is not None and wishes.may_read(who, named=row.named)


def _line(row: ReportCopy) -> str:
    return f"{composing.KINDS[row.kind]}, {row.days_from:%d %b} to {row.days_to:%d %b %Y}, is there to read"


def said_now(reader: Actor, public_id: str) -> str | None:
    """What a line about a report says now; None to who may not read it any more."""
    row = db.session.scalar(select(ReportCopy).where(ReportCopy.public_id == public_id))
    return _line(row) if row is not None and wishes.may_read(reader, named=row.named) else None


def compare(work: jobs.Work) -> dict[str, Any]:
    """The job that sees which figures of kept reports are other ones by now: cases came late, disputes were won."""
    since = clock.now() - LOOKED_AT
    query = select(ReportCopy.public_id).where(ReportCopy.created_at > since).order_by(ReportCopy.id.desc())
    found = list(db.session.scalars(query.limit(MOST_LOOKED_AT)))
    db.session.rollback()
    restated = 0
    for done, public_id in enumerate(found):
        work.progress(done, len(found), "comparing")
        changes = keeping.compared(public_id)
        db.session.rollback()
        write(lambda public_id=public_id, changes=changes: keeping.note_changes(public_id, changes))
        restated += bool(changes)
    return {"compared": len(found), "restated": restated}
