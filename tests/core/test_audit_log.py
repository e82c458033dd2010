"""The page of the audit log: what it is narrowed to, its file, and its anchors."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from flask import Flask

from qa.core import audit, audit_search, clock
from qa.core.access import SYSTEM
from qa.core.audit_search import Wanted
from qa.core.db import write
from tests import factories
from tests.conftest import TODAY
from tests.factories import Browser, browser, person


@pytest.fixture
def log(app: Flask) -> None:
    """Four entries: two of Ada, one of Ben a day later, one of the system."""
    ada, ben = factories.actor("admin", name="Ada Lark"), factories.actor("admin", name="Ben 100%")
    write(lambda: audit.note(ada, "set", "setting", "site/batch_size"))
    write(lambda: audit.note(ada, "added", "person", "abc"))
    with clock.fixed(TODAY + timedelta(days=1)):
        write(lambda: audit.note(ben, "set", "setting", "site/release_hour"))
    write(lambda: audit.note(SYSTEM, "verified", "audit", "all"))


def found(**wanted: object) -> list[str]:
    """What an admin who grades nothing finds, as the addresses of the objects."""
    return [line.object_ref for line in audit_search.entries(SYSTEM, Wanted(**wanted))]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("wanted", "refs"),
    [
        ({}, ["all", "site/release_hour", "abc", "site/batch_size"]),
        ({"who": "lark"}, ["abc", "site/batch_size"]),
        ({"who": "100%"}, ["site/release_hour"]),
        ({"who": "system"}, ["all"]),
        ({"verb": "set"}, ["site/release_hour", "site/batch_size"]),
        ({"kind": "person"}, ["abc"]),
        ({"ref": "site/r"}, ["site/release_hour"]),
        ({"ref": "site_"}, []),
        ({"since": TODAY.date() + timedelta(days=1)}, ["site/release_hour"]),
        ({"until": TODAY.date()}, ["all", "abc", "site/batch_size"]),
        ({"verb": "set", "who": "ada l"}, ["site/batch_size"]),  # "ada" stands in some random addresses
    ],
)
def test_the_log_is_narrowed_by_who_what_to_what_and_when(wanted: dict[str, object], refs: list[str]) -> None:
    assert found(**wanted) == refs


def test_pages_follow_each_other_and_keep_the_view(sqlite_app: Flask) -> None:
    write(lambda: [audit.note(SYSTEM, "did", "thing", str(number)) for number in range(60)])
    admin = browser(sqlite_app, person("admin"))

    first = admin.get("/admin/audit?verb=did")
    after = admin.get("/admin/audit?verb=did&before=11")

    assert "verb=did" in first.text.split('rel="next"')[0].rsplit("<a", 1)[1]
    assert "Did: did" in first.text and 'rel="next"' not in after.text and 'rel="prev"' in after.text


def rows(admin: Browser, url: str) -> list[dict[str, str]]:
    """A file of entries, read again."""
    return list(csv.DictReader(io.StringIO(admin.get(url).text)))


def test_the_file_holds_what_the_page_shows_with_every_hash(sqlite_app: Flask) -> None:
    write(lambda: audit.note(SYSTEM, "did", "thing", "=1+1"))
    admin = browser(sqlite_app, person("admin"))

    held = rows(admin, "/admin/audit.csv?kind=thing")

    assert [(row["did"], row["ref"]) for row in held] == [("did", "'=1+1")]
    assert held[0]["hash"] == audit.head().hash


def test_whoever_may_be_given_blind_tasks_finds_no_case_in_page_or_file(sqlite_app: Flask) -> None:
    with clock.fixed(TODAY - timedelta(days=2)):
        write(lambda: audit.note(SYSTEM, "opened", "case", "c1"))
        write(lambda: audit.note(SYSTEM, "set", "setting", "site/x"))
    write(lambda: audit.note(SYSTEM, "set", "setting", "site/today"))
    both = browser(sqlite_app, person("admin", "reviewer"))

    page, held = both.get("/admin/audit").text, rows(both, "/admin/audit.csv")

    assert [row["ref"] for row in held] == ["site/x"]
    assert "opened" not in page and "site/x" in page and "site/today" not in page


def test_an_anchor_is_handed_out_and_a_chain_built_anew_does_not_hold_it(sqlite_app: Flask) -> None:
    write(lambda: audit.note(SYSTEM, "did", "thing", "1"))
    head = audit.head()

    answer = browser(sqlite_app, person("admin")).send("/admin/audit/anchor")

    kept = json.loads(answer.text)
    assert (kept["seq"], kept["hash"]) == (head.seq, head.hash)
    assert audit.verify(audit.Head(kept["seq"], kept["hash"])).bad_seq is None
    assert audit.verify(audit.Head(kept["seq"], "f" * 64)).bad_seq == kept["seq"]


def test_a_day_that_is_none_narrows_nothing(sqlite_app: Flask) -> None:
    write(lambda: audit.note(SYSTEM, "did", "thing", "1"))

    assert "thing" in browser(sqlite_app, person("admin")).get("/admin/audit?since=yesterday").text
