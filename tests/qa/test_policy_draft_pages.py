"""Drafts in the browser: handed in, corrected line by line, ruled on, published; and nothing in them acts."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from datetime import date

import pytest
from flask import Flask

from qa.core.access import SYSTEM, Actor
from qa.core.registries import Share, Touch, registries
from qa.drafting import drafts
from qa.policies import queries as policy_queries
from tests import factories
from tests.desk import POLICY, Desk
from tests.factories import Browser
from tests.qa.drafted import FIRST, SECOND, begun, published
from tests.qa.hostile_texts import PAYLOADS
from tests.qa.word_files import docx, paragraph


def owner(app: Flask) -> Browser:
    """A policy owner's browser."""
    return factories.browser(app, factories.actor("policy_owner", name="Olive"))


def hand_in(browser: Browser, name: str, raw: bytes, **given: str) -> str:
    """Where a file that was handed in leads to."""
    answer = browser.send(
        "/policy-drafts", {"file": (io.BytesIO(raw), name), **given}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_an_owner_takes_a_word_file_all_the_way_to_a_version(sqlite_app: Flask) -> None:
    Desk()
    browser = owner(sqlite_app)
    agent = factories.browser(sqlite_app, factories.actor("agent"))
    file = docx(paragraph("Conduct", style="Title"), paragraph("Threats", style="Heading1"), paragraph("Not allowed:"),
                paragraph("Announcing that somebody will be hurt", level=0),
                paragraph("Saying where somebody lives so that others go there", level=0))  # fmt: skip

    address = hand_in(browser, "conduct.docx", file, slug="conduct", effective="2026-11-20")
    waits = browser.send(f"{address}/state", {"state": "reviewed"})
    changes = browser.get(f"{address}/changes").text
    name = re.search(r'name="(ruling:[^"]+)"', changes)
    browser.send(f"{address}/changes", {name[1] if name else "": "same"})
    browser.send(f"{address}/state", {"state": "reviewed"})
    done = browser.send(f"{address}/state", {"state": "published"})

    assert waits.status_code == 409 and "whether the new words mean the same: “Threats”" in waits.text
    assert "<del>Saying</del>" in changes and "<ins>Announcing</ins>" in changes
    assert done.location == "/policies/conduct/2"
    assert "Announcing that somebody" in agent.get(done.location).text
    assert agent.get(address).status_code == agent.get("/policy-drafts").status_code == 404


def test_whatever_hangs_on_a_section_stands_beside_its_change_before_it_is_published(sqlite_app: Flask) -> None:
    published(begun(FIRST))
    draft = begun(SECOND, starts_on=date(2026, 12, 1))
    address, browser = f"/policy-drafts/{draft.public_id}", owner(sqlite_app)
    bare = browser.get(address).text
    share = Share(0.125, 0.05, 0.25, 40)

    def told(_reader: Actor, keys: Collection[str]) -> dict[str, list[Touch]]:
        hangs = [
            Touch("known-answer cases", 7),
            Touch("precedents", 2, url="/precedents"),
            Touch("Errors", share=share),
        ]
        return {key: hangs for key in keys if key == "conduct/threats"}

    registries().touched_by.append(told)
    head, beside = browser.get(address).text, browser.get(f"{address}/changes").text

    assert "What hangs on what it changes" not in bare and "What hangs on what it changes" in head
    for shown in (head, beside):
        assert "7 known-answer cases" in shown and '<a href="/precedents">2 precedents</a>' in shown
        assert re.search(r"12\.5.*n=40", shown, re.DOTALL)


def test_a_line_becomes_a_section_and_is_one_no_more_while_every_line_keeps_its_number(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    draft = begun("# Conduct\n\nThreats:\n\n- Harm\n\n| a | b |\n| --- | --- |\n| c | d |\n")
    address = f"/policy-drafts/{draft.public_id}"

    made = browser.send(f"{address}/line", {"section": "3", "level": "2", "revision": "1"})
    outline = browser.get(f"{address}/outline").text
    refused = browser.send(f"{address}/line", {"section": "8", "level": "2", "revision": "2"})
    stale = browser.send(f"{address}/line", {"words": "3", "level": "2", "revision": "1"})
    browser.send(f"{address}/line", {"words": "3", "level": "2", "revision": "2"})

    assert made.status_code == 302 and made.location.endswith("#l3")
    assert "Threats:</a>" in outline and "line 3" in outline
    assert refused.status_code == 422 and "Line 8: it takes a line outside tables" in refused.text
    assert stale.status_code == 409
    assert drafts.load(draft.public_id).markdown.split("\n")[2:5] == ["Threats:", "", "- Harm"]


@pytest.mark.parametrize(
    ("line", "words"),
    [("- Threats", "Threats"), ("**Threats**", "Threats"), ("> 1. Threats", "Threats"), ("### Threats ##", "Threats")],
)
def test_whatever_marks_a_line_had_it_is_a_heading_then(sqlite_app: Flask, line: str, words: str) -> None:
    draft = begun(f"# Conduct\n\n{line}\n\nText.\n")

    drafts.mark_line(SYSTEM, draft.public_id, line=3, level=2, revision=1)

    assert drafts.load(draft.public_id).markdown.split("\n")[2] == f"## {words}"


def test_a_rule_is_put_on_another_side_by_a_button(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    address = f"/policy-drafts/{begun(FIRST).public_id}/rules"
    place = re.search(r'value="([\d-]+):neither" aria-pressed="false"', browser.get(address).text)

    browser.send(address, {"side": f"{place[1] if place else ''}:neither"})
    page = browser.get(address).text
    answers = [browser.send(address, {"side": side}).status_code for side in ("9-9:neither", "", f"{place[1]}:maybe")]

    assert "corrected; it reads as not allowed" in page
    assert answers == [404, 404, 422]


def test_what_is_wrong_stands_beside_its_field(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    published(begun(FIRST))
    draft = begun(FIRST + "\n## More\n\nMore.\n")
    address = f"/policy-drafts/{draft.public_id}"
    browser.send(f"{address}/state", {"state": "reviewed"})

    late = browser.send(f"{address}/state", {"state": "published"}).text
    number = browser.send(f"{address}/details", {"number": "[1]", "audience": "external", "split_depth": "0"})
    empty = browser.send("/policy-drafts", {"text": " "})
    slug = browser.send("/policy-drafts", {"text": FIRST, "slug": "Not a slug"})
    odd = browser.send(f"{address}/state", {"state": "flying"})

    assert 'id="starts_on-error"' in late and "has a version already" in late
    assert number.status_code == 422 and 'id="number-error"' in number.text
    assert empty.status_code == 422 and 'id="text-error"' in empty.text
    assert slug.status_code == 422 and 'id="slug-error"' in slug.text and odd.status_code == 422


def test_a_file_that_is_not_taken_says_why_beside_it(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    sent = {"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}

    answer = browser.send("/policy-drafts", sent, content_type="multipart/form-data")

    assert answer.status_code == 422 and 'id="file-error"' in answer.text and "PDF" in answer.text


def test_mixed_encodings_and_odd_lines_are_listed_with_their_lines(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    raw = "# Größe\n\n## Ein\n\n".encode() + "Grüße <!-- weg -->\n".encode("windows-1252")

    page = browser.get(hand_in(browser, "a.md", raw)).text

    assert "Grüße" in browser.get(hand_in(browser, "a.md", raw) + "/outline").text
    assert "<dt>line 5</dt><dd>This line is not in UTF-8" in page and "Left out a comment." in page


def test_drafts_are_seen_on_the_home_and_in_the_list_until_they_end(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    draft = begun(FIRST)
    home, listed = browser.get("/").text, browser.get("/policy-drafts").text

    browser.send(f"/policy-drafts/{draft.public_id}/state", {"state": "dropped"})

    assert "being drafted" in home and "being drafted" in listed
    assert "being drafted" not in browser.get("/").text and "put away" in browser.get("/policy-drafts").text


def test_a_stand_in_and_a_translation_are_keyed_by_their_owner(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    published(begun("# C\n\n## 1 Threats\n\nNo.\n\n## 2 Praise\n\nYes.\n"))
    draft = begun("# C\n\n## Lob\n\nJa.\n", language="de")
    address = f"/policy-drafts/{draft.public_id}/sections"
    before = browser.get(address).text

    browser.send(address, {"is:lob": "2-praise"})
    after = browser.get(address).text
    browser.send(f"/policy-drafts/{draft.public_id}/state", {"state": "reviewed"})
    done = browser.send(f"/policy-drafts/{draft.public_id}/state", {"state": "published"})

    assert "no counterpart" in before and "no counterpart" not in after and "1 Threats" in after
    assert done.status_code == 302


def test_no_payload_acts_on_any_page_of_a_draft(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    published(begun(FIRST))
    body = "\n\n".join(f"## {one}\n\nNot allowed:\n\n- {one}\n".replace("\x01", "") for one in PAYLOADS)
    draft = begun(SECOND + body, starts_on=date(2026, 12, 1))
    places = ("", "/outline", "/outline?from=301", "/rules", "/changes", "/sections", "/text")

    pages = [browser.get(f"/policy-drafts/{draft.public_id}{place}").text.split("main>")[0] for place in places]

    for page in (page.split("<main")[1] for page in pages):
        assert not re.search(r"<(?:script|img|iframe|svg|object|embed|style|base|link|meta)\b", page, re.IGNORECASE)
        assert not re.search(r"<[^>]*\s(?:on\w+|style|srcdoc|formaction)\s*=", re.sub(r'"[^"]*"', '""', page))
        assert not re.search(r'href="(?!/|#)', page)


def test_a_long_policy_is_shown_in_parts(sqlite_app: Flask) -> None:
    browser = owner(sqlite_app)
    text = "# Long\n\n" + "\n".join(f"## Part {n}\n\nNot allowed:\n\n- Thing {n}\n" for n in range(200))
    address = f"/policy-drafts/{begun(text).public_id}"

    first, last = browser.get(f"{address}/outline").text, browser.get(f"{address}/outline?from=1202").text
    rules = browser.get(f"{address}/rules?from=190").text

    assert "Lines 1 to 300 of" in first and "Thing 3<" in first and "Thing 199<" in last
    assert "Thing 199" in rules and "Thing 3<" not in rules


# clauses that carry out others


def test_a_link_is_flagged_when_only_one_side_changes(sqlite_app: Flask) -> None:
    Desk()
    browser = owner(sqlite_app)
    guide = "---\naudience: internal\n---\n# Guide\n\n## Threats\n\nAsk twice.\n"
    published(begun(guide, slug="guide"))
    wrong = browser.send("/clause-links", {"internal_key": "conduct/threats", "public_key": "guide/threats"})
    browser.send("/clause-links", {"internal_key": "guide/threats", "public_key": "conduct/threats"})
    quiet = browser.get("/clause-links").text
    changed = begun(POLICY.replace("## Insults", "- Burning a house\n\n## Insults"), starts_on=date(2026, 11, 15))
    warned = browser.get(f"/policy-drafts/{changed.public_id}/changes").text
    published(changed)

    page, home = browser.get("/clause-links").text, browser.get("/").text
    link = re.search(r"/clause-links/(\w+)/confirm", page)
    browser.send(link[0] if link else "")
    browser.send(f"/clause-links/{link[1] if link else ''}/end")

    assert wrong.status_code == 422 and "both as they were" in quiet
    assert "“Guide: Threats” carries it out" in warned
    assert "only the public clause changed" in page and "1 linked clause" in home
    assert "No internal section was linked" in browser.get("/clause-links").text
    assert policy_queries.version("conduct", "2") is not None
