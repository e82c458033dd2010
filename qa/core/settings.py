"""Settings of the installation, from the environment. Each default is safe in production and safe to publish."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Secrets that stand in tutorials; whoever uses one has none.
KNOWN_SECRETS = {
    "dev",
    "secret",
    "changeme",
    "change-me",
    "password",
    "test",
    "second-look",
    "secret-key",
    "key",
}


class SettingsError(SystemExit):
    """The installation cannot start like this; the text says what to do.

    A process that nobody catches it in ends with the text alone: whoever set a variable wrongly needs no stack.
    """


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is run with."""

    database_url: str
    instance: Path
    secret_key: str
    #: "production" or "development"; development adds the style page and nothing else.
    environment: str = "production"
    #: How many proxies in front are ours: only theirs are the X-Forwarded headers that count.
    trusted_proxies: int = 0
    https: bool = False
    idle_minutes: int = 30
    session_hours: int = 12
    max_upload_mb: int = 200
    #: `smtps://` or `smtp://name:password@host:port`; empty: nothing is mailed.
    smtp_url: str = ""
    mail_from: str = ""
    #: Where people reach the site, for links in what is sent.
    public_url: str = ""
    #: Whether a chat channel may lie inside the own network, and be reached by http.
    channels_inside: bool = False
    #: Where each call on call is posted, to ring a phone. Empty: no phone rings.
    on_call_hook: str = ""
    #: Whether `start.py` looks after this process, and starts it anew on the database that `current` names.
    supervised: bool = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, making the instance folder and the secret where they are missing.

    Raises SettingsError for a secret that anybody could guess, or a number that is none.
    """
    instance = Path(environ.get("SECOND_LOOK_INSTANCE", ROOT / "instance"))
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Settings(
        database_url=_database_url(environ, instance),
        instance=instance,
        secret_key=_secret_key(environ, instance),
        environment=environ.get("SECOND_LOOK_ENV", "production"),
        trusted_proxies=_whole(environ, "SECOND_LOOK_TRUSTED_PROXIES", 0),
        https=environ.get("SECOND_LOOK_HTTPS", "") in ("1", "yes", "true"),
        idle_minutes=_whole(environ, "SECOND_LOOK_IDLE_MINUTES", 30),
        session_hours=_whole(environ, "SECOND_LOOK_SESSION_HOURS", 12),
        max_upload_mb=_whole(environ, "SECOND_LOOK_MAX_UPLOAD_MB", 200),
        smtp_url=environ.get("SECOND_LOOK_SMTP_URL", ""),
        mail_from=environ.get("SECOND_LOOK_MAIL_FROM", ""),
        public_url=environ.get("SECOND_LOOK_URL", ""),
        on_call_hook=environ.get("SECOND_LOOK_ON_CALL_HOOK", ""),
        supervised=environ.get("SECOND_LOOK_SUPERVISED", "") == "1" and not environ.get("DATABASE_URL"),
        channels_inside=environ.get("SECOND_LOOK_CHANNELS_INSIDE", "") in ("1", "yes", "true"),
    )


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    """The named database, else the installation's current SQLite file."""
    named = environ.get("DATABASE_URL")
    if named:
        return driver_url(named)
    pointer = instance / "current"
    name = pointer.read_text().strip() if pointer.exists() else "second_look.sqlite3"
    return f"sqlite:///{instance / Path(name).name}"


def driver_url(named: str) -> str:
    """A database's address with the driver that the product uses."""
    for start in ("postgres://", "postgresql://"):
        if named.startswith(start):
            return "postgresql+psycopg://" + named[len(start) :]
    return named


def _secret_key(environ: Mapping[str, str], instance: Path) -> str:
    given = environ.get("SECRET_KEY")
    if given is not None:
        if given.lower() in KNOWN_SECRETS or len(given) < 32:
            raise SettingsError("SECRET_KEY must be a secret of at least 32 characters; leave it out and one is drawn.")
        return given
    return _drawn(instance / "secret_key")


def _drawn(path: Path) -> str:
    """The installation's own secret, drawn once however many processes start for the first time together."""
    kept = path.read_text().strip() if path.exists() else ""
    if kept:
        return kept
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        kept = handle.read().strip()  # somebody may have written it while we waited
        if not kept:
            kept = secrets.token_hex(32)
            handle.seek(0)
            handle.write(kept)
    return kept


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
