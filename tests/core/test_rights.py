"""The page of who can see what says what the table of permissions says."""

from __future__ import annotations

from flask import Flask

from qa.core import rights
from qa.core.models import ROLES
from qa.core.rights import Line
from tests.core.matrix import ROWS
from tests.factories import browser, person


def lines() -> list[Line]:
    """Every line of the page."""
    return [line for area in rights.table().values() for line in area]


def test_every_address_of_the_table_stands_on_the_page_once_with_the_roles_of_the_table(sqlite_app: Flask) -> None:
    listed = [(route, line) for line in lines() for route in line.routes]

    said = {route: {role for role, whose in line.roles.items() if whose} for route, line in listed}

    table = {(row.method, row.rule): row.who for row in ROWS if "public" not in row.who}
    assert said == {route: set(ROLES) if "signed_in" in who else set(who) for route, who in table.items()}
    assert len(listed) == len(said)


def test_every_right_covers_an_address_and_says_whose_in_words_that_there_are(sqlite_app: Flask) -> None:
    known: list[rights.Right] = sqlite_app.extensions["rights"]
    routes = [(row.method, row.rule) for row in ROWS]
    used = [rights.right_of(known, *route) for route in routes]

    idle = [right.words for right in known if right not in used]

    assert idle == []
    assert {whose for right in known for whose in right.whose.values()} <= rights.SCOPES.keys()
    assert {role for right in known for role in right.whose} <= set(ROLES)


def test_everybody_may_read_the_page_and_it_says_what_graders_never_see(sqlite_app: Flask) -> None:
    for role in ROLES:
        page = browser(sqlite_app, person(role)).get("/help/access").text

        assert "never the decision" in page and "takes the case away" in page


def test_the_longest_address_wins_and_no_address_covers_what_only_begins_alike() -> None:
    known = rights.rights("A", [("all", "GET /me", {}), ("one", "GET /me/<x>", {})])

    found = [rights.right_of(known, "GET", rule) for rule in ("/me", "/me/<x>", "/me.csv")]
    assert [right and right.words for right in found] == ["all", "one", "all"]
    assert rights.right_of(known, "GET", "/media/<x>") is None and rights.right_of(known, "POST", "/me") is None
