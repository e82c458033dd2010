"""The way back to the tool that a case came from: beside a decision that is in sight, and nowhere before."""

from __future__ import annotations

import pytest
from flask import Flask

from qa import source_links
from qa.core import preferences
from qa.core.access import SYSTEM
from qa.core.db import write
from qa.core.errors import BadInput
from tests import factories
from tests.desk import Desk


def set_links(value: str) -> None:
    """Let the ways back be these."""
    write(lambda: preferences.put(SYSTEM, "source_links", value))


def test_each_source_has_its_own_address_and_the_id_cannot_leave_its_place(sqlite_app: Flask) -> None:
    set_links("abuse=https://desk.example.org/cases/{id}?tab=1; legal=http://legal/{id}")

    assert source_links.address("abuse", "A 1/..") == "https://desk.example.org/cases/A%201%2F..?tab=1"
    assert source_links.address("legal", "7") == "http://legal/7"
    assert source_links.address("other", "7") is None


@pytest.mark.parametrize(
    "value",
    [
        "abuse=javascript:alert({id})",
        "abuse=data:text/html,{id}",
        "abuse=//example.org/{id}",
        "abuse=https://example.org/",
        "https://example.org/{id}",
        "a=https://example.org/{id} b=https://example.org/{id}",
    ],
)
def test_an_address_that_is_none_of_the_web_or_names_no_case_is_refused(sqlite_app: Flask, value: str) -> None:
    with pytest.raises(BadInput):
        set_links(value)


@pytest.mark.parametrize(
    "value", ["", "a=https://x.example/{id}", "a=https://x.example/{id};", "a=http://x/{id} ; b=http://y/{id}"]
)
def test_addresses_that_are_right_are_taken(sqlite_app: Flask, value: str) -> None:
    set_links(value)

    assert preferences.get("source_links") == value


def test_the_link_stands_beside_the_decision_and_not_on_the_blind_page(sqlite_app: Flask) -> None:
    desk = Desk()
    set_links("test=https://desk.example.org/cases/{id}")
    case = desk.drawn_case()
    name, address = case.external_id, case.public_id
    grader = factories.browser(sqlite_app, desk.graders[0])

    lead = factories.browser(sqlite_app, desk.manager).get(f"/cases/{address}").text
    blind = grader.send("/grade/claim", follow_redirects=True).text

    assert f'href="https://desk.example.org/cases/{name}"' in lead
    assert "They said that they would come" in blind
    assert "desk.example.org" not in blind and name not in blind
