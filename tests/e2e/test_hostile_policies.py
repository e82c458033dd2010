"""Known attacks in a policy, by every door, in a real browser: nothing runs, whatever is pointed at or pressed."""

from __future__ import annotations

from contextlib import closing

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from qa.conversion.reading import read, read_pasted
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.drafting import drafts, publishing
from tests import factories
from tests.conftest import TODAY, Databases
from tests.e2e.conftest import Contexts, served
from tests.qa.hostile_texts import PAYLOADS
from tests.qa.word_files import docx, paragraph, table
from wsgi import create_app

TEXT = "\n\n".join(f"## A {at}\n\n{one}\n\n- {one}" for at, one in enumerate(PAYLOADS))
PAGE = "<html><body>" + "".join(f"<h2>A</h2>{one}<p>{one}</p>" for one in PAYLOADS)
WORD = docx(*(paragraph(one, level=0) + table((one, "b")) for one in PAYLOADS))
DOORS = {
    "text": read_pasted(TEXT, kind="markdown"),
    "page": read(PAGE.encode(), "a.html"),
    "word": read(WORD, "a.docx"),
}


def published(door: str) -> str:
    """The address of a draft that came by a door and was published."""
    draft = write(lambda: drafts.begin(SYSTEM, DOORS[door], name="", source_sha256="0" * 64, slug=door))
    publishing.review(SYSTEM, draft.public_id)
    publishing.publish(SYSTEM, draft.public_id)
    return f"/policy-drafts/{draft.public_id}"


def press_everything(page: Page) -> None:
    """Point at whatever stands in the text, and press each link that leads neither away nor to another page."""
    page.evaluate(
        """() => { for (const one of document.querySelectorAll("main *")) {
            const stays = !/^(https?:|mailto:|[/#])/.test(one.getAttribute("href") ?? "#");
            for (const kind of ["mouseover", "focus", ...(one.tagName === "A" && stays ? ["click"] : [])])
                one.dispatchEvent(new MouseEvent(kind, {bubbles: false, cancelable: true})); } }"""
    )


@pytest.mark.browser
@pytest.mark.parametrize("door", DOORS)
def test_no_attack_that_comes_in_a_policy_runs(databases: Databases, chromium: Browser, door: str) -> None:
    app: Flask = create_app(databases.sqlite())
    ran: list[str] = []
    with clock.fixed(TODAY), app.app_context(), served(app) as address, closing(Contexts(chromium)) as contexts:
        draft = published(door)
        context = contexts.sit_down(app, factories.actor("policy_owner"), address)
        context.add_init_script("window.alert = (said) => { console.log('RAN ' + said); }")
        page = context.new_page()
        page.on("console", lambda said: ran.append(said.text) if "RAN" in said.text else None)
        page.on("console", lambda said: ran.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("request", lambda sent: None if sent.url.startswith(address) else ran.append(sent.url))

        page.goto(address + draft)
        page.evaluate("alert('heard')")
        heard = list(ran)
        ran.clear()
        for place in (f"/policies/{door}", draft, f"{draft}/outline", f"{draft}/rules", f"{draft}/text"):
            page.goto(address + place)
            press_everything(page)
            page.wait_for_timeout(100)
        db.session.remove()

    assert heard == ["RAN heard"]
    assert ran == []
