"""Keeping a whole installation in one file, and bringing it back: its database, its secret, its files."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_migrate import upgrade

from qa.core import audit, clock, migrating
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import ProductError, Refused
from qa.core.settings import Settings
from qa.core.upkeep import archive, copies

#: What lies in the instance's folder beside the database and cannot be made anew.
FILES = ("secret_key", "attachments")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: rows in its tables, entries in its audit log, bytes of the file."""

    rows: int
    entries: int
    size: int
    #: What the person at the keyboard should know.
    remark: str = ""


def back_up(target: Path) -> Kept:
    """Keep the installation in *target*, a new file, while people work; proven before it gets its name.

    Raises Refused when there is such a file, and ProductError when the chain of the audit log is broken.
    """
    if target.exists() or target.is_symlink():
        raise Refused(f"{target} is there already; a backup never overwrites one.")
    if not target.absolute().parent.is_dir():
        raise ProductError(f"There is no folder {target.absolute().parent}.")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as place:
        folder = Path(place)
        # Read first: whatever is chained until the copy is taken comes on top of this entry.
        verdict, head = audit.verify(), audit.head()
        db.session.rollback()
        if verdict.bad_seq is not None:
            raise ProductError(f"The audit log is broken at entry {verdict.bad_seq}: {verdict.why}. Nothing was kept.")
        said = copies.copy_out(folder)
        _copy_files(_settings().instance, folder / "instance")
        manifest = {**said, "made_at": clock.now().isoformat(), "audit": {"seq": head.seq, "hash": head.hash}}
        archive.pack(folder, target, {**manifest, "secret": _mark(_settings().secret_key)})
    rows, size = sum(said["rows"].values()), target.stat().st_size
    write(lambda: audit.note(SYSTEM, "backed_up", "installation", "all", rows=rows, bytes=size))
    return Kept(rows, head.seq, size)


def restore(source: Path) -> Kept:
    """Bring back into this place, which must be empty, what *source* holds; then migrate it and prove its audit log.

    Raises BadInput when *source* is no whole backup, and Refused when something is here already.
    """
    copies.refuse_if_used()
    settings = _settings()
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.instance) as place:
        folder = Path(place)
        manifest = archive.unpack(source, folder)
        if manifest["database"] != ("sqlite" if settings.is_sqlite else "postgresql"):
            raise Refused(f"This backup is of a {manifest['database']} database, and this place has another kind.")
        if any((settings.instance / name).exists() for name in FILES if name != "secret_key"):
            raise Refused(f"There are files in {settings.instance} already; a restore never overwrites them.")
        if not settings.is_sqlite:
            migrating.group(current_app._get_current_object())
            upgrade(directory=migrating.FOLDER, revision=manifest["revision"])
        copies.copy_in(folder, manifest)
        _bring_files(folder / "instance", settings)
    migrating.upgrade()
    for step in current_app.extensions["setup_steps"]:
        write(step)
    kept = audit.Head(manifest["audit"]["seq"], manifest["audit"]["hash"])
    verdict = audit.verify(kept)
    if verdict.bad_seq is not None:
        raise ProductError(f"It is here, but its audit log is broken at entry {verdict.bad_seq}: {verdict.why}.")
    write(lambda: audit.note(SYSTEM, "restored", "installation", "all", made_at=manifest["made_at"]))
    remark = "" if _mark(_secret(settings)) == manifest["secret"] else (
        "SECRET_KEY is not the one of the installation that was kept: give it the old one, or every sitting ends "
        "and sequences that hang on it begin anew."
    )  # fmt: skip
    return Kept(sum(manifest["rows"].values()), verdict.entries, source.stat().st_size, remark)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _secret(settings: Settings) -> str:
    """The secret that the next start will use: the environment's, else the one in the folder."""
    path = settings.instance / "secret_key"
    return path.read_text().strip() if path.exists() else settings.secret_key


def _mark(secret: str) -> str:
    """What tells whether two secrets are the same, and nothing else of them."""
    return hashlib.sha256(b"second look backup" + secret.encode()).hexdigest()[:16]


def _copy_files(instance: Path, target: Path) -> None:
    for name in FILES:
        source = instance / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore_dangling_symlinks=True)
        elif source.exists():
            target.mkdir(exist_ok=True)
            shutil.copy(source, target / name)


def _bring_files(source: Path, settings: Settings) -> None:
    """Put the kept files where they were; a secret that the first start just drew here gives way to the old one."""
    for name in FILES:
        if (source / name).exists():
            if (settings.instance / name).is_file():
                (settings.instance / name).unlink()
            shutil.move(source / name, settings.instance / name)
