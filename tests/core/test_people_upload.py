"""A file of people handed in by the page."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from qa.core.access import actor_by_external_id
from tests.factories import Browser, browser, person

GOOD = "id,name,roles,team\na1,Ada,agent,Amber\ng1,Grete,reviewer,\n"


@pytest.fixture
def admin(sqlite_app: Flask) -> Browser:
    return browser(sqlite_app, person("admin"))


def hand_in(admin: Browser, text: str, name: str = "people.csv", **ticked: str) -> TestResponse:
    """Send a file as the page does."""
    file = (io.BytesIO(text.encode()), name)
    return admin.send("/people/import", {"file": file, **ticked}, content_type="multipart/form-data")


def test_a_file_is_tried_first_and_then_taken(admin: Browser, sqlite_app: Flask) -> None:
    tried = hand_in(admin, GOOD, dry_run="y")
    nobody = actor_by_external_id("a1")
    taken = hand_in(admin, GOOD)

    assert "nothing was stored: 2 read, 2 added" in tried.text and nobody is None
    ada = actor_by_external_id("a1")
    assert "Taken in: 2 read, 2 added" in taken.text and ada is not None and ada.has("agent")
    uploads = Path(sqlite_app.config["SETTINGS"].instance) / "uploads"
    assert list(uploads.iterdir()) == []


def test_a_file_with_a_bad_line_is_refused_whole_and_every_fault_is_named(admin: Browser) -> None:
    answer = hand_in(admin, GOOD + "x1,,boss,\n")

    assert answer.status_code == 422 and actor_by_external_id("a1") is None
    assert "nothing was stored" in answer.text and "roles" in answer.text and ">4<" in answer.text


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [("id,name\n", "people.pdf", "ends in one of"), ("name\nAda\n", "people.csv", "column")],
)
def test_what_is_no_table_of_people_is_refused_in_words(admin: Browser, text: str, name: str, said: str) -> None:
    answer = hand_in(admin, text, name)

    assert answer.status_code == 422 and "nothing was stored" in answer.text and said in answer.text


def test_without_a_file_the_form_asks_for_one(admin: Browser) -> None:
    assert "Choose a file." in admin.send("/people/import").text
