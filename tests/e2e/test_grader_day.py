"""A grader's batch in a real browser, by keyboard: from the home to the reveal; then the agent's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect
from sqlalchemy import update

from qa.core import clock
from qa.core.access import Actor
from qa.core.accounts import logins
from qa.core.db import db, write
from qa.grading import blind
from qa.models.grading import Task
from qa.models.truth import Finding
from tests.conftest import Databases
from tests.desk import Desk
from tests.e2e.conftest import leave, press, served, submit
from wsgi import create_app

pytestmark = pytest.mark.browser


@dataclass
class Floor:
    """A desk with cases to grade, on the air."""

    app: Flask
    desk: Desk
    address: str

    def sit_down(self, page: Page, who: Actor) -> None:
        """Let a window be signed in as *who*."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None and who.id is not None
        token = write(lambda: logins.begin(who.id))
        value = serializer.dumps({"token": token})
        name = self.app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": value, "url": self.address}])


@pytest.fixture
def floor(databases: Databases) -> Iterator[Floor]:
    app = create_app(databases.sqlite())
    with app.app_context():
        desk = Desk()
        for number in range(3):
            desk.drawn_case(
                decided="none", action="keep", text=f"They said they would come to the door. ({number})",
                evidence={"report_count": number + 1}, reported_key="conduct/threats",
            )  # fmt: skip
        with served(app) as address:
            yield Floor(app, desk, address)
        db.session.remove()
        db.engine.dispose()


def test_a_batch_is_graded_by_keyboard_and_its_reveals_open(floor, open_page, axe):
    page = open_page(floor.address + "/sign-in")
    floor.sit_down(page, floor.desk.graders[0])
    page.goto(floor.address + "/")
    leave(page, "Enter")

    found = axe(page)
    page.wait_for_load_state("networkidle")
    press(page, "1 /")
    page.keyboard.type("threats")
    press(page, "Enter 1 e", stays=True)
    submit(page)
    second = page.locator(".day").inner_text()
    press(page, "2 w")
    submit(page)
    expect(page.locator("#saved")).to_have_text("●Saved")
    leave(page, "u")
    kept = page.locator("[name=verdict]:checked").get_attribute("value")
    page.wait_for_load_state("networkidle")
    submit(page)
    expect(page.locator("#saved")).to_have_text("●Saved")
    page.goto(floor.address + "/grade/batch")
    with page.expect_navigation():
        page.get_by_role("button", name="Close batch").click()

    assert found == []
    assert "2 of 60" in second
    assert kept == "no_violation"
    assert page.locator("tbody tr").count() == 2
    assert axe(page) == []


def grade_all(who: Actor) -> None:
    """Grade and commit all that waits, then let the next looks come at once."""

    def one() -> bool:
        task = blind.claim(who)
        if task is not None:
            blind.grade(
                who, task, verdict="violates", section_key="conduct/threats", action="remove", confidence="high",
                claim_next=False,
            )  # fmt: skip
        return task is not None

    while write(one):
        pass
    write(lambda: blind.close_batch(who))
    write(lambda: db.session.execute(update(Task).values(release_at=clock.now())))


def test_the_pages_of_reveals_results_and_cases_are_clean(floor, open_page, axe):
    desk, found = floor.desk, []
    for grader in desk.graders[:2]:
        grade_all(grader)
    now = clock.now()
    shown = {"state": "published", "published_at": now, "dispute_until": now + timedelta(days=5)}
    write(lambda: db.session.execute(update(Finding).values(**shown)))
    write(lambda: db.session.execute(update(Task).values(state="revealed")))

    walks = [
        (desk.graders[1], ["/", "/grade/batch", "tbody a"]),
        (desk.agent, ["/", "/results", "tbody a"]),
        (desk.manager, ["/", "/differences"]),
    ]
    for who, steps in walks:
        page = open_page(floor.address + "/sign-in")
        floor.sit_down(page, who)
        for step in steps:
            if step.startswith("/"):
                page.goto(floor.address + step)
            else:
                with page.expect_navigation():
                    page.locator(step).first.click()
            found += axe(page)

    assert found == []
