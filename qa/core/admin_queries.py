"""What the pages of administration show: the state of the installation, settings and their past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from qa.core import audit, preferences, released
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Job, Person, Setting
from qa.core.preferences import Preference

VERIFY = "audit.verify"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting with the value that holds for the whole site, and who set it when."""

    preference: Preference
    value: Any
    set_at: datetime | None = None
    set_by: str | None = None

    @property
    def written(self) -> str:
        """The value as a form takes it."""
        return preferences.written(self.value)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an admin's home card says."""

    people: int
    failed_jobs: int
    head: int
    bad_seq: int | None
    verified_at: datetime | None


def is_ready() -> bool:
    """Whether the database answers and is set up."""
    try:
        db.session.execute(select(Person.id).limit(1)).all()
    except DBAPIError:
        db.session.rollback()
        return False
    return True


def last_verification() -> tuple[datetime, dict[str, Any]] | None:
    """When the chain was last verified here, and what was found."""
    query = select(Job.ended_at, Job.result).where(Job.kind == VERIFY, Job.state == "done")
    row = db.session.execute(query.order_by(Job.id.desc()).limit(1)).first()
    return None if row is None else (row.ended_at, row.result or {})


def is_verifying() -> bool:
    """Whether somebody asked for a verification that has not ended yet."""
    query = select(Job.id).where(Job.kind == VERIFY, Job.state.in_(("queued", "leased")))
    return db.session.scalar(query.limit(1)) is not None


def settings(search: str = "", *, changed: bool = False) -> list[SettingLine]:
    """The settings whose name, meaning or key has all words of *search*, as they hold for the whole site now.

    *changed*: those alone that somebody has set.
    """
    lines, words = _set_now(), search.lower().split()
    found = [lines.get(key, SettingLine(known, known.default)) for key, known in preferences.KNOWN.items()]
    return [
        line
        for line in found
        if all(
            word in f"{line.preference.label} {line.preference.help} {line.preference.key}".lower() for word in words
        )
        and (line.set_at is not None or not changed)
    ]


def _set_now() -> dict[str, SettingLine]:
    """The latest value of each setting that was ever set for the whole site."""
    query = select(Setting.key, Setting.value, Setting.valid_from, Person.name)
    query = query.outerjoin(Person, Person.id == Setting.by_id).where(Setting.scope == "site")
    rows = db.session.execute(query.order_by(Setting.valid_from)).all()
    known = preferences.KNOWN
    return {
        row.key: SettingLine(known[row.key], row.value, row.valid_from, row.name or "Second Look")
        for row in rows
        if row.key in known
    }


def setting(key: str) -> SettingLine:
    """One setting as it holds for the whole site now."""
    past = history(key, limit=1)
    return past[0] if past else SettingLine(preferences.KNOWN[key], preferences.DEFAULTS[key])


def history(key: str, limit: int = 50) -> list[SettingLine]:
    """The values that a setting had for the whole site, newest first."""
    query = select(Setting.value, Setting.valid_from, Person.name).outerjoin(Person, Person.id == Setting.by_id)
    rows = query.where(Setting.key == key, Setting.scope == "site").order_by(Setting.valid_from.desc()).limit(limit)
    known = preferences.KNOWN[key]
    return [
        SettingLine(known, row.value, row.valid_from, row.name or "Second Look") for row in db.session.execute(rows)
    ]


def desk(person: Actor) -> Desk:
    """The state of the installation, for an admin's home."""
    people = select(func.count()).select_from(Person).where(Person.active)
    failed = select(func.count()).select_from(Job).where(Job.state == "failed")
    verified = last_verification()
    return Desk(
        people=db.session.scalar(people) or 0,
        failed_jobs=db.session.scalar(failed) or 0,
        head=audit.head(before=released.known_at(person)).seq,
        bad_seq=verified[1].get("bad_seq") if verified else None,
        verified_at=verified[0] if verified else None,
    )
