"""Sittings: rows on the server, known by the hash of a random token. What ended there has ended everywhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, update

from qa.core import access, clock
from qa.core.access import Actor
from qa.core.db import ask, db
from qa.core.models import Login, Person

#: `seen_at` moves at most this often, in a transaction of its own.
SEEN_EVERY = timedelta(minutes=5)
_LOGIN = Login.__table__.c
_SITTING = (
    access.WHO.add_columns(_LOGIN.seen_at, _LOGIN.expires_at, _LOGIN.revoked_at)
    .join(Login.__table__, _LOGIN.person_id == Person.__table__.c.id)
    .where(_LOGIN.token_hash == bindparam("token_hash"))
)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(person_id: int) -> str:
    """Open a sitting and give its token, which is stored nowhere."""
    settings = current_app.config["SETTINGS"]
    token, now = secrets.token_urlsafe(32), clock.now()
    expires = now + timedelta(hours=settings.session_hours)
    db.session.add(
        Login(token_hash=token_hash(token), person_id=person_id, created_at=now, seen_at=now, expires_at=expires)
    )
    return token


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who is signed in."""

    person: Actor
    seen_at: datetime

    @property
    def is_stale(self) -> bool:
        """Whether the last-seen moment is due to move."""
        return clock.now() - self.seen_at > SEEN_EVERY


def sitting(token: str) -> Sitting | None:
    """Who sits under *token* now; None when the sitting ended, idled out or never was, or the person has left."""
    row = ask(_SITTING, {"token_hash": token_hash(token), "today": access.today()}).first()
    now = clock.now()
    idle = timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)
    if row is None or row.revoked_at is not None or now >= row.expires_at or now - row.seen_at > idle:
        return None
    person = access.made(row)
    return None if person is None else Sitting(person, row.seen_at)


def holder(token: str) -> int | None:
    """The inside number of who sits under *token* now."""
    found = sitting(token)
    return None if found is None else found.person.id


def touch(token: str) -> None:
    """Move a sitting's last-seen moment."""
    db.session.execute(update(Login).where(Login.token_hash == token_hash(token)).values(seen_at=clock.now()))


def end(token: str) -> None:
    """End one sitting."""
    db.session.execute(update(Login).where(Login.token_hash == token_hash(token)).values(revoked_at=clock.now()))


def end_all(person_id: int) -> None:
    """End every sitting of a person: after a new password, a change of roles, or when somebody leaves."""
    open_ones = (Login.person_id == person_id) & Login.revoked_at.is_(None)
    db.session.execute(update(Login).where(open_ones).values(revoked_at=clock.now()))
