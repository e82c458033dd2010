"""Signing in, the own account, people and administration in a browser: by keyboard, without script, both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.accounts import passwords
from qa.core.db import db, write
from qa.core.notices import notify
from tests import factories
from tests.conftest import Databases
from tests.e2e.conftest import leave, press, served
from wsgi import create_app

pytestmark = pytest.mark.browser

PASSWORD = "seven quiet herons by the weir"
NAME = "Maximiliane Oberlandesgerichtsrätin von und zu Hohenstein-Wittgenstein"


@dataclass
class Desk:
    """A served app with an admin and somebody with a very long name."""

    address: str
    other: str


@pytest.fixture(scope="module")
def desk(databases: Databases) -> Iterator[Desk]:
    app = create_app(databases.sqlite())
    with app.app_context():
        root = factories.person(
            "admin", name="Root", email="root@example.org", password_hash=passwords.hashed(PASSWORD)
        )
        teams = [factories.team("Amber"), factories.team("Birch")]
        other = factories.person("manager", "reviewer", name=NAME, team=teams[0], manages=teams)
        factories.person("agent", name="قاسم", team=teams[1], active=False)

        def more() -> None:
            jobs.enqueue(SYSTEM, "audit.verify")
            notify.tell(
                person_id=root.id, kind="x", object_ref="1", line="A line for you", url="/account", dedupe_key="1"
            )

        write(more)
        desk = Desk("", other.public_id)
        db.session.remove()
    with served(app) as address:
        desk.address = address
        yield desk
    with app.app_context():
        db.engine.dispose()


def signed_in(desk: Desk, open_page: Callable[..., Page], path: str, **given: object) -> Page:
    page = open_page(f"{desk.address}/sign-in?next={path}", **given)
    page.get_by_label("E-mail").fill("root@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def test_a_very_long_name_leaves_every_page_as_wide_as_the_window_and_clean(desk, open_page, axe):
    """All pages in both themes are gone through in test_every_page."""
    page = signed_in(desk, open_page, "/", width=390)

    for path in ("/", "/account", "/people", "/people/{other}"):
        page.goto(desk.address + path.format(other=desk.other))
        assert (path, axe(page)) == (path, [])
        assert (path, page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")) == (path, True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(desk, open_page, axe, scheme):
    page = open_page(desk.address + "/sign-in", scheme=scheme)
    empty = axe(page)
    page.get_by_role("button", name="Sign in").click()

    assert page.get_by_text("Enter your address.").is_visible()
    assert empty == [] and axe(page) == []


def test_one_signs_in_by_keyboard_and_is_led_where_one_wanted(desk, open_page):
    page = open_page(desk.address + "/admin/settings")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("root@example.org")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    leave(page, "Enter")

    page.wait_for_url(desk.address + "/admin/settings")
    assert page.get_by_role("heading", name="Settings").is_visible()


def test_everything_works_without_script(desk, open_page):
    page = signed_in(desk, open_page, "/people/new", script=False)
    page.get_by_label("Id", exact=True).fill("n1")
    page.get_by_label("Name", exact=True).fill("Nora New")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Agent: decides cases").check()
    page.get_by_role("button", name="Add person").click()
    page.get_by_role("button", name="Make an invitation link").click()
    page.locator("a[href^='/reset/']").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()

    assert page.get_by_text("Your password is set").is_visible()
