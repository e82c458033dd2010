"""An agent's way in a real browser: an alert leads to training, the quiz is passed, and four checks keep it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db
from tests.conftest import TODAY
from tests.e2e.conftest import leave
from tests.e2e.test_journeys import House, choose, follow, house, places
from tests.training.checked import Work, snapshot
from tests.training.school import School
from training import assigning, jobs
from training.models.learning import Attempt
from training.models.retention import RetentionCheck

pytestmark = pytest.mark.browser

__all__ = ["house"]

#: Where pictures of the way are kept, when somebody wants to see them.
SHOTS = os.environ.get("SECOND_LOOK_SHOTS")


def told(page: Page) -> str:
    return str(page.locator("main").inner_text())


def seen(page: Page, name: str) -> None:
    """Keep a picture of the page, when asked to."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"retained-{name}.png", full_page=True)


def answer_all(page: Page, table: type) -> None:
    """Answer every question right, by its digit and Enter, and go on by Enter."""
    for asked in snapshot(table):
        choose(page, places(asked, right=True))
        leave(page, "Enter")
        assert "Right" in told(page)
        leave(page, "Enter")


def sit_check(house: House, school: School) -> str:
    """The agent comes in, finds the check on the home page and answers it; what *Checks* says then."""
    jobs.check(Work())
    db.session.rollback()
    page = house.enter(school.agent)
    follow(page, "A short check: three questions", "link")
    follow(page, "Begin")
    answer_all(page, RetentionCheck)
    assert "3 of 3 right" in told(page)
    page.goto(house.address + "/checks")
    seen(page, f"{clock.now():%m-%d}")
    return told(page)


def test_an_agent_goes_from_an_alert_to_what_is_kept_after_ninety_days(house):
    school = School()
    school.bank()
    school.errors()
    school.signal()
    (address,) = assigning.assign(SYSTEM)

    page = house.enter(school.agent)
    assert "Swapping" in told(page)
    page.goto(f"{house.address}/training/{address}")
    why = told(page)
    leave(page, "Enter")
    follow(page, "Go to the quiz", "link")
    leave(page, "Enter")
    answer_all(page, Attempt)
    passed = told(page)
    seen(page, "passed")
    states = []
    for day in (3, 10, 30, 90):
        with clock.fixed(TODAY + timedelta(days=day)):
            states.append(sit_check(house, school))

    assert "lert" in why and "8 of 8 right" in passed
    assert ["Passed all checks".lower() in state.lower() for state in states] == [False, False, False, True]
    assert len(db.session.scalars(select(RetentionCheck)).all()) == 4
