"""A school whose agent has passed a quiz, and what is done with the checks that follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from tests.training.school import School
from training import jobs, learning, retention
from training.models.learning import Attempt
from training.models.retention import RetentionCheck


class Work:
    """As the worker hands it to a handler."""

    actor = SYSTEM


def passed(school: School) -> School:
    """The agent has passed a quiz on the module on the shelf."""
    address = school.given()
    write(lambda: learning.start(school.agent, address))
    no = write(lambda: learning.begin(school.agent, address))
    for number, asked in enumerate(snapshot(Attempt), 1):
        write(lambda n=number, a=asked: learning.answer(school.agent, address, no=no, question=n, option=a["key"][0]))
    return school


def snapshot(table: Any = RetentionCheck) -> list[dict[str, Any]]:
    """What the newest sitting asks."""
    fresh()
    return list(db.session.scalars(select(table.snapshot).order_by(table.id.desc()).limit(1)).one())


def fresh() -> None:
    db.session.rollback()
    db.session.expire_all()


@contextmanager
def after(days: int) -> Iterator[None]:
    """So many days after the quiz was passed."""
    with clock.fixed(clock.now() + timedelta(days=days)):
        yield


def offered(school: School) -> str | None:
    """The address of the check that the job puts before the agent."""
    jobs.check(Work())
    fresh()
    query = select(RetentionCheck.public_id).where(RetentionCheck.person_id == school.agent.id)
    return db.session.scalar(query.where(RetentionCheck.state == "due"))


def answered(school: School, address: str, *, wrong: int = 0) -> list[dict[str, Any]]:
    """Sit a check with the first *wrong* questions answered wrong; what was asked."""
    write(lambda: retention.begin(school.agent, address))
    asked = snapshot()
    for number, one in enumerate(asked, 1):
        options = [option["id"] for option in one["options"] if (option["id"] in one["key"]) != (number <= wrong)]
        write(lambda n=number, o=options[0]: retention.answer(school.agent, address, question=n, option=o))
    fresh()
    return asked
