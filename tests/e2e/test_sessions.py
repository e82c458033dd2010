"""A calibration session of eight people in eight browsers: from the invitation to the precedent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from qa.core.db import db
from tests.calibration.meeting import INSULT, THREAT, Meeting
from tests.conftest import Databases
from tests.e2e.conftest import Contexts, leave, press, served
from wsgi import create_app

pytestmark = pytest.mark.browser
PEOPLE = 8


@pytest.fixture
def floor(databases: Databases, chromium: Browser) -> Iterator[tuple[Meeting, str, list[Page]]]:
    """A session in draft, on the air, with all of its people before their browsers."""
    app = create_app(databases.sqlite())
    with app.app_context():
        meeting = Meeting(cases=2, people=PEOPLE - 1)
        with served(app) as address, closing(Contexts(chromium)) as contexts:
            yield meeting, address, windows(contexts, app, address, [meeting.host, *meeting.people])
        db.session.remove()
        db.engine.dispose()


def windows(contexts: Contexts, app: Flask, address: str, people: list[object]) -> list[Page]:
    """A browser of their own for each, on the sessions' list."""
    found = [contexts.sit_down(app, who, address).new_page() for who in people]
    for page in found:
        page.goto(address + "/sessions")
    return found


def push(page: Page, name: str) -> None:
    """Press a button that leads to a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def vote(page: Page, keys: str) -> None:
    """Vote by keys on the case that is shown, and hand it in."""
    page.wait_for_load_state("networkidle")
    press(page, keys)
    leave(page, "Enter")


def agree_on_both(host: Page) -> None:
    """Keep the same answer to both cases, and step from the first to the second by key."""
    for _ in range(2):
        host.get_by_label("Violates a policy").check()
        host.get_by_label("Clause").select_option(label="Threats")
        host.get_by_label("Action").select_option(label="Remove")
        host.get_by_label("Reason").fill("The first listed act is met.")
        push(host, "Keep this answer")
        if host.locator("[data-step=j]").count():
            leave(host, "j")


def test_eight_people_vote_see_the_reveal_at_once_and_keep_a_precedent(
    floor: tuple[Meeting, str, list[Page]], axe: Callable[[Page], list[str]]
) -> None:
    meeting, address, (host, first, *others) = floor
    here = f"{address}/sessions/{meeting.id}"

    host.goto(here)
    found = axe(host)
    push(host, "Open for votes")
    first.goto(here)
    with first.expect_navigation():
        first.get_by_role("link", name="Vote on case").first.click()
    found += axe(first)
    vote(first, "1 / 2 1 e")
    vote(first, "2 w")
    for place, page in enumerate(others, start=1):
        meeting.vote(place, 1, INSULT if place % 2 else THREAT)
        page.goto(here)
    before = [page.locator("#live").inner_text() for page in others]
    push(host, "Close voting")
    push(host, "Reveal the votes")
    for page in [first, *others]:
        expect(page.locator("#live svg")).to_be_visible(timeout=20_000)
    found += axe(host) + axe(first)
    agree_on_both(host)
    expect(others[-1].locator("#live strong").first).to_have_text("Case 2 of 2", timeout=20_000)
    push(host, "End the discussion")
    host.get_by_label("Precedent, in a few words").fill("At the door")
    push(host, "Keep as a precedent")
    found += axe(host)
    others[0].goto(address + "/policies/conduct")

    assert "\n".join(found) == ""
    assert not any("Threats" in said or "Insults" in said for said in before)
    expect(host.get_by_role("heading", level=1)).to_have_text("At the door")
    expect(others[0].get_by_text("precedent").first).to_be_visible()
