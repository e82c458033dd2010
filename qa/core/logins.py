"""Sittings: rows on the server, known by the hash of a random token. What ended there has ended everywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import current_app
from sqlalchemy import update

from qa.core import clock
from qa.core.db import db
from qa.core.models import Login

#: `seen_at` moves at most this often, in a transaction of its own.
SEEN_EVERY = timedelta(minutes=5)


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


def holder(token: str) -> int | None:
    """Who sits under *token* now; None when the sitting ended, idled out or never was."""
    login = db.session.get(Login, token_hash(token))
    now = clock.now()
    idle = timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)
    if login is None or login.revoked_at is not None or now >= login.expires_at or now - login.seen_at > idle:
        return None
    return login.person_id


def is_stale(token: str) -> bool:
    """Whether the last-seen moment is due to move."""
    login = db.session.get(Login, token_hash(token))
    return login is not None and clock.now() - login.seen_at > SEEN_EVERY


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
