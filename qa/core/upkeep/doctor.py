"""What is wrong with an installation, and what to do about it: one line for each thing that has to be right."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from qa.core import admin_queries, clock
from qa.core.db import db, is_sqlite
from qa.core.migrating import FOLDER
from qa.core.models import AuditEntry, Job, Person, RoleGrant
from qa.core.notices import mailing
from qa.core.notices.models import Delivery
from qa.core.settings import Settings

LEAST_FREE, LITTLE_FREE = 512 * 1024**2, 5 * 1024**3
#: The worker's clock ticks once a minute; what has waited for so long waits in vain.
WAITED_TOO_LONG = timedelta(minutes=10)
OLD_BACKUP = timedelta(days=7)
CLOCKS_APART = timedelta(seconds=30)
#: A key that is younger than the data by more was not drawn at set-up.
NEW_SECRET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at. *state*: ok, warn (mend it soon) or bad (something does not work)."""

    what: str
    state: str
    line: str
    remedy: str = ""


def examine() -> list[Found]:
    """Look at everything; where the database does not answer, at what can be seen without it."""
    found = [*_secret(), *_folder(), *_disk(), *_mail()]
    try:
        for look in _OF_DATABASE:
            found.extend(look())
    except DBAPIError as error:
        db.session.rollback()
        said = str(error.orig).strip().splitlines()[0]
        missing = "no such table" in said or "does not exist" in said
        remedy = "Run `flask setup`." if missing else "Check DATABASE_URL, and that the database runs."
        found.append(Found("Database", "bad", said, remedy))
    return found


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _secret() -> Iterator[Found]:
    path = _settings().instance / "secret_key"
    if "SECRET_KEY" in os.environ or not path.exists():
        yield Found("Secret", "ok", "given by SECRET_KEY; keep a copy of it beside your backups")
    elif path.stat().st_mode & 0o077:
        yield Found("Secret", "bad", f"{path} can be read by others", f"Run `chmod 600 {path}`.")
    else:
        yield Found("Secret", "ok", "drawn at set-up, readable by its owner alone")
    if _settings().environment == "production" and not _settings().https:
        yield Found(
            "HTTPS", "warn", "cookies are sent without encryption too",
            "Put a TLS proxy in front, then set SECOND_LOOK_HTTPS=1 and SECOND_LOOK_TRUSTED_PROXIES=1; "
            "on one machine alone (127.0.0.1) this is fine.",
        )  # fmt: skip


def _folder() -> Iterator[Found]:
    folder = _settings().instance
    if not os.access(folder, os.W_OK):
        yield Found("Folder", "bad", f"{folder} cannot be written", "Give it to the account that runs Second Look.")
    elif folder.stat().st_mode & 0o007:
        yield Found("Folder", "warn", f"{folder} is open to everybody", f"Run `chmod 700 {folder}`.")
    else:
        yield Found("Folder", "ok", str(folder))


def _disk() -> Iterator[Found]:
    free = shutil.disk_usage(_settings().instance).free
    line = f"{free / 1024**3:.1f} GB free"
    state = "bad" if free < LEAST_FREE else "warn" if free < LITTLE_FREE else "ok"
    yield Found("Disk", state, line, "" if state == "ok" else "Make room: a full disk stops every import and grade.")


def _mail() -> Iterator[Found]:
    settings = _settings()
    names = {
        "SECOND_LOOK_SMTP_URL": settings.smtp_url, "SECOND_LOOK_MAIL_FROM": settings.mail_from,
        "SECOND_LOOK_URL": settings.public_url,
    }  # fmt: skip
    missing = [name for name, value in names.items() if not value]
    if not settings.smtp_url and not settings.mail_from:
        yield Found("Mail", "ok", "not set up: people read notices here, and an admin copies links")
    elif missing:
        line = f"nothing is sent: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        yield Found("Mail", "bad", line, "Set all three, or none.")
    else:
        try:
            mailing.reach()
        except mailing.NotSent as error:
            line = f"the server of SECOND_LOOK_SMTP_URL cannot be used ({error})"
            yield Found("Mail", "bad", line, "Check its address, port, name and password, and that it is reached.")
        else:
            yield Found("Mail", "ok", "the server answers")


def _sent() -> Iterator[Found]:
    since = clock.now() - timedelta(days=1)
    query = select(func.count(Delivery.id)).where(Delivery.state == "failed", Delivery.created_at > since)
    failed = db.session.scalar(query) or 0
    if failed:
        line = f"{failed} messages of a day were given up"
        yield Found("Messages", "warn", line, "Check the mail server and the chat channel; notices stay readable here.")


def _secret_is_ours() -> Iterator[Found]:
    path = _settings().instance / "secret_key"
    first = db.session.scalar(select(func.min(AuditEntry.at)))
    if "SECRET_KEY" in os.environ or first is None or not path.exists():
        return
    if db.session.scalar(select(Person.id).where(Person.invented).limit(1)) is not None:
        return  # the demonstration's past was made up after its key was drawn
    drawn = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if drawn > first + NEW_SECRET:
        yield Found(
            "Secret key", "warn", f"the key is of {drawn:%d %b %Y}, the data begins on {first:%d %b %Y}",
            "If nobody changed it on purpose, the old one was lost: put back secret_key from a backup. With a new one "
            "everybody signs in anew, and repeated requests to erase are not known as such.",
        )  # fmt: skip


