"""Plans and draws in the browser: written, counted, drawn by a job, and open to whoever checks."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from qa.core import jobs
from qa.forms.plans import EXAMPLE
from tests import factories
from tests.desk import Desk


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    desk = Desk(graders=1)
    for number in range(30):
        desk.case(severity="high" if number % 5 == 0 else "low")
    return desk


def test_a_manager_writes_a_plan_draws_by_it_and_an_observer_follows_the_draw(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)
    observer = factories.browser(desk.app, factories.actor("observer"))

    made = manager.send("/plans", {"text": EXAMPLE})
    jobs.run_due()
    before = manager.get(made.location).get_data(as_text=True)
    manager.send(f"{made.location}/draw")
    jobs.run_due()
    after = manager.get(made.location).get_data(as_text=True)
    address = re.search(r"/draws/[0-9a-f]{32}", after)
    draw = observer.get(address[0])

    assert "Eligible cases" in before and "Nothing was drawn yet" in before
    assert address is not None and draw.status_code == 200
    assert "flask plan verify" in draw.get_data(as_text=True)
    assert not re.search(r"\bc\d+\b", draw.get_data(as_text=True)), "a page names a drawn case"


def test_a_plan_that_cannot_be_read_says_what_is_wrong_and_keeps_what_was_typed(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)

    answer = manager.send("/plans", {"text": 'name = "x"\nsize = 0\nstrata = ["colour"]\n'})

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "strata" in text and "colour" in text and "size" in text


def test_a_second_draw_without_new_cases_says_so_on_the_plan(desk: Desk) -> None:
    manager = factories.browser(desk.app, desk.manager)
    made = manager.send("/plans", {"text": EXAMPLE})
    for _ in range(2):
        manager.send(f"{made.location}/draw")
        jobs.run_due()

    text = manager.get(made.location).get_data(as_text=True)

    assert "No eligible cases have come since the last draw" in text
