"""The first admin of a database in which nobody is: made by whoever holds its link, once.

The link's key follows from the installation's secret and the database's name, so that it can be told before there is
such a database, and it works only as long as nobody is in it.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.engine import make_url

from qa.core import audit
from qa.core.access import SYSTEM
from qa.core.accounts import logins, passwords
from qa.core.accounts.accounts import keep_password
from qa.core.accounts.identity import is_email
from qa.core.db import after_commit, db, write
from qa.core.errors import BadInput, Gone, NotFound, Problem
from qa.core.models import Person
from qa.core.people import people

ROLES = ("admin", "manager", "policy_owner")
#: What the start prints for whoever began it.
FILE = "first_admin.txt"
#: A database that is filled with people of its own.
DEMO = "demo.sqlite3"
_OVER = "This installation has its first admin already. Sign in, or ask an admin for a link."


def key_of(database: str) -> str:
    """The key of a database's first link."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"first admin of {database}".encode(), hashlib.sha256).hexdigest()[:32]


def path_for(database: str) -> str:
    """Where the first admin of a database comes in."""
    return f"/begin/{key_of(database)}"


def _database() -> str:
    return Path(make_url(current_app.config["SETTINGS"].database_url).database or "").name


def is_empty() -> bool:
    """Whether nobody is here yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def check(key: str) -> None:
    """Raise NotFound for a key that is none, Gone when somebody is here already."""
    if not hmac.compare_digest(key.encode(), key_of(_database()).encode()):
        raise NotFound("page")
    if not is_empty():
        raise Gone(_OVER)


def begin(key: str, *, name: str, email: str, password: str) -> str:
    """Make the first admin; the token of a sitting. Opens its own transaction. Raises NotFound, Gone, BadInput."""
    check(key)
    db.session.rollback()
    if not is_email(email):
        raise BadInput(Problem("expected an e-mail address", field="email"))
    passwords.check(password, field="new", of=(email, name))
    kept = passwords.hashed(password)

    def deed() -> str:
        check(key)
        person = people.add(SYSTEM, external_id="first-admin", name=name, email=email, roles=ROLES)
        keep_password(SYSTEM, person_id=person.id, password_hash=kept)
        audit.note(SYSTEM, "began", "installation", person.public_id)
        path = _file()
        after_commit(lambda: path.unlink(missing_ok=True))
        return logins.begin(person.id)

    return write(deed)


def announce() -> str | None:
    """A line for whoever set up a database in which nobody is; the start prints it too. None when somebody is here."""
    path, database = _file(), _database()
    if database == DEMO or not is_empty():
        return None
    line = f"Nobody is here yet. Open {path_for(database)} behind the address of this site to become its first admin."
    path.write_text(line + "\n", encoding="utf-8")
    path.chmod(0o600)
    return line


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].instance) / FILE
