"""The figure of guesses: what is counted, in which quarter, and as of when for whoever grades too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from calibration import guessing
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import queue, workflows
from qa.models.grading import Batch, Grade, Task
from qa.models.guesses import Guess
from tests import factories
from tests.conftest import TODAY
from tests.desk import Desk


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk(graders=1)


def guessed(desk: Desk, count: int, *, days_ago: int = 2, purpose: str = "first", **given: Any) -> None:
    """So many guesses on cases that were decided as a violation, and graded so; without words of it guessed right."""
    case = desk.case()
    person_id = factories.person("reviewer").id
    at = TODAY - timedelta(days=days_ago)

    def keep() -> None:
        batch = Batch(person_id=person_id, state="closed", opened_at=at, last_at=at, closed_at=at)
        db.session.add(batch)
        workflow = workflows.ensure("abuse_report").id
        wanted = [{"case_id": case.id, "workflow_id": workflow, "purpose": purpose, "round": n} for n in range(count)]
        queue.add_tasks(wanted, release_at=at)
        db.session.flush()
        for task in db.session.query(Task).filter(Task.case_id == case.id):
            task.state, task.person_id = "revealed", person_id
            db.session.add(Grade(
                task_id=task.id, batch_id=batch.id, person_id=person_id, verdict="violates", confidence="high",
                section_key="conduct/threats", graded_at=at, committed_at=at,
            ))  # fmt: skip
            values = {"state": "given", "verdict": "violates", "given_at": at} | given
            db.session.add(Guess(
                task_id=task.id, batch_id=batch.id, person_id=person_id, opens_at=at, created_at=at, **values
            ))  # fmt: skip

    write(keep)


def test_guesses_of_looks_at_random_make_the_quarters_figure(desk: Desk) -> None:
    guessed(desk, 30)
    guessed(desk, 10, verdict="no_violation")
    guessed(desk, 3, state="passed", verdict=None)
    guessed(desk, 2, state="asked", verdict=None, given_at=None)
    guessed(desk, 9, purpose="second")

    seen = guessing.told(desk.manager)

    (quarter,) = seen.quarters
    assert quarter.figure is not None
    assert (quarter.figure.n, quarter.figure.right, quarter.passed, quarter.unanswered) == (40, 30, 3, 2)
    assert quarter.figure.chance == 0.75
    assert (quarter.label, quarter.is_now) == ("Q4 2026", True)


def test_too_few_guesses_give_no_figure_and_quarters_stand_apart(desk: Desk) -> None:
    guessed(desk, 29)
    guessed(desk, 31, days_ago=80)

    seen = guessing.told(desk.manager)

    assert [(one.label, one.figure is None, one.given) for one in seen.quarters] == [
        ("Q4 2026", True, 29), ("Q3 2026", False, 31)
    ]  # fmt: skip
    assert seen.newest is seen.quarters[1]


def test_whoever_grades_too_is_told_as_of_the_last_release(desk: Desk) -> None:
    guessed(desk, 30, days_ago=0)
    both: Actor = factories.actor("manager", "reviewer", manages=None)

    assert guessing.card(desk.manager) is not None
    assert guessing.card(both) is None
    with clock.fixed(TODAY + timedelta(days=1)):
        assert guessing.card(both) is not None


def test_the_page_and_its_table_say_share_chance_and_interval(desk: Desk) -> None:
    guessed(desk, 30)
    guessed(desk, 10, verdict="no_violation")
    client = factories.browser(desk.app, desk.manager)

    page, table, home = client.get("/guessing").text, client.get("/guessing.csv").text, client.get("/").text

    assert "Nothing shows that graders could guess" in page
    assert "75.0%" in page
    assert "n=40" in page
    assert "[59% – 86%]" in page
    assert table.splitlines()[1].startswith("Q4 2026,0.75,0.598")
    assert "Could graders guess?" in home
