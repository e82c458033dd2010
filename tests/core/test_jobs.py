"""Background work: claimed once, given back when a worker dies, ended when somebody asks, tried again when it fails."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock, jobs, worker
from qa.core.access import SYSTEM
from qa.core.db import db, write, writing
from qa.core.errors import NotFound, Refused
from qa.core.jobs import LEASE, MAX_ATTEMPTS, Work
from qa.core.models import Job
from tests import factories
from tests.conftest import TODAY


def asked(kind: str, **args: object) -> int:
    job = write(lambda: jobs.enqueue(SYSTEM, kind, args))
    assert job is not None
    return job.id


def now_is(number: int) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, number)


def cancelled(public_id: str) -> None:
    write(lambda: jobs.cancel(SYSTEM, public_id))


def test_a_job_is_done_once_and_keeps_its_result(app: Flask) -> None:
    jobs.register("add", lambda _work, a, b: {"sum": a + b})
    number = asked("add", a=2, b=3)

    first, second = jobs.run(number), jobs.run(number)

    job = now_is(number)
    assert (first, second) == (True, False)
    assert (job.state, job.result, job.attempts) == ("done", {"sum": 5}, 1)


def test_a_job_that_was_rolled_back_was_never_asked_for(app: Flask) -> None:
    woken: list[int] = []
    app.extensions["wake_worker"] = woken.append
    jobs.register("add", lambda _work: None)

    with pytest.raises(Refused), writing():
        jobs.enqueue(SYSTEM, "add")
        raise Refused("no")

    assert db.session.scalar(select(func.count()).select_from(Job)) == 0 and woken == []


def test_the_worker_is_told_how_long_work_is_to_wait(sqlite_app: Flask) -> None:
    told: list[tuple[float, ...]] = []
    sqlite_app.extensions["wake_worker"] = lambda *asked: told.append(asked)
    jobs.register("add", lambda _work: None)

    now = write(lambda: jobs.enqueue(SYSTEM, "add"))
    later = write(lambda: jobs.enqueue(SYSTEM, "add", run_after=clock.now() + timedelta(seconds=10)))

    assert now is not None and later is not None
    assert told == [(now.id,), (later.id, 10.0)]


def test_what_is_to_wait_is_put_off_in_the_queue(sqlite_app: Flask) -> None:
    worker.queue(sqlite_app).huey.flush()

    worker.wake(sqlite_app, 1)
    worker.wake(sqlite_app, 2, 9.5)

    kept = worker.queue(sqlite_app).huey
    waiting = [task.eta is not None for task in kept.pending()]
    assert waiting == [False, True]


def test_the_same_work_waits_once(app: Flask) -> None:
    jobs.register("add", lambda _work: None)

    first = write(lambda: jobs.enqueue(SYSTEM, "add", dedupe_key="one"))
    second = write(lambda: jobs.enqueue(SYSTEM, "add", dedupe_key="one"))
    jobs.run_due()
    third = write(lambda: jobs.enqueue(SYSTEM, "add", dedupe_key="one"))

    assert first is not None and second is None and third is not None


def test_many_workers_do_a_job_once(app: Flask) -> None:
    done: list[int] = []
    jobs.register("add", lambda work: done.append(work.job_id))
    numbers = [asked("add") for _ in range(5)]

    def work() -> None:
        with app.app_context():
            for number in numbers:
                jobs.run(number)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == numbers


def test_what_a_dead_worker_held_is_given_back_when_its_lease_ends(app: Flask) -> None:
    tries: list[int] = []

    def die_first(work: Work) -> None:
        tries.append(work.job_id)
        if len(tries) == 1:
            raise KeyboardInterrupt

    jobs.register("add", die_first)
    number = asked("add")
    with pytest.raises(KeyboardInterrupt):
        jobs.run(number)

    with clock.fixed(TODAY + LEASE - timedelta(seconds=1)):
        too_early = jobs.reap()
    with clock.fixed(TODAY + LEASE + timedelta(seconds=1)):
        given_back, _ = jobs.reap(), jobs.run_due()

    assert (too_early, given_back) == (0, 1)
    assert (now_is(number).state, now_is(number).attempts) == ("done", 2)


def test_a_worker_whose_lease_went_to_another_one_counts_no_more(app: Flask) -> None:
    ended: list[str] = []

    def slow(work: Work) -> dict[str, str]:
        with clock.fixed(TODAY + LEASE * 2):
            jobs.reap()
            work.progress(1, 2)
        ended.append("slow")
        return {"by": "slow"}

    jobs.register("add", slow)
    number = asked("add")

    jobs.run(number)

    assert ended == [] and now_is(number).state == "queued" and now_is(number).result is None


def test_a_beat_prolongs_the_lease_and_says_how_far_the_work_is(app: Flask) -> None:
    seen: list[tuple[int, int | None, str]] = []

    def steps(work: Work) -> None:
        with clock.fixed(TODAY + LEASE / 2):
            work.progress(3, 10, "line 3")
        with clock.fixed(TODAY + LEASE * 1.2):
            assert jobs.reap() == 0
        job = now_is(work.job_id)
        seen.append((job.done, job.total, job.line))
        db.session.rollback()

    jobs.register("add", steps)

    jobs.run(asked("add"))

    assert seen == [(3, 10, "line 3")]


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_beat(app: Flask) -> None:
    beats: list[int] = []

    def work_on(work: Work) -> None:
        for step in range(5):
            work.progress(step, 5)
            beats.append(step)
            if step == 1:
                cancelled(now_is(work.job_id).public_id)

    jobs.register("add", work_on)
    waiting, running = asked("add"), asked("add")
    cancelled(now_is(waiting).public_id)

    jobs.run(running)

    assert now_is(waiting).state == "cancelled" and jobs.run(waiting) is False
    assert now_is(running).state == "cancelled" and beats == [0, 1]


def test_a_job_that_is_not_there_cannot_be_cancelled(sqlite_app: Flask) -> None:
    with pytest.raises(NotFound), writing():
        jobs.cancel(SYSTEM, "0" * 32)


def test_a_refusal_ends_a_job_and_its_words_are_kept(app: Flask) -> None:
    def refuse(_work: Work) -> None:
        raise Refused("The file is empty.")

    jobs.register("add", refuse)
    number = asked("add")

    jobs.run(number)

    assert (now_is(number).state, now_is(number).error) == ("failed", "The file is empty.")


def test_a_crash_is_tried_again_later_and_in_the_end_given_up(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def crash(_work: Work) -> None:
        raise ZeroDivisionError("division by zero")

    jobs.register("add", crash)
    number, waits, moment = asked("add"), [], TODAY
    for _ in range(MAX_ATTEMPTS):
        with clock.fixed(moment):
            assert jobs.run(number)
        job = now_is(number)
        waits.append((job.run_after - moment).total_seconds())
        moment = max(moment, job.run_after)

    assert now_is(number).state == "failed" and "ZeroDivisionError" in (now_is(number).error or "")
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] > 0


def test_a_job_acts_as_who_asked_for_it_or_as_the_system_when_they_left(app: Flask) -> None:
    names: list[str] = []
    jobs.register("who", lambda work: names.append(work.actor.name))
    here, gone = factories.person("admin", name="Ada"), factories.person("admin", name="Bo")
    ours = write(lambda: jobs.enqueue(factories.acting(here), "who"))
    theirs = write(lambda: jobs.enqueue(factories.acting(gone), "who"))

    def leave() -> None:
        gone.active = False
        db.session.add(gone)

    write(leave)
    assert ours is not None and theirs is not None
    jobs.run_due()

    assert names == ["Ada", "Second Look"]


def test_periodic_work_comes_round_and_not_twice(app: Flask) -> None:
    ran: list[int] = []
    app.extensions["job_kinds"].clear()
    jobs.register("tidy", lambda work: ran.append(work.job_id), every=timedelta(hours=6))

    for hours in (0, 1, 5, 6, 7, 12, 30):
        with clock.fixed(TODAY + timedelta(hours=hours)):
            jobs.plan_periodic()
            jobs.run_due()

    assert len(ran) == 4
