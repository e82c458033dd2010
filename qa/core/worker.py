"""The worker: Huey's consumer over a SQLite file (PostgreSQL or Redis by QUEUE_URL in a later step)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab

from qa.core import jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Queue:
    """An app's queue, and the task that carries a job's number to the worker."""

    huey: SqliteHuey
    run_job: Any


def queue(app: Flask) -> Queue:
    """The queue of *app*, made when it is first wanted; of two threads that make one, either's file is the same."""
    found = app.extensions.get("queue")
    return found if found is not None else app.extensions.setdefault("queue", _make(app))


def _make(app: Flask) -> Queue:
    """A queue with the two tasks that all background work runs through."""
    path = app.config["SETTINGS"].instance / "queue.sqlite3"
    huey = SqliteHuey("second_look", filename=str(path), immediate=False, results=False)

    def run_job(job_id: int) -> None:
        with app.app_context():
            jobs.run(job_id)

    def tick() -> None:
        """Every minute: bring back what was lost, queue what has come round, do what nobody was woken for."""
        with app.app_context():
            jobs.reap()
            jobs.plan_periodic()
            jobs.run_due(limit=50)

    huey.periodic_task(crontab(minute="*"), name="tick")(tick)
    return Queue(huey, huey.task(name="run_job")(run_job))


def wake(app: Flask, job_id: int, wait: float = 0.0) -> None:
    """Tell the worker, at once or in *wait* seconds; when the queue cannot be reached, the next tick finds the row all
    the same."""
    try:
        if wait > 0:
            queue(app).run_job.schedule((job_id,), delay=ceil(wait))
        else:
            queue(app).run_job(job_id)
    except Exception:
        log.warning("job %s: the queue could not be reached; the next tick runs it", job_id, exc_info=True)


def serve(app: Flask) -> None:
    """Work until the process is told to end."""
    with app.app_context():
        jobs.reap()
        jobs.plan_periodic()
        jobs.run_due()
    queue(app).huey.create_consumer(workers=1, worker_type="thread", periodic=True, initial_delay=0.1).run()
