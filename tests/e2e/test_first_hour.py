"""The first hour, without a shell: a spreadsheet and a Word file become ten graded cases and a printed page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from qa.core import clock, jobs
from qa.core.accounts import beginning
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.grading import Grade
from tests.conftest import TODAY, Databases
from tests.e2e.conftest import Windows, served
from tests.qa.sheets import spreadsheets
from tests.qa.word_files import docx, paragraph
from wsgi import create_app

pytestmark = pytest.mark.browser

ROWS = 3_000
PASSWORD = "seven quiet herons by the weir"
POLICY = docx(
    paragraph("House rules", style="Title"),
    paragraph("Threats", style="Heading1"),
    paragraph("Not allowed:"),
    paragraph("Saying that somebody will be hurt", level=0),
    paragraph("Waiting at somebody's door", level=0),
    paragraph("Insults", style="Heading1"),
    paragraph("Not allowed:"),
    paragraph("Calling somebody worthless", level=0),
)


@dataclass
class FirstHour:
    """Somebody with a spreadsheet, a policy and a browser, and all that the server tells them while they grade."""

    app: Flask
    page: Page
    address: str
    told: list[str] = field(default_factory=list)
    shots: int = 0

    def goes_to(self, path: str) -> None:
        self.page.goto(self.address + path)

    def presses(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follows(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def waits_for_the_worker(self) -> None:
        """Let the worker do what waits; in an installation it does so by itself."""
        jobs.run_due()
        db.session.rollback()

    def shows(self, what: str) -> None:
        """Keep a picture, for who asks for them, in the folder that SECOND_LOOK_SHOTS names."""
        folder = os.environ.get("SECOND_LOOK_SHOTS")
        self.shots += 1
        if folder:
            self.page.screenshot(path=Path(folder) / f"{self.shots:02}-{what}.png", full_page=True)


@pytest.fixture
def hour(databases: Databases, open_page: Windows) -> Iterator[FirstHour]:
    app = create_app(databases.sqlite())
    told: list[str] = []

    def hear(answer: Response) -> Response:
        if request.path.startswith("/grade") and not answer.direct_passthrough:
            told.append(answer.get_data(as_text=True))
        return answer

    app.after_request(hear)
    with ExitStack() as stack:
        stack.enter_context(clock.fixed(TODAY))
        stack.enter_context(app.app_context())
        address = stack.enter_context(served(app))
        stack.callback(open_page.close)
        first = app.test_request_context
        with first():
            path = beginning.path_for(beginning._database())
        yield FirstHour(app, open_page(address + path), address, told)
        db.session.remove()
        db.engine.dispose()


def comes_in(hour: FirstHour) -> None:
    hour.page.get_by_label("Your name").fill("Fay First")
    hour.page.get_by_label("E-mail").fill("fay@example.org")
    hour.page.get_by_label("New password").fill(PASSWORD)
    hour.presses("Begin")
    hour.shows("home")
    hour.follows("Go on with the set-up")
    hour.shows("setup")
    hour.presses("I grade too")


def hands_in_the_policy(hour: FirstHour) -> None:
    hour.follows("Hand in a policy")
    file = {"name": "house-rules.docx", "mimeType": "application/octet-stream", "buffer": POLICY}
    hour.page.get_by_label("File").set_input_files(file)
    hour.presses("Begin the draft")
    hour.presses("Mark as reviewed")
    hour.presses("Publish")
    hour.goes_to("/setup")


def hands_in_the_cases(hour: FirstHour, path: Path) -> None:
    hour.follows("Hand in a spreadsheet")
    hour.page.get_by_label("File", exact=True).set_input_files(path)
    hour.presses("Look at its columns")
    hour.page.get_by_label("What What was said is").select_option(label="Text of the case")
    hour.page.get_by_label("What Platform is").select_option(label="Evidence: graders see it")
    hour.shows("columns")
    hour.presses("Try it: store nothing")
    hour.waits_for_the_worker()
    hour.page.reload()
    expect(hour.page.locator("#tried")).to_contain_text("3,000 added")
    hour.shows("tried")
    hour.presses("Take in")
    hour.waits_for_the_worker()
    hour.goes_to("/setup")


def grades(hour: FirstHour) -> None:
    """Decide ten cases by what they say, with the mouse."""
    for number in range(10):
        desk = hour.page.locator(".desk")
        code, text = desk.get_attribute("data-code"), desk.inner_text()
        if number == 0:
            hour.shows("case")
        if "worthless" in text or "wertlos" in text:
            hour.page.get_by_label("Violates", exact=False).first.check()
            hour.page.get_by_role("combobox", name="Policy clause").fill("Insults")
            hour.page.get_by_role("option").first.click()
            hour.page.locator("[name=action][value=account_warned]").check(force=True)
        else:
            hour.page.get_by_label("No violation", exact=False).first.check()
        hour.page.locator("[name=confidence][value=high]").check(force=True)
        hour.page.get_by_role("button", name="Submit and next").click()
        hour.page.wait_for_function(
            "(code) => document.readyState === 'complete' && document.querySelector('.desk')?.dataset.code !== code",
            arg=code,
        )


def guesses(hour: FirstHour) -> None:
    """Say what was decided before, on the few cases where that is asked, if on any, so that the answers open."""
    asked = hour.page.get_by_role("link", name="Guess on")
    if not asked.count():
        return
    asked.click()
    save = hour.page.get_by_role("button", name="Save the guess")
    expect(save).to_be_visible()
    while save.count():
        hour.page.get_by_label("No violation").check()
        hour.presses("Save the guess")


def test_a_spreadsheet_and_a_word_file_become_ten_graded_cases_on_paper(
    hour: FirstHour, tmp_path: Path, axe: object
) -> None:
    sheet = spreadsheets.workbook(tmp_path, ROWS)

    comes_in(hour)
    hands_in_the_policy(hour)
    hands_in_the_cases(hour, sheet)
    hour.presses("Draw the first 10 cases")
    hour.waits_for_the_worker()
    hour.page.reload()
    hour.shows("ready")
    hour.follows("Grade")
    hour.presses("Next case")
    grades(hour)
    told = "\n".join(hour.told)
    hour.goes_to("/grade/batch")
    hour.presses("Close batch")
    hour.shows("reveals")
    guesses(hour)
    hour.goes_to("/setup")
    finished = hour.page.locator("main").inner_text()
    hour.shows("finished")
    hour.follows("What came of it, to print")
    printed = hour.page.locator("main").inner_text()
    paper = hour.page.pdf()
    hour.shows("printed")

    assert db.session.scalar(select(func.count()).select_from(ClosedCase)) == ROWS
    assert db.session.scalar(select(func.count(Grade.id)).where(Grade.committed_at.is_not(None))) == 10
    assert "All is set up" in finished and paper.startswith(b"%PDF")
    assert printed.count("No violation") + printed.count("Insults") + printed.count("Threats") > 10
    assert "web" in told or "app" in told
    assert spreadsheets.SECRET not in told and told.count("of that week") >= 10
