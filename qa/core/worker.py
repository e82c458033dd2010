"""The worker: Huey's consumer over a SQLite file (PostgreSQL or Redis by QUEUE_URL in a later step)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask
from huey import SqliteHuey, crontab

from qa.core import jobs

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Give *app* its queue and the two tasks that all background work runs through."""
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

    run_job_task = huey.task(name="run_job")(run_job)
    huey.periodic_task(crontab(minute="*"), name="tick")(tick)
    app.extensions["huey"] = huey
    app.extensions["wake_worker"] = _waker(run_job_task)


def _waker(task: Callable[[int], object]) -> Callable[[int], None]:
    def wake(job_id: int) -> None:
        """Tell the worker; when the queue cannot be reached, the next tick finds the row all the same."""
        try:
            task(job_id)
        except Exception:
            log.warning("job %s: the queue could not be reached; the next tick runs it", job_id, exc_info=True)

    return wake


def serve(app: Flask) -> None:
    """Work until the process is told to end."""
    with app.app_context():
        jobs.reap()
        jobs.plan_periodic()
        jobs.run_due()
    app.extensions["huey"].create_consumer(workers=1, worker_type="thread", periodic=True, initial_delay=0.1).run()
