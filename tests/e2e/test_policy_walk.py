"""A policy owner's way in the browser: from a Word file to a version, and to the next one, pasted as a web page."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from qa.core import clock
from qa.core.db import db
from tests import factories
from tests.conftest import TODAY, Databases
from tests.e2e.conftest import Windows, served
from tests.qa.word_files import RELATION, SPACES, docx, paragraph, run, table
from wsgi import create_app

CHANGED = (
    f'<w:ins w:id="1">{run("or hinting ")}</w:ins><w:del w:id="2"><w:r><w:delText>shouting</w:delText></w:r></w:del>'
)
BOX = (
    "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
    f"{paragraph('Ask the office.')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
NOTE = f'<w:footnotes {SPACES}><w:footnote w:id="1">{paragraph("Fairs of a day.")}</w:footnote></w:footnotes>'
WORD = docx(
    paragraph("Fair rules", style="Title"),
    paragraph("Touting", style="Heading1"),
    paragraph("Touts sell places at a higher price.", inside='<w:r><w:footnoteReference w:id="1"/></w:r>'),
    paragraph("Not allowed:"),
    paragraph("Selling a place for more than it cost, except:", level=0),
    paragraph("to a charity", level=1),
    paragraph("Saying ", level=0, inside=CHANGED + run("that none are left")),
    paragraph("Gifts", bold=True),
    paragraph("A gift may be handed over at the gate.", inside=BOX),
    paragraph("Prices"),
    table(("What", "Allowed?"), ("A fee of the fair", "Yes"), ("A fee of one's own", "No")),
    parts={"word/footnotes.xml": NOTE},
    relations=f'<Relationship Id="f" Type="{RELATION}/footnotes" Target="footnotes.xml"/>',
)
HTML = """<h1>Fair rules</h1><h2>Touting</h2><p>Touts sell places at a higher price.</p><p>Not allowed:</p>
<ul><li>Selling a place for more than it cost, except:<ul><li>to a charity</li></ul></li>
<li>Claiming or hinting that none are left</li><li>Selling one place twice</li></ul>
<p><b>Gifts</b></p><p>A present may be handed over at the gate.</p><p>Ask the office.</p>
<img src="https://example.org/pixel.png" alt="A fair">
<h2>Prices</h2><table><tr><th>What</th><th>Allowed?</th></tr><tr><td>A fee of the fair</td><td>Yes</td></tr>
<tr><td>A fee of one's own</td><td>No</td></tr></table>"""


class Owner:
    """Somebody who answers for policies, at their browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def hands_in(self, *, file: bytes = b"", text: str = "") -> None:
        """Begin a draft."""
        self.page.goto(f"{self.address}/policy-drafts/new")
        if file:
            chosen = {"name": "fair-rules.docx", "mimeType": "application/octet-stream", "buffer": file}
            self.page.get_by_label("File").set_input_files(chosen)
        self.page.get_by_label("Or its text").fill(text)
        self.page.get_by_label("Policy").fill("fair-rules")
        self.presses("Begin the draft")

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def looks_at(self, place: str) -> None:
        """Go to a part of the draft."""
        self.page.get_by_role("navigation", name="Parts of this draft").get_by_role("link", name=place).click()

    def makes_a_section_of(self, words: str) -> None:
        self.looks_at("Outline")
        line = self.page.locator(".source li").filter(has=self.page.get_by_text(words, exact=True))
        line.get_by_role("button").click()

    def puts(self, rule: str, side: str) -> None:
        """Correct the side of a rule by one click."""
        self.looks_at("Rules")
        sides = self.page.locator(".rule-row").filter(has_text=rule).get_by_role("group", name="Side of this rule")
        expect(sides.get_by_role("button", pressed=True)).not_to_have_text(side)
        sides.get_by_role("button", name=side, exact=True).click()
        expect(sides.get_by_role("button", pressed=True)).to_have_text(side)

    def publishes(self, *, on: str = "") -> None:
        """Look it through, say the day, publish it."""
        self.looks_at("Overview")
        if on:
            self.page.get_by_label("In force from").fill(on)
            self.presses("Keep")
        self.presses("Mark as reviewed")
        self.presses("Publish")


@pytest.mark.browser
def test_an_owner_brings_a_word_file_and_then_a_web_page_into_force(databases: Databases, open_page: Windows) -> None:
    app: Flask = create_app(databases.sqlite())
    asked: list[str] = []
    with clock.fixed(TODAY), app.app_context(), served(app) as address:
        page = open_page(f"{address}/sign-in")
        cookie = factories.browser(app, factories.actor("policy_owner", name="Olive")).get_cookie("second_look")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}] if cookie else [])
        page.on("request", lambda sent: None if sent.url.startswith(address) else asked.append(sent.url))
        owner = Owner(page, address)

        owner.hands_in(file=WORD)
        named = page.locator(".oddities").inner_text()
        owner.makes_a_section_of("Prices")
        outline = page.locator(".outline a").all_inner_texts()
        owner.puts("Fairs of a day.", "Allowed")
        owner.publishes()
        first = page.locator(".policy-text").inner_text()

        owner.hands_in(text=HTML)
        owner.looks_at("Changes")
        marked = page.locator(".unit-change").all_inner_texts()
        page.get_by_label("Same meaning").first.check()
        owner.presses("Keep what I said")
        owner.publishes(on="2026-12-01")
        second = page.locator(".policy-text").inner_text()
        db.session.remove()
        open_page.close()

    assert all(said in named for said in ("tracked insertion", "tracked deletion", "footnote", "text box"))
    assert outline == ["Touting", "Gifts", "Prices", "Footnotes"]
    assert "Saying or hinting that none are left" in first and "shouting" not in first and "Ask the office." in first
    assert any("Selling one place twice" in one for one in marked)
    assert "Claiming or hinting" in second and asked == []
