"""Evidence packs: asked for on a page, made by a job, kept for a week, and gone as soon as somebody is erased."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from qa.core import audit, clock, jobs, packing
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.models import Job
from qa.models.texts import Erasure

JOB, SWEEP = "evidence.pack", "evidence.sweep"
KEPT = timedelta(days=7)
#: Packs that a person's page lists.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack that somebody asked for."""

    public_id: str
    state: str
    asked_at: datetime
    done: int
    total: int | None
    line: str
    sha256: str | None
    bytes: int
    error: str | None
    #: Whether its file can still be had.
    is_there: bool

    @property
    def is_open(self) -> bool:
        """Whether its job still waits or runs."""
        return self.state in ("queued", "leased")


def why_not(actor: Actor) -> str | None:
    """Why *actor* is given no pack; None where they are."""
    if actor.can_be_given_blind_tasks:
        return "You may be given cases to grade, and a pack tells what came out of every one of them."
    if not actor.has("admin") and actor.managed_teams is not None:
        return "A pack holds the figures of every team, so it is for those who look after all of them."
    return None


def ask(actor: Actor) -> bool:
    """Ask for a pack; False when one of *actor*'s is being made already. Raises Refused for who may not have one."""
    _check(actor)
    asked = jobs.enqueue(actor, JOB, dedupe_key=f"{JOB}:{actor.id}")
    if asked is not None:
        audit.note(actor, "asked_for", "evidence_pack", asked.public_id)
    return asked is not None


def make(work: jobs.Work) -> dict[str, Any]:
    """The job: read everything as it stands at one moment, and keep the pack for whoever asked."""
    _check(work.actor)
    public_id = str(db.session.scalar(select(Job.public_id).where(Job.id == work.job_id)))
    target = path_of(public_id)
    manifest = packing.write_pack(target, lambda done, of, line: _beat(work, done, of, line))
    found = {"sha256": digest(target), "bytes": target.stat().st_size}
    write(lambda: audit.note(work.actor, "made", "evidence_pack", public_id, files=len(manifest["files"]), **found))
    return found


def _beat(work: jobs.Work, done: int, of: int, line: str) -> None:
    """Say how far it is in a transaction of its own: the one that reads must not end."""
    with current_app.app_context():
        work.progress(done, of, line)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def listed(actor: Actor) -> list[Pack]:
    """The newest packs that *actor* asked for; nobody is shown another one's."""
    query = select(Job).where(Job.kind == JOB, Job.by_id == actor.id).order_by(Job.id.desc()).limit(SHOWN)
    return [_pack(job) for job in db.session.scalars(query)]


def file_of(actor: Actor, public_id: str) -> Path:
    """Where the pack lies. Raises NotFound for one that is not *actor*'s, or gone; Refused for who may have none."""
    job = db.session.scalar(
        select(Job).where(Job.public_id == public_id, Job.kind == JOB, Job.by_id == actor.id, Job.state == "done")
    )
    if job is None or not _pack(job).is_there:
        raise NotFound("evidence pack")
    _check(actor)
    return path_of(public_id)


def sweep(_work: jobs.Work) -> dict[str, Any]:
    """The job that takes out packs whose time is over, and those from before somebody was erased."""
    kept = {job.public_id for job in db.session.scalars(select(Job).where(Job.kind == JOB)) if _stands(job)}
    db.session.rollback()
    gone = [path for path in _folder().glob("*.zip") if path.stem not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return {"removed": len(gone)}


def _check(actor: Actor) -> None:
    refused = why_not(actor)
    if refused is not None:
        raise Refused(refused)


def _pack(job: Job) -> Pack:
    result = job.result or {}
    is_there = job.state == "done" and _stands(job) and path_of(job.public_id).exists()
    return Pack(
        job.public_id, job.state, job.created_at, job.done, job.total, job.line, result.get("sha256"),
        int(result.get("bytes", 0)), job.error, is_there,
    )  # fmt: skip


def _stands(job: Job) -> bool:
    """Whether the file of this job is still wanted."""
    if job.ended_at is None:
        return True
    erased_at = db.session.scalar(select(func.max(Erasure.created_at)))
    return clock.now() - job.ended_at < KEPT and (erased_at is None or erased_at < job.created_at)


def _folder() -> Path:
    folder = Path(current_app.config["SETTINGS"].instance) / "packs"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(public_id: str) -> Path:
    """Where the pack of this job lies, or will."""
    return _folder() / f"{public_id}.zip"
