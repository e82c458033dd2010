"""What happens by itself: leases run out, batches close after a pause, late reveals open, results are published."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from qa.core import clock, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.models import Job, Person
from qa.grading import blind
from qa.models.grading import Batch, Grade, Task
from qa.models.truth import Finding, Settlement
from tests.desk import Desk


def graded(desk: Desk, grader: Actor) -> str:
    """A case in the open batch of *grader*."""
    desk.drawn_case()
    task = write(lambda: blind.claim(grader))
    assert task is not None
    write(lambda: blind.grade(
        grader, task, verdict="violates", section_key="conduct/threats", action="remove", confidence="low",
        claim_next=False,
    ))  # fmt: skip
    return task


def work() -> None:
    """All that is due by now."""
    jobs.plan_periodic()
    jobs.run_due()
    db.session.rollback()


def test_a_batch_that_idles_is_closed_and_settles_its_cases(app: Flask) -> None:
    desk = Desk(graders=2)
    graded(desk, desk.graders[0])

    with clock.fixed(clock.now() + timedelta(minutes=20)):
        graded(desk, desk.graders[1])
        work()
        early = set(db.session.scalars(select(Batch.state)))
    with clock.fixed(clock.now() + timedelta(minutes=40)):
        work()
        late = db.session.scalars(select(Batch.state).order_by(Batch.id)).all()

    assert early == {"open"}
    assert late == ["closed", "open"]
    assert db.session.scalars(select(Settlement.state).order_by(Settlement.case_id)).all() == ["settled", "open"]
    assert {job.state for job in db.session.scalars(select(Job))} == {"done"}


def test_the_batch_of_somebody_who_has_left_is_closed_too(app: Flask) -> None:
    desk = Desk(graders=1)
    graded(desk, desk.graders[0])
    write(lambda: db.session.execute(update(Person).where(Person.id == desk.graders[0].id).values(active=False)))

    with clock.fixed(clock.now() + timedelta(hours=1)):
        work()

    assert db.session.scalars(select(Grade.committed_at)).one() is not None


def test_a_grade_that_was_taken_back_and_left_goes_to_somebody_else(app: Flask) -> None:
    desk = Desk(graders=2)
    task = graded(desk, desk.graders[0])
    write(lambda: blind.take_back(desk.graders[0]))

    with clock.fixed(clock.now() + timedelta(hours=2)):
        work()
        other = write(lambda: blind.claim(desk.graders[1]))
        again = write(lambda: blind.claim(desk.graders[0]))

    assert (other, again) == (task, None)


def test_a_reveal_that_was_held_back_opens_when_its_day_has_come(app: Flask) -> None:
    desk = Desk(graders=1)
    graded(desk, desk.graders[0])
    write(lambda: blind.close_batch(desk.graders[0]))
    later = clock.now() + timedelta(days=1)
    write(lambda: db.session.execute(update(Task).values(state="committed", reveal_after=later)))

    work()
    before = db.session.scalars(select(Task.state)).one()
    with clock.fixed(later + timedelta(minutes=5)):
        work()

    assert before == "committed"
    assert db.session.scalars(select(Task.state)).one() == "revealed"
    assert db.session.scalars(select(Finding.state)).one() == "published"
