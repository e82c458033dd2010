"""Many graders at once, through the pages of a real server whose workers are killed under them."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from flask import Flask

from qa.core.db import db
from tests.storm import history, scene
from tests.storm.graders import Grader, told_apart
from tests.storm.server import Server, serving, told

#: How often each case is to be graded: as in a plan that nobody changed, one in ten by two people.
PLANNED = [2 if n % 10 == 0 else 1 for n in range(2000)]
GRADERS = 32
WORKERS = 4
SECONDS_BETWEEN_KILLS = (1.0, 5.0)
LONGEST_SECONDS = 1200


def weather(graders: list[Grader], server: Server, chance: random.Random) -> float:
    """Let all *graders* work to the end, killing a worker now and then; how many seconds it took."""
    began = time.monotonic()
    for grader in graders:
        grader.start()
    due = began + 2.0
    while any(grader.is_alive() for grader in graders):
        if time.monotonic() > due:
            server.kill_one(chance)
            due = time.monotonic() + chance.uniform(*SECONDS_BETWEEN_KILLS)
        if time.monotonic() - began > LONGEST_SECONDS:
            for grader in graders:
                grader.stopping.set()
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.long
def test_no_grade_is_lost_doubled_or_half_written_when_workers_die_under_many_graders(
    real_app: Flask, tmp_path: Path
) -> None:
    set_up = scene.build(PLANNED, GRADERS)
    database = db.engine.dialect.name
    db.session.remove()
    environment, log = told(real_app.config["SETTINGS"]), tmp_path / "web.log"
    with serving(environment, log, workers=WORKERS) as server:
        graders = [Grader(seat, server.port, seed) for seed, seat in enumerate(set_up.seats)]

        seconds = weather(graders, server, random.Random(7))

    logs = [grader.log for grader in graders]
    kept, retries = sum(len(log.kept) for log in logs), sum(log.retries for log in logs)
    print(f"\n{database}: {len(PLANNED)} cases, {kept} grades in {seconds:.0f} s, {server.killed} kills")
    print(f"{retries} requests had no answer and were sent again")
    print(told_apart(logs))
    assert list(history.faults(set_up, graders)) == []
    assert kept == sum(PLANNED) and server.killed >= 1
