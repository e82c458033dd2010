"""Background work under `kill -9`: real workers, two at a time, die in the middle of a job."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Job, Setting
from qa.core.settings import ROOT
from tests.storm import counting
from tests.storm.server import told

JOBS, STEPS, KILLS = 4, 60, 4
PATIENCE_SECONDS = 400


class Workers:
    """Two `flask jobs run`; one that was killed is started again."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        self.running = [self._begin(), self._begin()]

    def _begin(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as said:
            words = [sys.executable, "-m", "flask", "jobs", "run"]
            return subprocess.Popen(words, cwd=ROOT, env=self.environment, stdout=said, stderr=said)

    def kill(self, number: int) -> None:
        """End one without warning, and start another one in its place."""
        os.kill(self.running[number].pid, signal.SIGKILL)
        self.running[number].wait()
        self.running[number] = self._begin()

    def end(self) -> None:
        """End both."""
        for process in self.running:
            process.kill()
            process.wait()


@contextmanager
def working(environment: dict[str, str], log: Path) -> Iterator[Workers]:
    workers = Workers(environment, log)
    try:
        yield workers
    finally:
        workers.end()


def states() -> dict[str, int]:
    """How many of our jobs are in each state."""
    db.session.rollback()
    query = select(Job.state, func.count()).where(Job.kind == counting.KIND).group_by(Job.state)
    return dict(db.session.execute(query).all())


def steps_done() -> int:
    """How many steps are stored."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Setting.key.like("storm %"))) or 0


def until(holds: Callable[[], bool], log: Path) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < PATIENCE_SECONDS, f"{states()}\n{log.read_text()}"
        time.sleep(0.2)


@pytest.mark.long
def test_workers_that_are_killed_lose_no_job_and_do_none_twice(real_app: Flask, tmp_path: Path) -> None:
    jobs.register(counting.KIND, counting.count)
    for number in range(JOBS):
        write(lambda number=number: jobs.enqueue(SYSTEM, counting.KIND, {"name": f"storm {number}", "upto": STEPS}))
    environment = told(real_app.config["SETTINGS"]) | {"FLASK_APP": "tests.storm.counting:create_app()"}
    log, chance, cut = tmp_path / "worker.log", random.Random(5), []

    with working(environment, log) as workers:
        for _ in range(KILLS):
            before = steps_done()
            until(lambda before=before: steps_done() >= before + 5 and states().get("leased", 0) > 0, log)
            cut.append(steps_done())
            workers.kill(chance.randrange(2))
        until(lambda: states() == {"done": JOBS}, log)

    stored = db.session.execute(select(Setting.key, func.count()).where(Setting.key.like("storm %")).group_by("key"))
    counted = dict(stored.all())
    rows = db.session.scalars(select(Job).where(Job.kind == counting.KIND)).all()
    tries = [row.attempts for row in rows]
    print(f"\n{db.engine.dialect.name}: killed at {cut} of {JOBS * STEPS} steps, tries per job {tries}")
    assert counted == {f"storm {name} {step}": 1 for name in range(JOBS) for step in range(STEPS)}
    assert sum(tries) > JOBS and all(row.result is not None and row.result["upto"] == STEPS for row in rows)
