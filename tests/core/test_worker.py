"""A worker that is killed in the middle: nothing is lost and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.jobs import LEASE
from qa.core.models import Job, Setting
from qa.core.settings import ROOT


def asked(kind: str, **args: object) -> int:
    job = write(lambda: jobs.enqueue(SYSTEM, kind, args))
    assert job is not None
    return job.id


def now_is(number: int) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, number)


WORKER = """
import os, sys, time
from qa.core import jobs
from qa.core.db import db, write
from qa.core.models import Setting
from qa.core import clock
from qa.core.settings import from_environment
from wsgi import create_app

app = create_app(from_environment())

def count(work, upto):
    for step in range(upto):
        def store(step=step):
            known = db.session.query(Setting.id).filter_by(key=f"step {step}").first()
            if known is None:
                db.session.add(Setting(key=f"step {step}", value=step, valid_from=clock.now()))
                db.session.flush()
        write(store)
        work.progress(step + 1, upto)
        print(step, flush=True)
        time.sleep(0.02)
    return {"steps": upto}

with app.app_context():
    jobs.register("count", count)
    jobs.reap()
    jobs.run_due()
"""


@pytest.mark.long
def test_kill_nine_of_a_worker_loses_nothing_and_doubles_nothing(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_app()
    script = tmp_path / "worker.py"
    script.write_text(textwrap.dedent(WORKER))
    settings = app.config["SETTINGS"]
    told = os.environ | {
        "DATABASE_URL": settings.database_url,
        "SECOND_LOOK_INSTANCE": str(settings.instance),
        "PYTHONPATH": str(ROOT),
    }

    def worker() -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, str(script)], env=told, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    with app.app_context():
        jobs.register("count", lambda _work, upto: None)
        number = asked("count", upto=40)
        killed = 0
        while now_is(number).state != "done" and killed < 4:
            process = worker()
            assert process.stdout is not None
            for _ in range(5 + 7 * killed):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            killed += 1
            assert now_is(number).state == "leased"
            with clock.fixed(clock.now() + LEASE * 2):
                jobs.reap()
        last = worker()
        last.communicate(timeout=60)

        job = now_is(number)
        steps = sorted(db.session.scalars(select(Setting.value)).all())
        assert (job.state, job.result, job.attempts) == ("done", {"steps": 40}, killed + 1)
        assert steps == list(range(40))
        db.session.remove()
        db.engine.dispose()
