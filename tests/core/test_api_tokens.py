"""Tokens by which programs act as a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.access_models import ApiToken
from qa.core.accounts import api_tokens
from qa.core.db import db, write
from qa.core.errors import BadInput, NotFound, Refused
from qa.core.models import Person
from qa.core.people import people
from tests import factories
from tests.conftest import TODAY


def made(person: Person, *, days: int = 90, label: str = "") -> str:
    """A token of *person*."""
    return write(lambda: api_tokens.make(SYSTEM, person, days=days, label=label))


def test_whoever_shows_a_token_acts_as_its_person_and_the_row_holds_its_hash_alone(app: Flask) -> None:
    ada = factories.person("manager", name="Ada", team=factories.team("Amber"))

    token = made(ada, label="nightly export")

    who = api_tokens.holder(token)
    assert who is not None and who.public_id == ada.public_id and who.roles == {"manager"}
    kept = db.session.scalars(select(ApiToken)).one()
    assert token not in str(vars(kept)) and kept.label == "nightly export"


@pytest.mark.parametrize("token", ["", "sl_", "sl_nothing", "nothing"])
def test_what_was_never_given_out_opens_nothing(sqlite_app: Flask, token: str) -> None:
    made(factories.person("admin"))

    assert api_tokens.holder(token) is None


def test_a_token_ends_with_its_last_day(sqlite_app: Flask) -> None:
    token = made(factories.person("agent"), days=3)

    with clock.fixed(TODAY + timedelta(days=3, seconds=-1)):
        assert api_tokens.holder(token) is not None
    with clock.fixed(TODAY + timedelta(days=3)):
        assert api_tokens.holder(token) is None


def test_a_token_ends_by_a_click_and_behind_its_own_person_s_address_alone(sqlite_app: Flask) -> None:
    ada, ben = factories.person("agent", name="Ada"), factories.person("agent", name="Ben")
    token = made(ada)
    line = api_tokens.of_person(ada.public_id)[0]
    admin = factories.browser(sqlite_app, factories.person("admin"))

    wrong = admin.send(f"/people/{ben.public_id}/tokens/{line.public_id}/revoke")
    assert wrong.status_code == 404 and api_tokens.holder(token) is not None
    admin.send(f"/people/{ada.public_id}/tokens/{line.public_id}/revoke")

    assert api_tokens.holder(token) is None
    assert "revoked" in admin.get(f"/people/{ada.public_id}").text


def test_who_leaves_takes_every_token_along(sqlite_app: Flask) -> None:
    ada = factories.person("agent")
    token = made(ada)

    write(lambda: people.let_in(SYSTEM, ada.public_id, False))

    assert api_tokens.holder(token) is None
    with pytest.raises(Refused):
        made(db.session.get_one(Person, ada.id))


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_lasts_a_year_at_most(sqlite_app: Flask, days: int) -> None:
    ada = factories.person("agent")

    with pytest.raises(BadInput):
        made(ada, days=days)


def test_the_command_prints_the_token_once(sqlite_app: Flask) -> None:
    factories.person("admin", external_id="boss")

    answer = sqlite_app.test_cli_runner().invoke(args=["people", "token", "boss", "--label", "sheets"])
    unknown = sqlite_app.test_cli_runner().invoke(args=["people", "token", "nobody"])

    who = api_tokens.holder(answer.stdout.strip())
    assert who is not None and who.has("admin")
    assert unknown.exit_code == 1


def test_ending_a_token_of_nobody_finds_nothing(sqlite_app: Flask) -> None:
    with pytest.raises(NotFound):
        write(lambda: api_tokens.revoke(SYSTEM, "0" * 32, "0" * 32))
