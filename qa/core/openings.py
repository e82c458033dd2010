"""Who opened whose page: kept a line a day, told to the person whose page it was, let go after a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.access_models import PageOpening
from qa.core.db import ask, db, write
from qa.core.models import Person

PAGE = 50
#: What is opened -> what the person is told that it was; an alert is told as figures, for it is no more than those.
WHAT = {"figures": "Your figures", "cases": "Cases behind your figures"}


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """On one day, somebody opened a page of the reader's."""

    opened_on: date
    name: str
    what: str
    times: int
    last_at: datetime


def keep(reader: Actor, person_id: int, what: str) -> None:
    """Keep that *reader* opened a page about the person, in the transaction at hand; nothing is kept of the own one."""
    if reader.id is None or reader.id == person_id:
        return
    if what not in WHAT:
        raise KeyError(what)
    now = clock.now()
    row = {
        "person_id": person_id, "reader_id": reader.id, "what": what, "opened_on": now.date(), "times": 1,
        "last_at": now, "created_at": now,
    }  # fmt: skip
    ask(_keeping(db.engine.dialect.name), row)


@cache
def _keeping(dialect: str) -> Any:
    """The statement that stores an opening, or counts it where the day has one already; made once for each database."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(PageOpening.__table__)
    own = PageOpening.__table__.c
    return insert.on_conflict_do_update(
        index_elements=[own.person_id, own.reader_id, own.what, own.opened_on],
        set_={"times": own.times + 1, "last_at": insert.excluded.last_at},
    )


def of(person: Actor, *, first: int = 0) -> list[OpeningLine]:
    """Who opened pages of *person*, the newest day first; a page of them from line *first* on."""
    columns = (PageOpening.opened_on, Person.name, PageOpening.what, PageOpening.times, PageOpening.last_at)
    query = select(*columns).join(Person, Person.id == PageOpening.reader_id).where(PageOpening.person_id == person.id)
    rows = db.session.execute(query.order_by(PageOpening.last_at.desc(), PageOpening.id).limit(PAGE).offset(first))
    return [OpeningLine(row[0], row[1], WHAT[row[2]], row[3], row[4]) for row in rows]


def sweep() -> int:
    """Let go, in a transaction of its own, of what is older than the setting says; how many lines."""
    before = clock.now().date() - timedelta(days=preferences.get("page_opening_days"))
    db.session.rollback()
    old = delete(PageOpening).where(PageOpening.opened_on < before).returning(PageOpening.id)
    return write(lambda: len(db.session.execute(old).all()))
