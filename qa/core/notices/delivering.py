"""Notices on their way out: by e-mail as each person chose, and to the chat channel. Said as of the moment of sending.

What is to be sent is one row a notice and way. Sending happens between transactions; a row that failed is tried again
later, longer apart each time. What went out just before a crash goes out again with the same number, by which mail
programs know it as the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, exists, select, update

from qa.core import clock
from qa.core.access import Actor, actor
from qa.core.db import db, write
from qa.core.jobs import Work
from qa.core.models import Notice, Person
from qa.core.notices import channels, mailing
from qa.core.notices.mailing import Line, NotSent
from qa.core.notices.models import Delivery, NoticeChoice
from qa.core.notices.quiet import Choice, due
from qa.core.notices.webhook import NotTaken
from qa.core.registries import registries

#: What came before mail was set up, or while the worker stood still longer than that, is read on the site alone.
NEWEST = timedelta(days=1)
MOST_AT_ONCE = 500
MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Sending:
    """What goes out as one message."""

    way: str
    #: Nobody's: what goes to the channel.
    person_id: int | None
    deliveries: tuple[int, ...]
    message_id: str
    attempts: int


def deliver(work: Work) -> dict[str, Any]:
    """The job: see what is new, then send what is due."""
    planned = write(plan)
    waiting = _due()
    counts = {"planned": planned, "sent": 0, "failed": 0, "dropped": 0}
    for done, one in enumerate(waiting):
        work.progress(done, len(waiting), "sending")
        counts[_send(one)] += 1
    return counts


def plan() -> int:
    """Decide of new notices when and by which way they go; how many deliveries that made."""
    ways = [way for way, open_ in (("mail", mailing.is_set_up()), ("channel", channels.is_set_up())) if open_]
    return sum(_plan(way) for way in ways)


def _plan(way: str) -> int:
    known = exists().where(Delivery.notice_id == Notice.id, Delivery.way == way)
    fresh = Notice.created_at > clock.now() - NEWEST
    query = select(Notice.id, Notice.person_id, Notice.kind, Notice.urgent, Notice.created_at, Person.time_zone)
    query = query.join(Person, Person.id == Notice.person_id).where(fresh, Notice.read_at.is_(None), ~known)
    rows = db.session.execute(query.order_by(Notice.id).limit(MOST_AT_ONCE)).all()
    choices = _choices({row.person_id for row in rows})
    wanted = channels.kinds() if way == "channel" else ()
    for row in rows:
        choice = choices.get(row.person_id, Choice())
        at = due(clock.now(), choice, row.time_zone, urgent=row.urgent) if way == "mail" else clock.now()
        dropped = at is None or (way == "channel" and row.kind not in wanted)
        db.session.add(
            Delivery(
                notice_id=row.id, person_id=row.person_id, way=way, state="dropped" if dropped else "waiting",
                due_at=at or clock.now(), together=choice.how == "digest" and not row.urgent,
            )
        )  # fmt: skip
    db.session.flush()
    return len(rows)


def _choices(people: Iterable[int]) -> dict[int, Choice]:
    row = NoticeChoice
    columns = (row.person_id, row.how, row.digest_hour, row.quiet_from, row.quiet_to)
    found = db.session.execute(select(*columns).where(row.person_id.in_(sorted(people))))
    return {one[0]: Choice(*one[1:]) for one in found}


def _due() -> list[_Sending]:
    """What is due now: a person's digest as one, all for the channel as one, everything else by itself."""
    query = select(Delivery).where(Delivery.state == "waiting", Delivery.due_at <= clock.now())
    rows = db.session.scalars(query.order_by(Delivery.id).limit(MOST_AT_ONCE)).all()
    bundles: dict[Any, list[Delivery]] = {}
    for row in rows:
        apart = (row.person_id, None if row.together else row.id) if row.way == "mail" else ()
        bundles.setdefault((row.way, *apart), []).append(row)
    found = [_together(some) for some in bundles.values()]
    db.session.rollback()
    return found


def _together(some: Sequence[Delivery]) -> _Sending:
    first = some[0]
    person_id = first.person_id if first.way == "mail" else None
    tries = max(row.attempts for row in some)
    return _Sending(first.way, person_id, tuple(row.id for row in some), first.public_id, tries)


def _send(one: _Sending) -> str:
    """Send it, and keep what came of it: sent, failed (for now, or for good) or dropped."""
    post = _mail(one.person_id, one) if one.person_id is not None else _say(one)
    db.session.rollback()
    if post is None:
        return _keep(one, "dropped")
    try:
        post()
    except (NotSent, NotTaken) as error:
        _later(one, str(error))
        return "failed"
    return _keep(one, "sent", sent_at=clock.now())


def _mail(person_id: int, one: _Sending) -> Callable[[], None] | None:
    """The deed that sends somebody what they may still know of; None when there is nothing to send or nobody."""
    receiver = actor(person_id)
    lines = [] if receiver is None else _lines(one, receiver)
    if receiver is None or not receiver.email or not lines:
        return None
    address = receiver.email
    return lambda: mailing.send(address, lines, message_id=one.message_id)


def _say(one: _Sending) -> Callable[[], None] | None:
    """The deed that tells the channel of what kinds something came."""
    kinds = [kind for kind, *_ in db.session.execute(_unread(one))]
    return (lambda: channels.say(kinds)) if kinds else None


def _unread(one: _Sending) -> Select[str, str, str, str]:
    query = select(Notice.kind, Notice.object_ref, Notice.line, Notice.url)
    query = query.join(Delivery, Delivery.notice_id == Notice.id)
    return query.where(Delivery.id.in_(one.deliveries), Notice.read_at.is_(None)).order_by(Notice.id)


def _lines(one: _Sending, receiver: Actor) -> list[Line]:
    """What is said now of what the receiver has not read yet and may still know of."""
    said = [(_said(kind, ref, line, receiver), url) for kind, ref, line, url in db.session.execute(_unread(one))]
    return [Line(line, url) for line, url in said if line is not None]


def _said(kind: str, ref: str, line: str, receiver: Actor) -> str | None:
    ask = registries().notice_lines.get(kind)
    return line if ask is None else ask(receiver, ref)


def _keep(one: _Sending, state: str, **changed: Any) -> str:
    still = update(Delivery).where(Delivery.id.in_(one.deliveries), Delivery.state == "waiting")
    write(lambda: db.session.execute(still.values(state=state, error="", **changed)))
    return state


def _later(one: _Sending, error: str) -> None:
    """Try again in 2, 4, 8 ... minutes, and give up after some tries."""
    tries = one.attempts + 1
    state = "failed" if tries >= MOST_TRIES else "waiting"
    again_at = clock.now() + timedelta(minutes=2**tries)
    still = update(Delivery).where(Delivery.id.in_(one.deliveries), Delivery.state == "waiting")
    values = {"state": state, "attempts": tries, "due_at": again_at, "error": error[:300]}
    write(lambda: db.session.execute(still.values(**values)))
