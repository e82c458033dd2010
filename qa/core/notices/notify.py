"""Lines for one person, shown on the own home until read. The line is written from what that person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from qa.core import clock, jobs
from qa.core.access import SYSTEM, Actor
from qa.core.db import ask, db
from qa.core.models import Notice

#: The job that sends notices on: every minute, and as soon as something urgent was said.
DELIVER = "notices.deliver"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice on a page."""

    line: str
    url: str
    at: datetime


def tell(
    *, person_id: int, kind: str, object_ref: str, line: str, url: str, dedupe_key: str, urgent: bool = False
) -> bool:
    """Leave a line for a person, once for each *dedupe_key*; whether it is new.

    `qa.core.notices.delivering` sends it on by e-mail as the person chose; *urgent*: at once, at any hour.
    """
    known = select(Notice.id).where(Notice.dedupe_key == dedupe_key)
    if db.session.scalar(known) is not None:
        return False
    values = {"person_id": person_id, "kind": kind, "object_ref": object_ref, "line": line[:300], "url": url}
    values |= {"dedupe_key": dedupe_key, "urgent": urgent}
    is_new = ask(_leaving(db.engine.dialect.name, says=True), values).first() is not None
    if urgent and is_new:
        wake()
    return is_new


def tell_all(people: Iterable[int], *, kind: str, object_ref: str, line: str, url: str, dedupe_key: str) -> None:
    """Leave the same line for each of *people*, once for each *dedupe_key*, however many they are in one statement."""
    values = {"kind": kind, "object_ref": object_ref, "line": line[:300], "url": url, "urgent": False}
    rows = [values | {"person_id": one, "dedupe_key": f"{dedupe_key}:{one}"} for one in sorted(set(people))]
    if rows:
        ask(_leaving(db.engine.dialect.name, says=False), rows)


@cache
def _leaving(dialect: str, *, says: bool) -> Insert:
    """The statement that leaves a line unless it was left before, and *says* whether it did."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Notice.__table__).on_conflict_do_nothing()
    return insert.returning(Notice.__table__.c.id) if says else insert


def wake() -> None:
    """Send on soon what waits, if anything does: also where nothing may, so that the list of jobs tells nothing."""
    jobs.enqueue(SYSTEM, DELIVER, dedupe_key=f"periodic:{DELIVER}")


def unread(person: Actor) -> list[Line] | None:
    """What a person has not read yet, newest first; None when there is nothing."""
    query = select(Notice.line, Notice.url, Notice.created_at).where(
        Notice.person_id == person.id, Notice.read_at.is_(None)
    )
    rows = db.session.execute(query.order_by(Notice.id.desc()).limit(20))
    return [Line(row.line, row.url, row.created_at) for row in rows] or None


def read_all(actor: Actor, *, until: datetime) -> None:
    """Mark as read what the person had before them; what came after *until* stays."""
    seen = (Notice.person_id == actor.id) & Notice.read_at.is_(None) & (Notice.created_at <= until)
    db.session.execute(update(Notice).where(seen).values(read_at=clock.now()))
