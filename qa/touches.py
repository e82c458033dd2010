"""Who has had to do with a case: they are never given it (again)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from qa.core import clock
from qa.core.db import ask, db
from qa.core.models import Person
from qa.models.cases import ClosedCase, Touch
from qa.models.grading import Task
from qa.models.guesses import Guess


def has_met(person: Any) -> ColumnElement[bool]:
    """In a query over `ClosedCase`: *person*, an id or a column, decided the case or had to do with it later.

    The one place that knows; whoever decided a case is written on the case itself and needs no touch.
    """
    touched = exists().where(Touch.case_id == ClosedCase.id, Touch.person_id == person).correlate_except(Touch)
    return or_(and_(ClosedCase.agent_id.is_not(None), ClosedCase.agent_id == person), touched)


def is_out_of(person: Any) -> ColumnElement[bool]:
    """In a query over `ClosedCase`: *person* has had to do with the case, and it is over for them.

    A grade of an open batch could still be taken back, so its case is not over yet, nor is one that waits for a further
    look of theirs or on which a guess is asked for.
    """
    at_hand = exists().where(
        Task.case_id == ClosedCase.id, Task.person_id == person, Task.state.in_(("waiting", "held", "graded"))
    )
    to_guess = exists().where(Guess.task_id == Task.id, Task.case_id == ClosedCase.id, Guess.person_id == person)
    to_guess = to_guess.where(Guess.state == "asked", Task.state == "committed")
    return and_(has_met(person), ~at_hand, ~to_guess)


def met_among(person_id: int | None, case_ids: Collection[int]) -> set[int]:
    """Those of *case_ids* that a person decided or had to do with."""
    return set(db.session.scalars(select(ClosedCase.id).where(ClosedCase.id.in_(case_ids), has_met(person_id))))


def how_many_met(people: Collection[int], case_ids: Collection[int]) -> dict[int, int]:
    """How many of *case_ids* each of *people* decided or had to do with; nobody who met none stands in it."""
    query = select(Person.id, func.count()).join(ClosedCase, has_met(Person.id))
    query = query.where(Person.id.in_(people), ClosedCase.id.in_(case_ids)).group_by(Person.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def touch(case_id: int, person_id: int, how: str) -> bool:
    """Remember that somebody has had to do with a case; whether that is new."""
    row = {"case_id": case_id, "person_id": person_id, "how": how, "created_at": clock.now()}
    return ask(_touching(db.engine.dialect.name, says=True), row).first() is not None


def touch_all(pairs: Iterable[tuple[int, int]], how: str) -> None:
    """The same for many pairs of a case and a person, in one statement."""
    now = clock.now()
    rows = [{"case_id": case_id, "person_id": person_id, "how": how, "created_at": now}
            for case_id, person_id in sorted(set(pairs))]  # fmt: skip
    if rows:
        ask(_touching(db.engine.dialect.name, says=False), rows)


@cache
def _touching(dialect: str, *, says: bool) -> Insert:
    """The statement that stores a touch unless it is there, and *says* whether it did; made once for each database."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Touch.__table__).on_conflict_do_nothing()
    return insert.returning(Touch.__table__.c.id) if says else insert
