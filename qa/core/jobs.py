"""Work in the background. The `job` row is the truth; Huey only carries its number and wakes the worker.

The row is inserted in the deed's own transaction and its number queued after the commit. The worker claims it by one
guarded UPDATE, beats while it works, and a reaper gives back what a killed worker left: nothing is lost by `kill -9`,
because nothing but a number was ever in flight. A handler must be safe to run twice.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from qa.core import clock
from qa.core.access import SYSTEM, Actor, actor
from qa.core.db import after_commit, db, write
from qa.core.errors import NotFound, ProductError, Refused
from qa.core.models import Job

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 5

Handler = Callable[..., dict[str, Any] | None]


class Cancelled(Exception):
    """Somebody wanted the work to end."""


class LeaseLost(Exception):
    """Another worker has the job now; whatever this one still does must not count."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler holds of its job: who asked, and how to say how far it is."""

    job_id: int
    token: str
    actor: Actor

    def progress(self, done: int, total: int | None = None, line: str = "") -> None:
        """Beat: prolong the lease and say how far the work is. Raises Cancelled or LeaseLost.

        Call it between a handler's transactions, at least twice a minute.
        """
        now = clock.now()

        def beat() -> tuple[int, bool]:
            kept = db.session.execute(
                update(Job)
                .where(Job.id == self.job_id, Job.state == "leased", Job.lease_token == self.token)
                .values(beat_at=now, lease_until=now + LEASE, done=done, total=total, line=line[:300])
                .returning(Job.wanted_cancel)
            ).all()
            return len(kept), bool(kept and kept[0].wanted_cancel)

        kept, wanted = write(beat)
        if not kept:
            raise LeaseLost(f"job {self.job_id}")
        if wanted:
            raise Cancelled(f"job {self.job_id}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its handler and, when it comes by itself, how often."""

    handler: Handler
    every: timedelta | None = None


def register(name: str, handler: Handler, *, every: timedelta | None = None) -> None:
    """Teach the present app a kind of work. *every*: how often it comes by itself."""
    current_app.extensions["job_kinds"][name] = Kind(handler, every)


def enqueue(
    who: Actor,
    kind: str,
    args: dict[str, Any] | None = None,
    *,
    dedupe_key: str | None = None,
    run_after: datetime | None = None,
) -> Job | None:
    """Ask for work, in the present transaction; None when the same is already waiting or under way."""
    if kind not in current_app.extensions["job_kinds"]:
        raise KeyError(kind)
    job = Job(
        kind=kind,
        args=args or {},
        dedupe_key=dedupe_key,
        state="queued",
        run_after=run_after or clock.now(),
        by_id=who.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
            db.session.flush()
    except IntegrityError:
        return None
    wake = current_app.extensions["wake_worker"]
    number, wait = job.id, (job.run_after - clock.now()).total_seconds() if run_after else 0.0
    after_commit(lambda: wake(number, wait) if wait > 0 else wake(number))
    return job


def cancel(who: Actor, public_id: str) -> Job:
    """Ask for a job to end: at once when it waits, at its next beat when it runs."""
    job = db.session.scalar(select(Job).where(Job.public_id == public_id))
    if job is None:
        raise NotFound("job")
    if job.state == "queued":
        job.state, job.ended_at = "cancelled", clock.now()
    job.wanted_cancel = True
    db.session.flush()
    return job


def retry(who: Actor, public_id: str) -> Job:
    """Ask anew for what a job that failed or was cancelled was to do. Raises NotFound, Refused."""
    job = db.session.scalar(select(Job).where(Job.public_id == public_id))
    if job is None:
        raise NotFound("job")
    if job.state not in ("failed", "cancelled") or job.kind not in current_app.extensions["job_kinds"]:
        raise Refused("Only a job that failed or was cancelled can be asked for again.")
    again = enqueue(who, job.kind, job.args, dedupe_key=job.dedupe_key)
    if again is None:
        raise Refused("The same is waiting or under way already.")
    return again


def run(job_id: int) -> bool:
    """Claim and do one job; False when it is not to be had (taken, ended, or not due)."""
    token = secrets.token_hex(16)
    now = clock.now()

    def claim() -> tuple[str, dict[str, Any], int | None] | None:
        claimed = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "queued", Job.run_after <= now)
            .values(
                state="leased",
                lease_token=token,
                lease_until=now + LEASE,
                beat_at=now,
                attempts=Job.attempts + 1,
            )
            .returning(Job.kind, Job.args, Job.by_id)
        ).first()
        return None if claimed is None else (claimed.kind, claimed.args, claimed.by_id)

    claimed = write(claim)
    if claimed is None:
        return False
    kind, args, by_id = claimed
    who = (actor(by_id) if by_id is not None else None) or SYSTEM
    db.session.rollback()
    try:
        result = current_app.extensions["job_kinds"][kind].handler(Work(job_id, token, who), **args)
    except LeaseLost:
        return True
    except Cancelled:
        _end(job_id, token, "cancelled")
    except ProductError as error:
        _end(job_id, token, "failed", error=error.message)
    except Exception as error:
        current_app.logger.exception("job %s (%s) failed", job_id, kind)
        _fail(job_id, token, "".join(traceback.format_exception_only(error)).strip())
    else:
        _end(job_id, token, "done", result=result)
    return True


def _end(
    job_id: int, token: str, state: str, *, error: str | None = None, result: dict[str, Any] | None = None
) -> None:
    write(
        lambda: db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.lease_token == token, Job.state == "leased")
            .values(state=state, error=error, result=result, ended_at=clock.now(), lease_until=None)
        )
    )


def _fail(job_id: int, token: str, error: str) -> None:
    """Try again later, longer apart each time, and give up after some tries."""

    def again() -> None:
        job = db.session.scalar(select(Job).where(Job.id == job_id, Job.lease_token == token, Job.state == "leased"))
        if job is None:
            return
        job.error, job.lease_until = error[:2000], None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.ended_at = "failed", clock.now()
        else:
            job.state, job.run_after = "queued", clock.now() + timedelta(seconds=10 * 2**job.attempts)

    write(again)


def reap() -> int:
    """Give back what killed workers held; the number of jobs that wait again."""

    def give_back() -> int:
        lapsed = update(Job).where(Job.state == "leased", Job.lease_until < clock.now())
        ids = db.session.scalars(lapsed.values(state="queued", lease_until=None).returning(Job.id)).all()
        return len(ids)

    return write(give_back)


def due() -> list[int]:
    """Jobs that wait and may run now, oldest first."""
    query = select(Job.id).where(Job.state == "queued", or_(Job.run_after.is_(None), Job.run_after <= clock.now()))
    ids = list(db.session.scalars(query.order_by(Job.id)))
    db.session.rollback()
    return ids


def run_due(*, limit: int = 1000) -> int:
    """Do everything that waits, here and now; the number of jobs that ran. What a job asks for is done too."""
    ran = 0
    while ran < limit and (waiting := due()):
        did = sum(run(job_id) for job_id in waiting)
        if not did:
            break
        ran += did
    return ran


def plan_periodic() -> int:
    """Queue each kind of work whose time has come round; the number queued."""
    asked = 0
    for name, kind in current_app.extensions["job_kinds"].items():
        if kind.every is None:
            continue
        last = db.session.scalar(
            select(Job.created_at)
            .where(Job.kind == name, Job.dedupe_key == f"periodic:{name}")
            .order_by(Job.id.desc())
            .limit(1)
        )
        if last is None or clock.now() - last >= kind.every:
            asked += write(lambda name=name: enqueue(SYSTEM, name, dedupe_key=f"periodic:{name}")) is not None
    return asked
