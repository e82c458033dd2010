"""Reporting danger by a key: one line, sent at once, taken back within ten seconds; the case stays as it was."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from qa.core.db import db
from qa.models.danger import Danger
from tests.desk import Desk
from tests.e2e.conftest import leave, press, settled
from tests.e2e.test_journeys import house  # noqa: F401  (a fixture)

pytestmark = pytest.mark.browser


def test_danger_is_a_key_and_a_line_and_can_be_taken_back(house):  # noqa: F811
    desk = Desk(graders=1)
    for number in range(2):
        desk.drawn_case(text=f"They said they would come to the door. ({number})")
    page = house.enter(desk.graders[0])
    leave(page, "Enter")
    settled(page)
    code = page.locator(".desk").get_attribute("data-code")

    press(page, "1 !", stays=True)
    page.keyboard.type("They say where he lives.")
    press(page, "Enter", stays=True)
    expect(page.locator(".messages")).to_contain_text("Danger reported.")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".messages")).to_contain_text("Taken back.")

    rows = db.session.execute(select(Danger.state, Danger.line)).all()
    db.session.rollback()
    assert rows == [("undone", "They say where he lives.")]
    assert page.locator(".desk").get_attribute("data-code") == code
    assert page.locator("[name=verdict]:checked").get_attribute("value") == "violates"
