"""Policies in the browser: read by everybody, published by whoever answers for them."""

from __future__ import annotations

import io

from flask import Flask

from tests import factories

HOSTILE = """# Conduct

## <script>alert(1)</script>

Not allowed:

- [here](javascript:alert(1)) <img src=x onerror=alert(1)>
"""


def test_an_owner_publishes_a_version_that_everybody_can_read(sqlite_app: Flask) -> None:
    owner = factories.browser(sqlite_app, factories.actor("policy_owner"))
    agent = factories.browser(sqlite_app, factories.actor("agent"))

    made = owner.send("/policies", {"text": "# Conduct\n\n## Threats\n\nNo threats.\n", "slug": "conduct"})
    again = owner.send("/policies", {"text": "# Conduct\n\n## Threats\n\nNo threats.\n", "slug": "conduct"})
    other = owner.send("/policies", {"text": "# Conduct\n\n## Threats\n\nNone.\n", "slug": "conduct"})
    page = agent.get("/policies/conduct").get_data(as_text=True)

    assert (made.status_code, made.location) == (302, "/policies/conduct/1")
    assert again.location == made.location
    assert other.status_code == 422 and "An effective date" in other.get_data(as_text=True)
    assert 'id="s-threats"' in page and 'href="#s-threats"' in page and "since ever" in page.lower()
    assert "Conduct" in agent.get("/policies").get_data(as_text=True)
    assert agent.get("/policies/new").status_code == 404


def test_an_upload_names_its_file_when_it_is_no_text(sqlite_app: Flask) -> None:
    owner = factories.browser(sqlite_app, factories.actor("admin"))

    answer = owner.send("/policies", {"file": (io.BytesIO(b"# A\xff"), "a.md")}, content_type="multipart/form-data")

    assert answer.status_code == 422 and "UTF-8" in answer.get_data(as_text=True)


def test_what_stands_in_a_policy_cannot_act(sqlite_app: Flask) -> None:
    owner = factories.browser(sqlite_app, factories.actor("policy_owner"))

    answer = owner.send("/policies", {"text": HOSTILE, "slug": "conduct"})
    page = owner.get(answer.location).get_data(as_text=True)

    assert "<script>alert" not in page and "<img" not in page and "javascript:" not in page.split("<main")[1].lower()


def test_an_absent_policy_and_an_absent_version_answer_alike(sqlite_app: Flask) -> None:
    owner = factories.browser(sqlite_app, factories.actor("policy_owner"))
    owner.send("/policies", {"text": "# Conduct\n\nBe kind.\n", "slug": "conduct"})

    answers = [owner.get(address).status_code for address in ("/policies/nothing", "/policies/conduct/9")]

    assert answers == [404, 404]
