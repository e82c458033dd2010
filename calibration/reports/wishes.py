"""Reports that are made in the background: once, because there is much to read, or again each week or month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, update

from calibration.models.reports import ReportRecipient, ReportWish
from calibration.reports import composing, keeping
from calibration.reports.composing import Span
from qa.core import audit, clock, jobs
from qa.core.access import Actor, actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.models import Job, Person, RoleGrant

MAKE = "reports.make"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Every month has this day.
LAST_DAY = 28
_READERS = ("manager", "admin", "observer")


@dataclass(frozen=True, slots=True)
class WishRow:
    """A report that comes by itself."""

    public_id: str
    title: str
    when: str
    named: bool
    recipients: Sequence[str]
    last_due_at: datetime | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Making:
    """A report that is being made, or could not be."""

    title: str
    state: str
    asked_at: datetime
    done: int
    total: int | None
    line: str

    @property
    def is_open(self) -> bool:
        """Whether its job still waits or runs."""
        return self.state in ("queued", "leased")


def may_read(person: Actor, *, named: bool) -> bool:
    """Whether a report may be sent to somebody: not to who may be given cases, and names not to observers."""
    if person.can_be_given_blind_tasks:
        return False
    return keeping.why_not(person) is None if person.has("manager", "admin") else person.has("observer") and not named


def readers() -> list[Actor]:
    """All to whom some report may be sent, by name."""
    held = exists().where(RoleGrant.person_id == Person.id, RoleGrant.to_at.is_(None), RoleGrant.role.in_(_READERS))
    ids = db.session.scalars(select(Person.id).where(Person.active, held).order_by(Person.name, Person.id)).all()
    people = [actor(one) for one in ids]
    return [one for one in people if one is not None and may_read(one, named=False)]


def checked(public_ids: Collection[str], *, named: bool) -> list[Actor]:
    """The people at these addresses. Raises BadInput where a report may not be sent to one of them."""
    known = {one.public_id: one for one in readers()}
    wrong = [one for one in public_ids if one not in known or not may_read(known[one], named=named)]
    if wrong:
        who = known[wrong[0]].name if wrong[0] in known else wrong[0]
        raise BadInput(Problem("people who may read it; observers read reports without names", field="to", value=who))
    return [known[one] for one in public_ids]


def once(by: Actor, kind: str, days: Span, *, names: bool, own: Sequence[str] = ()) -> ReportWish:
    """Have a report made in the background."""
    said = keeping.checked(by, kind, own)
    wish = ReportWish(
        kind=kind, named=names, own=said, every="once", days_from=days.since, days_to=days.until, state="ended",
        by_id=by.id,
    )  # fmt: skip
    _store(by, wish, [])
    jobs.enqueue(by, MAKE, {"wish": wish.public_id}, dedupe_key=f"{MAKE}:{wish.public_id}")
    return wish


def again(
    by: Actor, kind: str, *, every: str, day: int, hour: int, names: bool, to: Collection[str], own: Sequence[str] = ()
) -> ReportWish:
    """Have a report made each week or month at an hour of *by*'s clocks, and sent to the people at *to*."""
    said = keeping.checked(by, kind, own)
    first, last = (0, 6) if every == "week" else (1, LAST_DAY)
    if every not in ("week", "month") or not first <= day <= last or not 0 <= hour <= 23:
        raise BadInput(Problem("a day of the week or of the month, and an hour", field="when"))
    if not to:
        raise BadInput(Problem("somebody to send it to", field="to"))
    wish = ReportWish(
        kind=kind, named=names, own=said, every=every, day=day, hour=hour, zone=by.time_zone, state="live",
        by_id=by.id,
    )  # fmt: skip
    _store(by, wish, checked(to, named=names))
    return wish


def _store(by: Actor, wish: ReportWish, people: Collection[Actor]) -> None:
    db.session.add(wish)
    db.session.flush()
    db.session.add_all(ReportRecipient(wish_id=wish.id, person_id=one.id) for one in people)
    audit.note(by, "asked_for", "report", wish.public_id, kind=wish.kind, every=wish.every, recipients=len(people))
    db.session.flush()


def end(by: Actor, public_id: str) -> None:
    """Let a report come no more. Raises NotFound, for who makes none too."""
    ended = update(ReportWish).where(ReportWish.public_id == public_id, ReportWish.state == "live")
    if keeping.why_not(by) or not db.session.execute(ended.values(state="ended")).rowcount:
        raise NotFound("report")
    audit.note(by, "ended", "report", public_id)


def due_at(wish: ReportWish, now: datetime) -> datetime:
    """The last moment up to *now* at which a wish was due."""
    local = now.astimezone(ZoneInfo(wish.zone))
    day = local.date()
    while True:
        fits = day.weekday() == wish.day if wish.every == "week" else day.day == wish.day
        moment = datetime(day.year, day.month, day.day, wish.hour, tzinfo=ZoneInfo(wish.zone))
        if fits and moment <= now:
            return moment.astimezone(now.tzinfo)
        day -= timedelta(days=1)


def next_at(wish: ReportWish, now: datetime) -> datetime:
    """The next moment at which it is due."""
    last = due_at(wish, now)
    probe = last
    while probe <= last:
        now += timedelta(days=1)
        probe = due_at(wish, now)
    return probe


def due(now: datetime) -> list[str]:
    """The addresses of the wishes that are due since they were last made."""
    live = db.session.scalars(select(ReportWish).where(ReportWish.state == "live").order_by(ReportWish.id)).all()
    return [one.public_id for one in live if due_at(one, now) > (one.last_due_at or one.created_at)]


def days_of(wish: ReportWish, now: datetime) -> Span:
    """The days of the report that is to be made: those asked for, or the last whole ones before it was due."""
    if wish.every == "once" and wish.days_from is not None and wish.days_to is not None:
        return composing.span(wish.kind, now.date(), wish.days_from, wish.days_to)
    return composing.span(wish.kind, _day(wish, now))


def _day(wish: ReportWish, now: datetime) -> date:
    return due_at(wish, now).astimezone(ZoneInfo(wish.zone)).date()


def listed(by: Actor) -> list[WishRow]:
    """The reports that come by themselves, the newest first; none for who makes none."""
    if keeping.why_not(by):
        return []
    live = db.session.scalars(select(ReportWish).where(ReportWish.state == "live").order_by(ReportWish.id.desc())).all()
    query = select(ReportRecipient.wish_id, Person.name).join(Person, Person.id == ReportRecipient.person_id)
    names: dict[int, list[str]] = {}
    for wish_id, name in db.session.execute(query.order_by(Person.name)):
        names.setdefault(wish_id, []).append(name)
    now = clock.now()
    return [
        WishRow(
            one.public_id, composing.KINDS[one.kind], _when(one), one.named, names.get(one.id, []), one.last_due_at,
            next_at(one, now),
        )
        for one in live
    ]  # fmt: skip


def _when(wish: ReportWish) -> str:
    day = WEEKDAYS[wish.day] if wish.every == "week" else f"day {wish.day} of the month"
    return f"each {day}, {wish.hour:02}:00 {wish.zone}"


def under_way(by: Actor) -> list[Making]:
    """The reports of *by* that are being made, and those that could not be, of the last day."""
    since = clock.now() - timedelta(days=1)
    query = select(Job).where(Job.kind == MAKE, Job.by_id == by.id, Job.created_at > since)
    rows = db.session.scalars(query.where(Job.state != "done").order_by(Job.id.desc()).limit(5)).all()
    return [Making("A report", row.state, row.created_at, row.done, row.total, row.line) for row in rows]
