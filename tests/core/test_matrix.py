"""Every route, method, role and owner: the table is the specification, and the app is held to it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from qa.core import aside, clock
from qa.core.accounts import logins
from qa.core.db import db
from tests import factories
from tests.conftest import TODAY, Databases
from tests.core import worlds
from tests.core.matrix import ROWS, Row
from tests.core.worlds import PERSONAS, Ids, World
from tests.factories import Browser
from wsgi import create_app

#: Deeds that open their own transactions: they hash a password, or read a file, before they write.
OWN_TRANSACTIONS = {
    "account.enter", "account.change_password", "account.choose_password", "imports.take", "policy_drafts.take",
    "policy_drafts.rewrite", "policy_drafts.mark_line", "policy_drafts.move", "policy_drafts.correct",
    "notices.set_channel", "people.take_file", "sheets.take",
    "sheets.put_away", "begin.begin",
}  # fmt: skip
#: Store nothing: one shows invented content, one what is in a file that it lets go again, one says a line elsewhere.
WITHOUT_DEED = {"styleguide.grade", "earlier.show", "notices.try_channel"}
KEPT_BY_LOOKING = 'INSERT INTO "page_opening"'
NO_IDS = Ids(open=[{}], closed=[], absent={})


@dataclass
class Door:
    """A world, and a browser for each who comes to its door."""

    app: Flask
    world: World
    browsers: dict[str, Browser]
    tokens: dict[str, str]
    known: dict[tuple[str, str], Ids] = field(default_factory=dict)
    nowhere: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: The database as it was before anybody came, and the files that lay aside.
    before: bytes = b""
    aside: dict[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the database lies."""
        name = make_url(self.app.config["SQLALCHEMY_DATABASE_URI"]).database
        assert name is not None
        return Path(name)

    def keep(self) -> None:
        """Remember the database as it is now."""
        db.session.rollback()
        with closing(sqlite3.connect(self.path)) as connection:
            self.before = connection.serialize()
        self.aside = {one.name: one.read_bytes() for one in aside.path("any").parent.iterdir()}

    def begin_anew(self) -> None:
        """Let the database be as it was: what one persona gives back, another one could be handed."""
        db.session.rollback()
        db.engine.dispose()
        for left in ("-wal", "-shm"):
            self.path.with_name(self.path.name + left).unlink(missing_ok=True)
        self.path.write_bytes(self.before)
        for name, kept in self.aside.items():
            aside.path(name).write_bytes(kept)

    def ask(self, persona: str, row: Row, values: dict[str, str], *, token: bool = True) -> TestResponse:
        """Send a row's request as *persona*."""
        client, url = self.browsers[persona], filled(row.rule, values)
        self.sit_down_again(persona)
        if row.method != "POST":
            return client.open(url, method=row.method)
        return client.send(url, dict(row.sends)) if token else client.post(url, data=dict(row.sends))

    def sit_down_again(self, persona: str) -> None:
        """A deed before may have ended the sitting."""
        if persona in self.tokens and logins.holder(self.tokens[persona]) is None:
            person = self.world.people[persona]
            self.tokens[persona] = factories.sign_in(self.browsers[persona], person.id)

    def ids(self, row: Row, persona: str) -> Ids:
        """What stands in the address of *row* for *persona*."""
        if not row.ids:
            return NO_IDS
        if (row.ids, persona) not in self.known:
            self.known[row.ids, persona] = worlds.BUILDERS[row.ids](self.world, persona)
        return self.known[row.ids, persona]

    def dump(self) -> str:
        """The whole database, as text, but for what a look does keep: whose page was opened."""
        db.session.rollback()
        with closing(sqlite3.connect(self.path)) as connection:
            return "\n".join(line for line in connection.iterdump() if not line.startswith(KEPT_BY_LOOKING))


@pytest.fixture(scope="module")
def door(databases: Databases) -> Iterator[Door]:
    """One world for the whole file, with all that stands in addresses; looks are tried in it before deeds are."""
    app = create_app(databases.sqlite())
    with clock.fixed(TODAY), app.app_context():
        world = worlds.build()
        browsers = {persona: factories.browser(app) for persona in PERSONAS}
        tokens = {name: factories.sign_in(browsers[name], person.id) for name, person in world.people.items()}
        del tokens["ended"]
        door = Door(app, world, browsers, tokens)
        for row in ROWS:
            for persona in PERSONAS:
                door.ids(row, persona)
        door.keep()
        yield door
        db.session.remove()
        db.engine.dispose()


def filled(rule: str, values: dict[str, str]) -> str:
    """The address of *rule* with *values*."""
    return re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: values[found[1]], rule)


def every(ids: Ids) -> list[dict[str, str]]:
    """All that may stand in an address."""
    return [*ids.open, *ids.closed, ids.absent]


def is_let_in(row: Row, persona: str) -> bool:
    """Whether the table lets *persona* in."""
    if "public" in row.who:
        return True
    if persona in ("anonymous", "ended"):
        return False
    return "signed_in" in row.who or not row.who.isdisjoint(PERSONAS[persona])


