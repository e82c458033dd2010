"""A key that is struck as soon as there is something to see is taken, however slowly the script comes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.wrappers import Response

from qa.core.db import db
from qa.models.grading import Grade
from tests.e2e.conftest import leave, press
from tests.e2e.test_grading_speed import answer, seen, sit_down
from tests.e2e.test_journeys import House, follow, house  # noqa: F401  (a fixture)
from tests.training.school import School

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

LATE_SECONDS, LATEST_SECONDS = 0.8, 30
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


def show_at_once(app: Flask) -> None:
    """Let pages be shown before their scripts have come, as by a browser that does not know how to wait."""
    serve = app.wsgi_app

    def hasty(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = Response.from_app(serve, environ)
        if answer.mimetype == "text/html":
            answer.set_data(answer.get_data().replace(b' blocking="render"', b""))
        return answer(environ, start_response)

    setattr(app, "wsgi_app", hasty)


def strike_when_shown(page: Page, address: str, first: str, *keys: str) -> None:
    """Open a page and strike keys in the moment in which its first answer is seen."""
    page.goto(address, wait_until="commit")
    latest = time.monotonic() + LATEST_SECONDS
    while not page.evaluate(SHOWN.format(first)):
        assert time.monotonic() < latest, "nothing is shown"
        time.sleep(0.005)
    for key in keys:
        press(page, key, stays=True)


def at_the_quiz(house: House) -> Page:  # noqa: F811
    school = School()
    school.given()
    page = house.enter(school.agent)
    follow(page, "Swapping rules: Pushy offers", "link")
    leave(page, "Enter")
    follow(page, "Go to the quiz", "link")
    leave(page, "Enter")
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


def test_keys_that_are_struck_before_the_scripts_come_are_taken_in_their_order(house, open_page):  # noqa: F811
    page = open_page(house.address + "/sign-in")
    come_late(house.app, "grading.js", "picker.js")
    show_at_once(house.app)

    keys = [*"1/veil", "Enter", *"2en", *"Soso"]
    strike_when_shown(page, house.address + "/styleguide/grading", "input[name=verdict]", *keys)
    taken_before = page.locator("[name=verdict]:checked").count()
    page.wait_for_load_state()

    given = page.evaluate("Object.fromEntries(new FormData(document.querySelector('.grade-form')))")
    assert taken_before == 0
    assert [given[name] for name in ("verdict", "section", "action", "confidence", "note")] == [
        "violates", "threats/veiled", "restrict", "high", "Soso",
    ]  # fmt: skip


def test_a_key_that_is_struck_before_the_case_is_seen_is_not_taken_for_it(house, open_page):  # noqa: F811
    page = open_page(house.address + "/sign-in")
    come_late(house.app, "grading.js", "picker.js")

    page.goto(house.address + "/styleguide/grading", wait_until="commit")
    page.wait_for_selector("input[name=verdict]", state="attached")
    unseen = not page.evaluate(SHOWN.format("input[name=verdict]"))
    press(page, "2")
    page.wait_for_load_state()
    press(page, "e")

    assert unseen
    assert page.locator("[name=verdict]:checked").count() == 0
    assert page.locator("[name=confidence]:checked").get_attribute("value") == "high"


def test_where_no_case_is_held_ready_each_key_goes_to_the_case_that_is_seen(house):  # noqa: F811
    come_late(house.app, "ahead")
    _desk, page = sit_down(house, 5)

    for number in range(1, 6):
        seen(page, number)
        if number % 2:
            answer(page, "2 e Enter")
        else:
            answer(page, "1 /")
            page.keyboard.type("threat")
            answer(page, "Enter 1 w Enter")

    stored = db.session.scalars(select(Grade.confidence).order_by(Grade.id)).all()
    assert stored == ["high", "medium", "high", "medium", "high"]