def _database() -> Iterator[Found]:
    if is_sqlite():
        wrong = db.session.scalar(text("PRAGMA quick_check(1)"))
        mode = db.session.scalar(text("PRAGMA journal_mode"))
        if wrong != "ok":
            yield Found("Database", "bad", f"the file is damaged: {wrong}", "Stop Second Look and restore a backup.")
        elif mode != "wal":
            yield Found(
                "Database", "bad", f"journal mode {mode}", "Its disk cannot keep a WAL: move it to a local disk."
            )
        else:
            yield Found("Database", "ok", "SQLite, whole")
    else:
        version = db.session.scalar(text("SHOW server_version"))
        yield Found("Database", "ok", f"PostgreSQL {version}")
        if db.session.scalar(text("SHOW fsync")) != "on":
            yield Found("Database", "bad", "fsync is off: a power cut loses grades", "Set fsync = on in its settings.")


def _migrations() -> Iterator[Found]:
    config = Config()
    config.set_main_option("script_location", FOLDER)
    wanted = ScriptDirectory.from_config(config).get_current_head()
    held = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if held != wanted:
        line = f"the database is at {held}, this version needs {wanted}"
        yield Found("Set-up", "bad", line, "Run `flask backup`, then `flask setup`.")
    else:
        yield Found("Set-up", "ok", f"at {held}")


def _clock() -> Iterator[Found]:
    here = datetime.fromtimestamp(time.time(), UTC)
    if not is_sqlite():
        there = db.session.scalar(text("SELECT clock_timestamp()"))
        if abs(there - here) > CLOCKS_APART:
            apart = round(abs((there - here).total_seconds()))
            yield Found("Clock", "bad", f"{apart} s apart from the database's", "Set both by NTP.")
            return
    last = db.session.scalar(select(func.max(AuditEntry.at)))
    if last is not None and last > clock.now() + CLOCKS_APART:
        yield Found("Clock", "bad", f"it is before the last audit entry ({last:%d %b %Y %H:%M} UTC)", "Set it by NTP.")
    else:
        yield Found("Clock", "ok", f"{clock.now():%d %b %Y %H:%M} UTC")


def _worker() -> Iterator[Found]:
    late = clock.now() - WAITED_TOO_LONG
    waits = select(func.count()).where(Job.state == "queued", Job.created_at < late, Job.run_after < late)
    waiting = db.session.scalar(waits.select_from(Job)) or 0
    if waiting:
        line = f"{waiting} jobs have waited for more than ten minutes"
        yield Found("Worker", "bad", line, "Start it: `flask jobs run` (start.py does so by itself).")
    else:
        yield Found("Worker", "ok", "no job waits in vain")
    since = clock.now() - timedelta(days=1)
    failed = db.session.scalar(select(func.count(Job.id)).where(Job.state == "failed", Job.ended_at > since)) or 0
    if failed:
        line = f"{failed} failed within a day"
        yield Found("Jobs", "warn", line, "See Administration, Background jobs, or `flask jobs list`.")


def _audit() -> Iterator[Found]:
    verified = admin_queries.last_verification()
    if verified is None:
        yield Found("Audit log", "warn", "never verified here", "Run `flask audit verify`; the worker does it daily.")
    elif verified[1].get("bad_seq") is not None:
        line = f"the chain is broken at entry {verified[1]['bad_seq']}: {verified[1].get('why', '')}"
        yield Found("Audit log", "bad", line, "Compare with an anchor or a backup; tell who answers for the data.")
    else:
        yield Found("Audit log", "ok", f"verified {verified[0]:%d %b %Y}, {verified[1].get('entries', 0)} entries")


def _backups() -> Iterator[Found]:
    last = db.session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.verb == "backed_up"))
    if last is None or last < clock.now() - OLD_BACKUP:
        line = "none was made" if last is None else f"the last one was made on {last:%d %b %Y}"
        yield Found("Backup", "warn", line, "Run `flask backup PATH`, daily, and keep it on another machine.")
    else:
        yield Found("Backup", "ok", f"made {last:%d %b %Y}")


def _people() -> Iterator[Found]:
    admins = (
        select(func.count(Person.id.distinct()))
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.active, RoleGrant.role == "admin", RoleGrant.to_at.is_(None))
    )
    if not db.session.scalar(admins):
        yield Found("People", "bad", "nobody is an admin", "Run `flask people add --role admin ...`.")
    else:
        yield Found("People", "ok", "there is an admin")


_OF_DATABASE: tuple[Callable[[], Iterator[Found]], ...] = (
    _database, _migrations, _secret_is_ours, _clock, _worker, _sent, _audit, _backups, _people,
)  # fmt: skip
