"""Tokens by which a program acts as a person: shown once, kept as a hash, ended by their day or by a click."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.access_models import ApiToken
from qa.core.accounts.logins import token_hash
from qa.core.db import ask, db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person

#: What every token begins with, so that one that lies about is known for what it is.
PREFIX = "sl_"
LONGEST_DAYS = 366
_TOKEN = ApiToken.__table__.c
_HOLDER = (
    access.WHO.add_columns(_TOKEN.expires_at, _TOKEN.revoked_at)
    .join(ApiToken.__table__, _TOKEN.person_id == Person.__table__.c.id)
    .where(_TOKEN.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as the page of its person shows it; what opens doors is not among it."""

    public_id: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_open: bool


def make(actor: Actor, person: Person, *, days: int = 90, label: str = "") -> str:
    """Make a token of *person* for so many days and give it; it is stored nowhere. Raises BadInput, Refused."""
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(Problem(f"expected a number of days from 1 to {LONGEST_DAYS}", field="days", value=str(days)))
    if not person.active or person.erased_at is not None:
        raise Refused(f"{person.name} is not active, so no program can act for them.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=token_hash(token), person_id=person.id, label=label.strip()[:200], by_id=actor.id,
        expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "made_token", "person", person.public_id, token=row.public_id, days=days)
    return token


def revoke(actor: Actor, person_id: str, public_id: str) -> None:
    """End a token of the person with the address *person_id* now. Raises NotFound; ending it twice changes nothing."""
    query = select(ApiToken.id).join(Person, Person.id == ApiToken.person_id)
    found = db.session.scalar(query.where(Person.public_id == person_id, ApiToken.public_id == public_id))
    if found is None:
        raise NotFound("token")
    ended = update(ApiToken).where(ApiToken.id == found, ApiToken.revoked_at.is_(None))
    if db.session.execute(ended.values(revoked_at=clock.now()).returning(ApiToken.id)).first() is not None:
        audit.note(actor, "revoked_token", "person", person_id, token=public_id)


def holder(token: str) -> Actor | None:
    """Whom a program that shows *token* acts as now; None for an ended or unknown one, or when the person has left."""
    if not token.startswith(PREFIX):
        return None
    row = ask(_HOLDER, {"token_hash": token_hash(token), "today": access.today()}).first()
    if row is None or row.revoked_at is not None or row.expires_at <= clock.now():
        return None
    return access.made(row)


def of_person(public_id: str) -> list[TokenLine]:
    """The tokens of a person, the newest first."""
    columns = (ApiToken.public_id, ApiToken.label, ApiToken.created_at, ApiToken.expires_at, ApiToken.revoked_at)
    query = select(*columns).join(Person, Person.id == ApiToken.person_id).where(Person.public_id == public_id)
    now = clock.now()
    rows = db.session.execute(query.order_by(ApiToken.id.desc()).limit(50))
    return [TokenLine(*row, row.revoked_at is None and row.expires_at > now) for row in rows]
