"""One valid row of each thing, and what a test asks of it; the rest is filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import Context
from datetime import date, timedelta
from itertools import count
from typing import Any

from flask import Flask, current_app, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from qa.core import access, clock
from qa.core.access import Actor
from qa.core.accounts import logins
from qa.core.db import db, is_writing, write
from qa.core.models import Person, RoleGrant, Skill, Team, TeamManager, TeamMember

_number = count(1)
_FORGERY_SEED = "0" * 40


def kept(row: Any) -> Any:
    """*row*, stored: in the writing transaction at hand, or in one of its own."""

    def keep() -> Any:
        db.session.add(row)
        db.session.flush()
        return row

    return keep() if is_writing() else write(keep)


def team(name: str | None = None, **given: Any) -> Team:
    """A team."""
    return kept(Team(name=name or f"Team {next(_number)}", **given))


def person(
    *roles: str,
    team: Team | None = None,
    manages: Iterable[Team] | None = (),
    skills: Iterable[str] = (),
    languages: Iterable[str] = (),
    member_since: date | None = None,
    **given: Any,
) -> Person:
    """A person with *roles*, long since in *team*. *manages*: teams that are led; None: all of them.

    A skill is written as in a people file: `adjudicate`, `workflow:NAME`, `harm:CLASS`.
    """
    number = next(_number)
    given.setdefault("external_id", f"p{number}")
    given.setdefault("name", f"Person {number}")
    given.setdefault("email", f"{given['external_id']}@example.org")
    given.setdefault("email_key", given["email"] and given["email"].casefold())
    row = kept(Person(**given))
    for role in roles:
        kept(RoleGrant(person_id=row.id, role=role, from_at=clock.now()))
    if team is not None:
        since = member_since or clock.now().date() - timedelta(days=1000)
        kept(TeamMember(person_id=row.id, team_id=team.id, from_on=since))
    for led in [None] if manages is None else [one.id for one in manages]:
        kept(TeamManager(person_id=row.id, team_id=led))
    for word in [*skills, *(f"language:{language}" for language in languages)]:
        kind, _, value = word.partition(":")
        kept(Skill(person_id=row.id, kind={"harm": "harm_class"}.get(kind, kind), value=value))
    return row


def actor(*roles: str, **given: Any) -> Actor:
    """A new person as the actor of a deed."""
    return acting(person(*roles, **given))


def acting(row: Person) -> Actor:
    """The actor that a stored person is now."""
    found = access.actor(row.id)
    assert found is not None
    return found


class Browser(FlaskClient):
    """A client whose every request stands by itself, as on a server, though a test holds an app context."""

    def open(self, *args: Any, **given: Any) -> TestResponse:
        answer = Context().run(super().open, *args, **given)
        if has_app_context():
            db.session.rollback()
            db.session.expire_all()
        return answer

    def send(self, url: str, data: dict[str, Any] | None = None, **given: Any) -> TestResponse:
        """POST a form of this site: with the token against forgery."""
        return self.post(url, data={"csrf_token": forgery_token(self), **(data or {})}, **given)


def browser(app: Flask, who: Person | Actor | None = None, **given: Any) -> Browser:
    """A browser, signed in as *who*."""
    client = Browser(app, app.response_class, use_cookies=True, **given)
    if who is not None:
        sign_in(client, who.id)
    return client


def sign_in(client: FlaskClient, person_id: int | None) -> str:
    """Open a sitting for a person without asking for a password; its token."""
    assert person_id is not None
    token = write(lambda: logins.begin(person_id))
    with client.session_transaction() as session:
        session["token"] = token
    return token


def statements(deed: Callable[[], object]) -> int:
    """How many statements *deed* sends to the database."""
    seen: list[str] = []

    def count_one(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET ")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count_one)
    try:
        deed()
    finally:
        event.remove(db.engine, "before_cursor_execute", count_one)
    return len(seen)


def forgery_token(client: FlaskClient) -> str:
    """What a form of this site carries in its hidden field."""
    with client.session_transaction() as session:
        session["csrf_token"] = _FORGERY_SEED
    key = client.application.secret_key if not has_app_context() else current_app.secret_key
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(_FORGERY_SEED))
