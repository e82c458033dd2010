"""The databases of an installation that `start.py` keeps: the demonstration and the own data, one of which is open.

A page opens the other one by writing its name into `current`; the supervisor then ends web and worker in order and
begins them anew on it. Where the database is named from outside there is nothing to open.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.engine import make_url

from qa.core import audit
from qa.core.access import Actor
from qa.core.accounts import beginning
from qa.core.db import after_commit
from qa.core.errors import Refused
from qa.core.settings import Settings

OWN, DEMO = "second_look.sqlite3", "demo.sqlite3"


@dataclass(frozen=True, slots=True)
class Installation:
    """Which database is open, and why another one cannot be opened, if so."""

    is_demo: bool
    is_own: bool
    has_own: bool
    has_demo: bool
    why_not: str | None


def present() -> Installation:
    """How this installation stands."""
    settings = _settings()
    name = _name(settings)
    here = [(settings.instance / one).exists() for one in (OWN, DEMO)]
    return Installation(name == DEMO, name == OWN, here[0], here[1], _why_not(settings, name))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _name(settings: Settings) -> str:
    """The database's file, where it is one of the installation's folder."""
    if not settings.is_sqlite:
        return ""
    path = Path(make_url(settings.database_url).database or "")
    return path.name if path.parent == settings.instance else ""


def _why_not(settings: Settings, name: str) -> str | None:
    if name not in (OWN, DEMO):
        return (
            "The database of this installation is named by DATABASE_URL, which a page cannot change. Whoever runs the "
            "server can name another one there and start it again."
        )
    if not settings.supervised:
        return (
            "This server was not begun by start.py, so nobody would start it again on the other database. Whoever runs "
            "it can do so with start.py --empty or start.py --demo."
        )
    return None


def open_own(actor: Actor) -> str | None:
    """Have the own data opened, which begin empty; the path by which their first admin comes in, if nobody has yet."""
    found = present()
    _check(found, found.is_demo)
    _open(actor, OWN)
    return None if found.has_own and _is_inhabited(_settings().instance / OWN) else beginning.path_for(OWN)


def _is_inhabited(path: Path) -> bool:
    """Whether somebody is in a database that is not open; nobody is in one that was never set up."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        try:
            return base.execute("SELECT 1 FROM person LIMIT 1").fetchone() is not None
        except sqlite3.DatabaseError:
            return False


def open_demo(actor: Actor) -> None:
    """Have the demonstration opened again."""
    found = present()
    _check(found, found.is_own)
    _open(actor, DEMO)


def _check(found: Installation, is_other: bool) -> None:
    if found.why_not is not None:
        raise Refused(found.why_not)
    if not is_other:
        raise Refused("That database is open already.")


def _open(actor: Actor, name: str) -> None:
    audit.note(actor, "opened", "database", name)
    pointer = _settings().instance / "current"
    after_commit(lambda: _point(pointer, name))


def _point(pointer: Path, name: str) -> None:
    new = pointer.with_suffix(".new")
    new.write_text(name + "\n", encoding="utf-8")
    new.replace(pointer)
