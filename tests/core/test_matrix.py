"""Every route, method, role and owner: the table is the specification, and the app is held to it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from qa.core import logins
from qa.core.db import db
from tests import factories
from tests.core import worlds
from tests.core.matrix import ROWS, Row
from tests.core.worlds import PERSONAS, Ids, World
from tests.factories import Browser

#: Deeds that open their own transactions, since they hash a password between two of them.
OWN_TRANSACTIONS = {"account.enter", "account.change_password", "account.choose_password", "imports.take"}
#: Shows invented content and stores nothing.
WITHOUT_DEED = {"styleguide.grade"}
NO_IDS = Ids(open=[{}], closed=[], absent={})


@dataclass
class Door:
    """A world, and a browser for each who comes to its door."""

    app: Flask
    world: World
    browsers: dict[str, Browser]
    tokens: dict[str, str]

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
        return worlds.BUILDERS[row.ids](self.world, persona) if row.ids else NO_IDS

    def dump(self) -> str:
        """The whole database, as text."""
        db.session.rollback()
        path = make_url(self.app.config["SQLALCHEMY_DATABASE_URI"]).database
        assert path is not None
        connection = sqlite3.connect(path)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()


@pytest.fixture
def door(sqlite_app: Flask) -> Door:
    world = worlds.build()
    browsers = {persona: factories.browser(sqlite_app) for persona in PERSONAS}
    tokens = {name: factories.sign_in(browsers[name], person.id) for name, person in world.people.items()}
    del tokens["ended"]
    return Door(sqlite_app, world, browsers, tokens)


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
        text = text.replace(value, "ID")
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
def test_each_gets_what_the_table_says(door: Door, persona: str) -> None:
    wrong = []
    nowhere = body(door.browsers[persona].get("/no/such/page"), {})

    for row in ROWS:
        ids = door.ids(row, persona)
        for values in ids.open if is_let_in(row, persona) else every(ids):
            answer = door.ask(persona, row, values)
            if is_let_in(row, persona):
                right = answer.status_code in row.answers
            elif persona in ("anonymous", "ended"):
                right = answer.status_code == 302 and answer.location.startswith("/sign-in")
            else:
                right = body(answer, values) == nowhere
            if not right:
                wrong.append((row.method, row.rule, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_somebody_else_s_answers_like_what_is_not_there(door: Door, persona: str) -> None:
    wrong = []

    for row in ROWS:
        if not row.ids or not is_let_in(row, persona):
            continue
        ids = door.ids(row, persona)
        absent = body(door.ask(persona, row, ids.absent), ids.absent)
        if absent[0] not in (404, 410):
            wrong.append((row.method, row.rule, "absent", absent[0]))
        for values in ids.closed:
            answer = door.ask(persona, row, values)
            if body(answer, values) != absent:
                wrong.append((row.method, row.rule, "closed", answer.status_code))

    assert wrong == []


def test_a_look_changes_nothing(door: Door) -> None:
    looks = [
        (persona, row, values)
        for row in ROWS
        if row.method == "GET"
        for persona in PERSONAS
        for values in every(door.ids(row, persona))
    ]
    before = door.dump()

    for persona, row, values in looks:
        door.ask(persona, row, values)

    assert door.dump() == before


def test_a_deed_without_the_token_is_refused_and_changes_nothing(door: Door) -> None:
    deeds = [
        (persona, row, door.ids(row, persona).open[0])
        for row in ROWS
        if row.method != "GET"
        for persona in PERSONAS
        if is_let_in(row, persona) and door.ids(row, persona).open
    ]
    before, wrong = door.dump(), []

    for persona, row, values in deeds:
        answer = door.ask(persona, row, values, token=False)
        if answer.status_code != 400:
            wrong.append((persona, row.rule, answer.status_code))

    assert wrong == [] and len(deeds) >= len(ROWS) / 3
    assert door.dump() == before


def test_another_sitting_s_token_is_refused(door: Door) -> None:
    theirs = factories.forgery_token(door.browsers["agent"])
    client = door.browsers["admin"]
    with client.session_transaction() as session:
        session["csrf_token"] = "1" * 40

    answer = client.post("/people", data={"csrf_token": theirs, "id": "x", "name": "X"})

    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_taken(door: Door, method: str) -> None:
    for row in ROWS:
        values = door.ids(row, "admin").absent
        answer = door.browsers["admin"].open(filled(row.rule, values), method=method)
        assert answer.status_code == 405, (method, row.rule)


def test_asking_for_headers_only_lets_in_nobody_else(door: Door) -> None:
    for row in ROWS:
        if row.method == "GET":
            for persona in ("anonymous", "ended", "agent"):
                values = door.ids(row, persona).absent
                look = door.browsers[persona].get(filled(row.rule, values))
                assert door.browsers[persona].head(filled(row.rule, values)).status_code == look.status_code
