"""The product with one more kind of work: counting, step by step, where a step that is there already is passed over."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

import wsgi
from qa.core import clock, jobs
from qa.core.db import db, write
from qa.core.jobs import Work
from qa.core.models import Setting

KIND = "storm.count"
#: Short, so that what a killed worker held is given back soon; a step takes far less.
LEASE = timedelta(seconds=8)
SECONDS_A_STEP = 0.1


def count(work: Work, name: str, upto: int) -> dict[str, Any]:
    """Store the numbers below *upto*, each in a transaction of its own; how many this run had to store itself."""
    stored = 0
    for step in range(upto):
        stored += write(lambda step=step: _store(f"{name} {step}", step))
        work.progress(step + 1, upto)
        time.sleep(SECONDS_A_STEP)
    return {"stored": stored, "upto": upto}


def _store(key: str, step: int) -> bool:
    if db.session.scalar(select(Setting.id).where(Setting.key == key)) is not None:
        return False
    db.session.add(Setting(key=key, value=step, valid_from=clock.now()))
    db.session.flush()
    return True


def create_app() -> Flask:
    """The app that `flask jobs run` stands on in this test."""
    app = wsgi.app
    jobs.LEASE = LEASE
    with app.app_context():
        jobs.register(KIND, count)
    return app
