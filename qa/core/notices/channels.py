"""The chat channel: where it is, what goes there, and what is said there, which everybody in it may know.

Nobody knows who reads a channel, graders among them. So a line says of what kind a notice is and nothing of its object:
no case, no clause, no person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem, Refused
from qa.core.models import Person
from qa.core.notices import webhook
from qa.core.notices.models import Channel

#: Kind of notice -> what the channel is told, one and several.
SAID = {
    "danger": ("On call: somebody is asked for at once.", "On call: several people are asked for at once."),
    "session": ("A calibration session has news for somebody.", "Calibration sessions have news for several people."),
    "question": ("There is news of a policy question.", "There is news of policy questions."),
    "flag": ("A grader asks a lead to look at a case.", "Graders ask leads to look at cases."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A channel as its page shows it: never its whole address."""

    host: str
    ends: str
    kinds: tuple[str, ...]
    by: str | None
    changed_at: datetime


def shown() -> Shown | None:
    """The channel that there is."""
    query = select(Channel.url, Channel.kinds, Person.name, Channel.changed_at)
    row = db.session.execute(query.outerjoin(Person, Person.id == Channel.by_id)).first()
    if row is None:
        return None
    return Shown(urlsplit(row.url).hostname or "", row.url[-4:], tuple(row.kinds), row.name, row.changed_at)


def is_set_up() -> bool:
    """Whether there is a channel."""
    return db.session.scalar(select(Channel.id)) is not None


def kinds() -> tuple[str, ...]:
    """The kinds of notices that go there."""
    return tuple(db.session.scalar(select(Channel.kinds)) or ())


def name(actor: Actor, *, url: str, kinds: Collection[str]) -> None:
    """Name the channel, in a transaction of its own, since looking up a name may take long.

    An empty *url* keeps the one there is. Raises BadInput for an address that nothing may be posted to.
    """
    if any(kind not in SAID for kind in kinds):
        raise BadInput(Problem("one of " + ", ".join(SAID), field="kinds"))
    if url:
        webhook.check(url)
    write(lambda: _put(actor, url, kinds))


def _put(actor: Actor, url: str, kinds: Collection[str]) -> None:
    row = db.session.get(Channel, 1)
    if not url and row is None:
        raise BadInput(Problem("the address that the chat program gives for incoming messages", field="url"))
    if row is None:
        row = Channel(id=1)
        db.session.add(row)
    row.url, row.kinds = url or row.url, sorted(set(kinds))
    row.by_id, row.changed_at = actor.id, clock.now()
    audit.note(actor, "set", "channel", "1", kinds=row.kinds, address_changed=bool(url))
    db.session.flush()


def remove(actor: Actor) -> None:
    """Let nothing go out to a channel any more."""
    row = db.session.get(Channel, 1)
    if row is not None:
        db.session.delete(row)
        audit.note(actor, "removed", "channel", "1")
        db.session.flush()


def try_out() -> None:
    """Say one line, now. Raises Refused where there is no channel, NotTaken when it does not take it."""
    if not is_set_up():
        raise Refused("There is no channel yet.")
    _post("Second Look can write here.")


def say(said: Sequence[str]) -> None:
    """Say of what kinds something came. Raises NotTaken."""
    lines = [SAID[kind][count > 1] for kind, count in Counter(said).items() if kind in SAID]
    _post("\n".join(lines))


def _post(text: str) -> None:
    base = current_app.config["SETTINGS"].public_url.rstrip("/")
    url = str(db.session.scalar(select(Channel.url)) or "")
    db.session.rollback()
    webhook.post(url, {"text": f"{text}\n{base}/" if base else text})
