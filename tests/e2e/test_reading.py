"""A policy's page in a real browser: with script its comforts, without it everything that matters, and on paper."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.policies import policies
from tests import factories
from tests.conftest import TODAY, Databases
from tests.e2e.conftest import Contexts, press, served
from wsgi import create_app

POLICY = (
    "# Conduct\n\n## Definitions\n\n- **Strike**: a recorded break of a rule\n\n"
    + "".join(f"## Part {at}\n\nA strike follows. " + "Words. " * 120 + "\n\n" for at in range(1, 9))
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(databases: Databases, chromium: Browser) -> Iterator[tuple[Flask, str, Contexts]]:
    app = create_app(databases.sqlite())
    with clock.fixed(TODAY), app.app_context(), served(app) as address:
        write(lambda: policies.import_text(SYSTEM, POLICY, name="conduct"))
        changed = POLICY.replace("a recorded break", "a written break")
        write(lambda: policies.import_text(SYSTEM, changed, name="conduct", effective=date(2026, 11, 1)))
        with closing(Contexts(chromium)) as contexts:
            yield app, address, contexts
        db.session.remove()


def opened(desk: tuple[Flask, str, Contexts], url: str, *, script: bool = True, width: int = 1360) -> Page:
    """A page as an agent has it open."""
    app, address, contexts = desk
    size = {"width": width, "height": 800}
    context = contexts.sit_down(app, factories.actor("agent"), address, viewport=size, java_script_enabled=script)
    page = context.new_page()
    page.goto(address + url)
    return page


@pytest.mark.browser
def test_the_contents_follow_the_reader(desk: tuple[Flask, str, Contexts]) -> None:
    page = opened(desk, "/policies/conduct")

    first = page.locator(".toc [aria-current]").inner_text()
    page.locator(".toc a", has_text="Part 6").click()
    page.wait_for_function("document.querySelector('.toc [aria-current]').textContent === 'Part 6'")

    assert first == "Definitions"
    assert page.url.endswith("#s-part-6")


@pytest.mark.browser
def test_a_defined_word_says_its_meaning_until_escape_and_a_stroke_leads_to_the_search(
    desk: tuple[Flask, str, Contexts],
) -> None:
    page = opened(desk, "/policies/conduct")
    term, hint = page.locator("a.term").first, page.locator("#term-hint")

    term.focus()
    shown = hint.inner_text()
    press(page, "Escape")

    assert shown == "Strike: a written break of a rule"
    assert term.get_attribute("aria-describedby") == "term-hint"
    assert not hint.is_visible()
    press(page, "/")
    assert page.evaluate("document.activeElement.id") == "q" and page.input_value("#q") == ""


@pytest.mark.browser
def test_without_script_all_is_there_and_reachable(desk: tuple[Flask, str, Contexts]) -> None:
    page = opened(desk, "/policies/conduct", script=False, width=390)

    assert page.locator(".toc a", has_text="Part 8").is_visible()
    assert page.locator("a.term").first.get_attribute("title") == "Strike: a written break of a rule"
    page.locator(".switch summary").click()
    page.get_by_role("link", name="Version 1", exact=True).click()
    assert "version 1" in page.locator(".context").inner_text()
    page.go_back()
    page.get_by_role("link", name="What changed since version 1").click()
    assert page.locator("ins").first.inner_text() == "written"
    page.go_back()
    page.fill("#q", "written")
    page.locator(".reader-search button").click()
    assert page.locator("mark").first.inner_text() == "written"


@pytest.mark.browser
def test_every_printed_page_says_which_version_it_is(desk: tuple[Flask, str, Contexts], tmp_path: Path) -> None:
    page = opened(desk, "/policies/conduct")
    file = tmp_path / "policy.pdf"

    page.pdf(path=str(file), format="A4", prefer_css_page_size=True)

    found = re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", file.read_bytes(), re.DOTALL)
    streams = [zlib.decompress(one) for one in found]
    sheets = [text for text in streams if b" Tf" in text and b"BT" in text]
    feet = [text for text in sheets if re.search(rb"1 0 0 -1 60(?:\.\d+)? 10\d\d(?:\.\d+)? Tm", text)]
    assert len(sheets) > 2 and len(feet) == len(sheets)