def body(answer: TestResponse, values: dict[str, str]) -> tuple[int, str]:
    """Status and text of an answer, without the token, what the address says, and messages about deeds before."""
    text = re.sub(r'(name="csrf[_-]token" (?:value|content)=")[^"]*', r"\1", answer.text)
    text = text.replace(' aria-current="page"', "")
    for value in values.values():
        text = text.replace(value, "ID") if len(value) >= 16 else text
    text = re.sub(r'(?s)(class="messages").*?(<main)', r"\1\2", text)
    return answer.status_code, re.sub(r'(print-foot">)[^<]*', r"\1", text)


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, rule, endpoint) of everything that the app answers to, but files and what Flask adds."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, rule.endpoint


def test_every_route_stands_in_the_table_once(sqlite_app: Flask) -> None:
    listed = [(row.method, row.rule) for row in ROWS]

    assert sorted(listed) == sorted((method, rule) for method, rule, _ in routes(sqlite_app))


def test_every_view_lets_in_whom_the_table_names(sqlite_app: Flask) -> None:
    expected = {(row.method, row.rule): row.who for row in ROWS}
    wrong = []

    for method, rule, endpoint in routes(sqlite_app):
        needed = getattr(sqlite_app.view_functions[endpoint], "needed_roles", "unguarded")
        if needed != expected.get((method, rule)):
            wrong.append((method, rule, needed))

    assert wrong == []


def test_every_deed_writes_in_a_transaction_and_no_look_does(sqlite_app: Flask) -> None:
    wrong = []

    for method, rule, endpoint in routes(sqlite_app):
        view = sqlite_app.view_functions[endpoint]
        writes = getattr(getattr(view, "__wrapped__", view), "is_writing_view", False)
        should = method != "GET" and endpoint not in OWN_TRANSACTIONS | WITHOUT_DEED
        if writes != should:
            wrong.append((method, rule))

    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_sees_what_the_table_says_and_changes_nothing_by_looking(door: Door, persona: str) -> None:
    before = door.dump()

    wrong = [found for row in ROWS if row.method == "GET" for found in mistakes(door, persona, row)]

    assert wrong == []
    assert door.dump() == before


def test_a_deed_without_the_token_is_refused_and_changes_nothing(door: Door) -> None:
    deeds = [(row, next(name for name in PERSONAS if is_let_in(row, name))) for row in ROWS if row.method != "GET"]
    before, wrong = door.dump(), []

    for row, persona in deeds:
        for values in every(door.ids(row, persona))[:1]:
            answer = door.ask(persona, row, values, token=False)
            if answer.status_code != 400:
                wrong.append((persona, row.rule, answer.status_code))

    assert wrong == [] and deeds
    assert door.dump() == before


def test_another_sitting_s_token_is_refused(door: Door) -> None:
    theirs = factories.forgery_token(door.browsers["agent"])
    client = door.browsers["admin"]
    with client.session_transaction() as session:
        session["csrf_token"] = "1" * 40

    answer = client.post("/people", data={"csrf_token": theirs, "id": "x", "name": "X"})

    assert answer.status_code == 400


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_may_do_what_the_table_says(door: Door, persona: str) -> None:
    door.begin_anew()

    wrong = [found for row in ROWS if row.method != "GET" for found in mistakes(door, persona, row)]

    assert wrong == []


def mistakes(door: Door, persona: str, row: Row) -> list[tuple[str, str, str, int]]:
    """Where the app differs from a row for *persona*: (method, rule, what stood in the address, answer)."""
    ids, wrong = door.ids(row, persona), []

    def judge(kind: str, values: dict[str, str], right: Callable[[TestResponse], bool]) -> None:
        answer = door.ask(persona, row, values)
        if not right(answer):
            wrong.append((row.method, row.rule, kind, answer.status_code))

    if not is_let_in(row, persona):
        for values in every(ids):
            judge("shut", values, lambda answer, values=values: is_turned_away(door, persona, answer, values))
        return wrong
    if row.ids:
        absent = body(door.ask(persona, row, ids.absent), ids.absent)
        judge("absent", ids.absent, lambda answer: answer.status_code in (404, 410))
        for values in ids.closed:
            judge("somebody else's", values, lambda answer, values=values: body(answer, values) == absent)
    for values in ids.open:
        judge("open", values, lambda answer: answer.status_code in row.answers)
    return wrong


def is_turned_away(door: Door, persona: str, answer: TestResponse, values: dict[str, str]) -> bool:
    """Who is not signed in is led to the door; who lacks the role is told what an address of nothing is told."""
    if persona in ("anonymous", "ended"):
        return answer.status_code == 302 and answer.location.startswith("/sign-in")
    if persona not in door.nowhere:
        door.nowhere[persona] = body(door.browsers[persona].get("/no/such/page"), {})
    return body(answer, values) == door.nowhere[persona]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_taken(door: Door, method: str) -> None:
    answer = door.browsers["admin"].open("/people", method=method)

    assert answer.status_code == 405


def test_asking_for_headers_only_lets_in_nobody(door: Door) -> None:
    for row in ROWS:
        if row.method == "GET" and "public" not in row.who:
            answer = door.browsers["anonymous"].head(filled(row.rule, door.ids(row, "admin").absent))
            assert (row.rule, answer.status_code) == (row.rule, 302)
