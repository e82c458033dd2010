"""Every page of the table, as somebody who may open it: clean for axe in both themes, and no wider than the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from qa.core import clock
from qa.core.db import db
from tests.conftest import TODAY, Databases
from tests.core import worlds
from tests.core.matrix import ROWS, Row
from tests.core.worlds import PERSONAS, World
from tests.e2e.conftest import COLOUR_RULES, Contexts, served
from wsgi import create_app

#: Whoever has the most to see comes first.
ORDER = ("dual", "admin", "manager", "policy_owner", "observer", "agent", "reviewer", "nothing")
PAGES = [row for row in ROWS if row.method == "GET" and "public" not in row.who and row.answers == frozenset({200})]


@dataclass
class House:
    """The app at an address, with the matrix's world in it."""

    app: Flask
    address: str
    world: World
    contexts: Contexts
    sittings: dict[str, BrowserContext] = field(default_factory=dict)

    def sitting(self, persona: str) -> BrowserContext:
        """The browser in which *persona* sits."""
        if persona not in self.sittings:
            self.sittings[persona] = self.contexts.sit_down(self.app, self.world.people[persona], self.address)
        return self.sittings[persona]


@pytest.fixture(scope="module")
def house(databases: Databases, chromium: Browser) -> Iterator[House]:
    app = create_app(databases.sqlite())
    with clock.fixed(TODAY), app.app_context(), served(app) as address:
        with closing(Contexts(chromium)) as contexts:
            yield House(app, address, worlds.build(), contexts)
        db.session.remove()


@pytest.mark.browser
@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.rule)
def test_a_page_is_clean_in_both_themes_and_at_all_widths(
    house: House, axe: Callable[..., list[str]], row: Row
) -> None:
    comes_in = (name for name in ORDER if "signed_in" in row.who or not row.who.isdisjoint(PERSONAS[name]))
    openings = ((name, worlds.BUILDERS[row.ids](house.world, name).open if row.ids else [{}]) for name in comes_in)
    persona, values = next((name, values) for name, values in openings if values)
    complaints: list[str] = []
    page = house.sitting(persona).new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    url = re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: values[0][found[1]], row.rule)
    if url.endswith((".csv", ".jsonl", ".zip", ".ics", ".html")) or row.rule.endswith("/csv"):
        page.close()
        return

    answer = page.goto(house.address + url)

    assert answer is not None and answer.status == 200
    page.emulate_media(color_scheme="light")
    found = axe(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in axe(page, rules=COLOUR_RULES)]
    assert found == []
    for width in (900, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width}"
    assert complaints == []
    page.close()
