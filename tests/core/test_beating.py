"""Long work beside a job that goes on saying that it is alive."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from qa.core import beating, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.core.models import Job


def ran(kind: str, deed, monkeypatch: pytest.MonkeyPatch) -> Job:
    """The job of a kind that does *deed*, once it ended."""
    monkeypatch.setattr(beating, "SECONDS", 0.02)
    jobs.register(kind, lambda work: beating.beside(work, deed))
    job = write(lambda: jobs.enqueue(SYSTEM, kind))
    number = job.id
    jobs.run_due()
    db.session.expire_all()
    return db.session.get(Job, number)


def test_a_job_says_how_far_the_work_beside_it_is(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def deed(say: beating.Say) -> dict[str, int]:
        say(1, 3, "Half")
        time.sleep(0.3)
        return {"made": 7}

    job = ran("slow", deed, monkeypatch)

    assert (job.state, job.result, job.done, job.total, job.line) == ("done", {"made": 7}, 1, 3, "Half")


def test_a_cancelled_job_ends_at_the_next_step(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    def deed(say: beating.Say) -> None:
        (asked,) = db.session.query(Job.public_id).one()
        write(lambda: jobs.cancel(SYSTEM, asked))
        for step in range(200):
            steps.append(step)
            say(step, 200, "On")
            time.sleep(0.02)

    job = ran("long", deed, monkeypatch)

    assert job.state == "cancelled" and len(steps) < 200


def test_what_the_work_refuses_is_the_jobs_error(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def deed(say: beating.Say) -> None:
        raise Refused("Not today.")

    assert ran("refusing", deed, monkeypatch).error == "Not today."
