"""Accounts: signing in and out, passwords, and the links that are used once.

Reading, hashing and writing are three steps, since hashing takes long and no transaction may wait for it; so the
verbs here that take a password open their own transactions. The others are called inside one, like any service.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from qa.core import audit, clock, formats
from qa.core.access import SYSTEM, Actor
from qa.core.access import actor as actor_of
from qa.core.accounts import logins, passwords, throttle
from qa.core.accounts.identity import email_key
from qa.core.accounts.logins import token_hash
from qa.core.db import db, write
from qa.core.errors import BadInput, Busy, Gone, Problem, Refused, TooMany
from qa.core.models import OneTimeToken, Person

#: How long a link works.
LASTS = {"invite": timedelta(days=7), "reset": timedelta(hours=24)}
_GONE = "This link was used already, or it has expired. Ask an admin for a new one."
_WRONG = "Address and password do not belong together."


@dataclass(frozen=True, slots=True)
class _Account:
    """What signing in reads of a person, so that no transaction stays open while it hashes."""

    id: int
    public_id: str
    email: str | None
    name: str
    password_hash: str | None
    is_open: bool


def sign_in(email: str, password: str, *, address: str) -> str:
    """Open a sitting for whoever knows the password; its token.

    An account that is not there takes as long, and answers alike. Raises BadInput, or TooMany after many failures.
    """
    key = email_key(email)
    account = _account(Person.email_key == key)
    names = [throttle.bucket("account", key), throttle.bucket("address", address)]
    right = _try(names, account, password)
    if account is None or not right or not account.is_open:
        write(lambda: audit.note(SYSTEM, "refused_sign_in", "person", account.public_id if account else "unknown"))
        raise BadInput(Problem(_WRONG))
    renewed = passwords.hashed(password) if passwords.is_weak(account.password_hash or "") else None

    def open_sitting() -> str:
        who = actor_of(account.id)
        if who is None:
            raise BadInput(Problem(_WRONG))
        if renewed is not None:
            db.session.execute(update(Person).where(Person.id == account.id).values(password_hash=renewed))
        throttle.forget(names[0])
        audit.note(who, "signed_in", "person", who.public_id)
        return logins.begin(account.id)

    return write(open_sitting)


def sign_out(actor: Actor, token: str) -> None:
    """End this sitting."""
    logins.end(token)
    audit.note(actor, "signed_out", "person", actor.public_id)


def change_password(actor: Actor, *, old: str, new: str, address: str) -> str:
    """Take a new password from whoever knows the old one; ends all sittings and gives the token of a new one."""
    account = _account(Person.id == actor.id)
    if account is None:
        raise BadInput(Problem("expected your present password", field="old"))
    _check(account, new)
    names = [throttle.bucket("account", email_key(account.email or "")), throttle.bucket("address", address)]
    if not _try(names, account, old):
        raise BadInput(Problem("expected your present password", field="old"))
    kept = passwords.hashed(new)

    def keep() -> str:
        keep_password(actor, person_id=account.id, password_hash=kept)
        return logins.begin(account.id)

    return write(keep)


def keep_password(actor: Actor, *, person_id: int, password_hash: str) -> None:
    """Keep a password that was hashed before, and end all sittings that began with the one before."""
    person = db.session.get_one(Person, person_id)
    person.password_hash = password_hash
    logins.end_all(person_id)
    audit.note(actor, "set_password", "person", person.public_id)
    db.session.flush()


def make_link(actor: Actor, person: Person) -> str:
    """A link's token by which *person* chooses a password, once; links made before work no more.

    An invitation when there is no password yet. The token is stored nowhere: only its hash is.
    """
    if not person.email:
        raise Refused("Without an e-mail address nobody can sign in. Add one first.")
    if not person.active:
        raise Refused("This person is not active. Activate them first.")
    purpose, token, now = "reset" if person.password_hash else "invite", secrets.token_urlsafe(32), clock.now()
    _spend_links(person.id)
    db.session.add(
        OneTimeToken(
            token_hash=token_hash(token),
            person_id=person.id,
            purpose=purpose,
            created_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    audit.note(actor, f"made_{purpose}_link", "person", person.public_id)
    db.session.flush()
    return token


def link_holder(token: str) -> str:
    """The e-mail address of the person whose unused link this is. Raises Gone for any other token."""
    account = _behind(token)
    return account.email or ""


def use_link(token: str, new: str) -> None:
    """Take the password that the holder of a link chose. Raises Gone when it was used or has expired, BadInput."""
    account = _behind(token)
    _check(account, new)
    kept = passwords.hashed(new)

    def keep() -> None:
        who = actor_of(account.id)
        spent = update(OneTimeToken).where(OneTimeToken.token_hash == token_hash(token), *_unused())
        if who is None or not db.session.execute(spent.values(used_at=clock.now())).rowcount:
            raise Gone(_GONE)
        _spend_links(account.id)
        throttle.forget(throttle.bucket("account", email_key(account.email or "")))
        keep_password(who, person_id=account.id, password_hash=kept)

    write(keep)


def set_look(actor: Actor, *, theme: str | None, keys_off: bool) -> None:
    """Keep how a person wants pages to be."""
    values = {"theme": theme, "keys_off": keys_off}
    db.session.execute(update(Person).where(Person.id == actor.id).values(**values))


def _account(which: Any) -> _Account | None:
    """Read an account and end the transaction."""
    person = db.session.scalar(select(Person).where(which))
    found = person and _Account(
        id=person.id,
        public_id=person.public_id,
        email=person.email,
        name=person.name,
        password_hash=person.password_hash,
        is_open=person.active and person.erased_at is None,
    )
    db.session.rollback()
    return found


def _try(names: list[str], account: _Account | None, password: str) -> bool:
    """Check a password as one counted try; where others are being checked just now, wait a moment first."""
    for _ in range(100):
        moment, wait, failed = write(lambda: throttle.reserve(names))
        if failed:
            said = f"Too many tries went wrong. Please wait {formats.duration(wait)}, then try again."
            raise TooMany(said, wait)
        if not wait:
            break
        time.sleep(0.1)
    else:
        raise Busy("Many people are signing in just now. Please try again in a moment.")
    right = passwords.matches(account.password_hash if account else None, password)
    write(lambda: throttle.settle(names, moment, failed=not right))
    return right


def _behind(token: str) -> _Account:
    query = select(OneTimeToken.person_id).where(OneTimeToken.token_hash == token_hash(token), *_unused())
    person_id = db.session.scalar(query)
    account = None if person_id is None else _account(Person.id == person_id)
    if account is None or not account.is_open:
        raise Gone(_GONE)
    return account


def _unused() -> tuple[Any, ...]:
    return OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > clock.now()


def _spend_links(person_id: int) -> None:
    links = update(OneTimeToken).where(OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None))
    db.session.execute(links.values(used_at=clock.now()))


def _check(account: _Account, new: str) -> None:
    passwords.check(new, field="new", of=(account.email or "", account.name))
