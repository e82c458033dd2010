"""After the batch: the differences that fell to this grader are settled by keys, one after the other."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import blind
from qa.models.grading import Task
from qa.models.truth import Finding
from tests.desk import Desk
from tests.e2e.conftest import leave, press, settled
from tests.e2e.test_journeys import house  # noqa: F401  (a fixture)

pytestmark = pytest.mark.browser


def look(who: Actor, note: str) -> None:
    """Grade and commit all that waits; no reveal is left to chance."""

    def one() -> bool:
        task = blind.claim(who)
        if task is not None:
            blind.grade(
                who, task, verdict="violates", section_key="conduct/threats", action="remove", confidence="high",
                note=note, claim_next=False,
            )  # fmt: skip
        return task is not None

    while write(one):
        pass
    write(lambda: blind.close_batch(who))
    write(lambda: db.session.execute(update(Task).values(release_at=clock.now())))
    write(lambda: db.session.execute(update(Task).where(Task.state == "committed").values(state="revealed")))


def test_differences_are_settled_by_a_digit_and_enter_each(house, axe):  # noqa: F811
    desk = Desk()
    for _ in range(2):
        desk.drawn_case(decided="none", action="keep")
    look(desk.graders[0], "")
    look(desk.graders[1], "The door and the hour are named.")

    page = house.enter(desk.graders[1])
    page.goto(house.address + "/grade/batch")
    leave(page, "Enter")
    settled(page)
    found = axe(page)
    press(page, "1")
    leave(page, "Enter")
    settled(page)
    press(page, "2 n")
    page.keyboard.type("Look at the hour. ")
    press(page, "Escape")
    leave(page, "Enter")

    rows = db.session.scalars(select(Finding).order_by(Finding.explained_at)).all()
    assert found == []
    assert page.url.endswith("/grade/batch")
    assert [row.explained_at is not None for row in rows] == [True, True]
    assert rows[0].feedback == "The door and the hour are named."
    assert "Look at the hour." in rows[1].feedback
    assert rows[0].root_cause != rows[1].root_cause
