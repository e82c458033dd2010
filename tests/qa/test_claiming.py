"""Many at once: nobody gets what another one has, nothing is lost, nobody is sent home while work waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask
from sqlalchemy import func, select

from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import ProductError
from qa.grading import blind
from qa.models.grading import Batch, Grade, Task
from qa.models.truth import Settlement, Truth
from tests.desk import Desk

T = TypeVar("T")


def at_once(app: Flask, deeds: list[Callable[[], T]]) -> list[T | str]:
    """Do all *deeds* at the same moment, each in a thread of its own; what each answered, or the refusal's name."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], T]) -> T | str:
        with app.app_context():
            start.wait()
            try:
                return deed()
            except ProductError as error:
                return type(error).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        answers = list(pool.map(one, deeds))
    db.session.rollback()  # what was read before knows nothing of it
    return answers


def work_through(grader: Actor) -> int:
    """Claim and grade until nothing waits; how many."""
    done = 0
    while (task := write(lambda: blind.claim(grader))) is not None:
        write(lambda task=task: blind.grade(
            grader, task, verdict="no_violation", confidence="low", claim_next=False
        ))  # fmt: skip
        done += 1
    return done


def test_sixteen_graders_share_the_queue_without_doubles_losses_or_false_ends(app: Flask) -> None:
    desk = Desk(graders=16)
    for _ in range(32):
        desk.drawn_case()

    done = at_once(app, [lambda one=one: work_through(one) for one in desk.graders])

    assert sum(int(count) for count in done) == 32
    assert Counter(db.session.scalars(select(Grade.task_id))).most_common(1)[0][1] == 1
    assert set(db.session.scalars(select(Task.state))) == {"graded"}


def test_a_claim_that_is_sent_many_times_at_once_takes_one_case(app: Flask) -> None:
    desk = Desk(graders=1)
    for _ in range(4):
        desk.drawn_case()

    answers = at_once(app, [lambda: write(lambda: blind.claim(desk.graders[0]))] * 8)

    assert len(set(answers)) == 1
    assert db.session.scalar(select(func.count()).where(Task.state == "held")) == 1


def test_a_grade_that_is_sent_many_times_at_once_is_stored_once_with_one_answer(app: Flask) -> None:
    desk = Desk(graders=1)
    for _ in range(3):
        desk.drawn_case()
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    assert task is not None

    def send() -> blind.Graded:
        return write(lambda: blind.grade(grader, task, verdict="no_violation", confidence="low", key="k"))

    answers = at_once(app, [send] * 8)

    assert len(set(answers)) == 1
    assert db.session.scalar(select(func.count(Grade.id))) == 1
    assert db.session.scalar(select(func.count(Batch.id))) == 1


def test_two_looks_at_one_case_that_are_committed_at_once_settle_it_once(app: Flask) -> None:
    desk = Desk(graders=2)
    desk.drawn_case(looks=2, decided="none", action="keep")
    for grader in desk.graders:
        work_through(grader)

    at_once(app, [lambda one=one: write(lambda: blind.close_batch(one)) for one in desk.graders])

    committed = select(func.count(Grade.id)).where(Grade.committed_at.is_not(None))
    assert db.session.scalar(committed) == 2
    assert db.session.scalars(select(Settlement.state)).all() == ["settled"]
    assert db.session.scalar(select(func.count(Truth.id))) == 1


def test_of_grade_skip_and_taking_back_at_once_one_wins_and_the_rest_are_refused(app: Flask) -> None:
    desk = Desk(graders=1)
    desk.drawn_case()
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    assert task is not None

    def grade() -> str:
        write(lambda: blind.grade(grader, task, verdict="no_violation", confidence="low", claim_next=False))
        return "graded"

    def skip() -> str:
        write(lambda: blind.skip(grader, task, reason="broken"))
        return "skipped"

    answers = at_once(app, [grade, skip, grade, skip])

    assert sorted(answers).count("Refused") == 3
    state = db.session.scalars(select(Task.state).where(Task.public_id == task)).one()
    assert state in answers
    assert db.session.scalar(select(func.count(Grade.id))) == (state == "graded")
