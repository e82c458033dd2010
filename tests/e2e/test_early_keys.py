"""A key that is struck as soon as there is something to see is taken, however slowly the script comes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.test_journeys import House, follow, house, strike  # noqa: F401  (a fixture)
from tests.training.school import School

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

LATE_SECONDS = 0.8
#: What a person waits for: something painted, and in it the first answer.
SHOWN = "performance.getEntriesByName('first-contentful-paint').length > 0 && document.querySelector('{}') !== null"


def come_late(app: Flask, *names: str) -> list[str]:
    """Let these files of ours take long; which of them were asked for."""
    asked: list[str] = []
    serve = app.wsgi_app

    def late(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name = environ["PATH_INFO"].rpartition("/")[2]
        if name in names:
            asked.append(name)
            time.sleep(LATE_SECONDS)
        return serve(environ, start_response)

    setattr(app, "wsgi_app", late)
    return asked


def strike_when_shown(page: Page, address: str, first: str, key: str) -> None:
    """Open a page and strike a key in the moment in which its first answer is seen."""
    page.goto(address, wait_until="commit")
    while not page.evaluate(SHOWN.format(first)):
        time.sleep(0.005)
    page.keyboard.press(key)


def at_the_quiz(house: House) -> Page:  # noqa: F811
    school = School()
    school.given()
    page = house.enter(school.agent)
    follow(page, "Swapping rules: Pushy offers", "link")
    strike(page, "Enter")
    follow(page, "Go to the quiz", "link")
    strike(page, "Enter")
    return page


def test_a_digit_chooses_as_soon_as_the_question_is_seen(house):  # noqa: F811
    page = at_the_quiz(house)
    asked = come_late(house.app, "quiz.js", "app.js")

    strike_when_shown(page, page.url, "input[name=option]", "2")

    assert "quiz.js" in asked
    assert page.get_by_role("radio").nth(1).is_checked()


def test_a_digit_grades_as_soon_as_the_case_is_seen(house, open_page):  # noqa: F811
    page = open_page(house.address + "/sign-in")
    asked = come_late(house.app, "grading.js", "picker.js")

    strike_when_shown(page, house.address + "/styleguide/grading", "input[name=verdict]", "1")

    assert "grading.js" in asked
    assert page.locator("[name=verdict][value=violates]").is_checked()
