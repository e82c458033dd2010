"""Signing in and out in a browser, the own account, links."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.accounts import accounts, logins, passwords
from qa.core.db import db, write, writing
from qa.core.models import Person
from tests import factories
from tests.conftest import TODAY
from tests.factories import browser, person

PASSWORD = "seven quiet herons by the weir"
OTHER = "two loud geese under the bridge"
HASH = passwords.hashed(PASSWORD)
CREDENTIALS = {"email": "ada@example.org", "password": PASSWORD}


def ada(*roles: str) -> Person:
    return person(*(roles or ("agent",)), name="Ada", email="ada@example.org", password_hash=HASH)


def token_of(client: factories.Browser) -> str | None:
    with client.session_transaction() as session:
        return session.get("token")


def test_who_is_not_signed_in_is_led_to_the_form_and_back_afterwards(app: Flask) -> None:
    ada()
    client = browser(app)

    turned_away = client.get("/account?x=1")
    signed_in = client.send("/sign-in", {**CREDENTIALS, "next": "/account?x=1"})

    assert turned_away.status_code == 302 and turned_away.location == "/sign-in?next=/account?x%3D1"
    assert signed_in.status_code == 302 and signed_in.location == "/account?x=1"
    assert "Your account" in client.get("/account").text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "/%2f%2fevil.example/..",
     "\t//evil.example", "/\t/evil.example", "javascript:alert(1)", "/%5cevil.example", "/%09/evil.example", "evil"],
)  # fmt: skip
def test_nobody_is_sent_on_to_another_site(sqlite_app: Flask, target: str) -> None:
    ada()

    answer = browser(sqlite_app).send("/sign-in", {**CREDENTIALS, "next": target})

    assert answer.location == "/"


def test_unknown_address_and_wrong_password_get_the_same_page(sqlite_app: Flask) -> None:
    ada()
    pages = []

    for email in ("ada@example.org", "bob@example.org"):
        answer = browser(sqlite_app).send("/sign-in", {"email": email, "password": OTHER})
        text = re.sub(r'(csrf[_-]token"[^>]*(?:value|content)=")[^"]*', r"\1", answer.text).replace(email, "EMAIL")
        pages.append((answer.status_code, text))

    assert pages[0] == pages[1] and pages[0][0] == 422


def test_a_cookie_that_was_set_before_is_not_the_one_that_signs_in(sqlite_app: Flask) -> None:
    ada()
    client = browser(sqlite_app)
    with client.session_transaction() as session:
        session["token"] = "chosen by somebody else"

    client.send("/sign-in", CREDENTIALS)

    assert token_of(client) not in (None, "chosen by somebody else")


def test_a_cookie_signed_with_another_secret_opens_nothing(sqlite_app: Flask) -> None:
    someone = ada()
    token = write(lambda: logins.begin(someone.id))
    forger = Flask("forger")
    forger.secret_key = "dev"
    serializer = forger.session_interface.get_signing_serializer(forger)
    client = browser(sqlite_app)
    client.set_cookie("second_look", serializer.dumps({"token": token}))

    assert client.get("/account").status_code == 302


def test_after_signing_out_the_old_cookie_is_dead(app: Flask) -> None:
    client = browser(app, ada())
    old = client.get_cookie("second_look")
    assert old is not None and client.get("/account").status_code == 200

    client.send("/sign-out")

    thief = browser(app)
    thief.set_cookie("second_look", old.value)
    assert thief.get("/account").status_code == 302


@pytest.mark.parametrize(
    "ending", ["deactivated", "roles", "password", "link", "idle", "old"]
)  # "log out everywhere" is what a new password does
def test_an_old_cookie_is_dead_at_the_next_request(app: Flask, ending: str) -> None:
    someone, root = ada(), factories.actor("admin")
    client, moment = browser(app, someone), TODAY
    assert client.get("/account").status_code == 200

    if ending == "password":
        accounts.change_password(factories.acting(someone), old=PASSWORD, new=OTHER, address="192.0.2.1")
    elif ending == "link":
        with writing():
            token = accounts.make_link(SYSTEM, someone)
        accounts.use_link(token, OTHER)
    elif ending in ("idle", "old"):
        moment += timedelta(minutes=31) if ending == "idle" else timedelta(hours=12)
    else:
        admin = browser(app, root)
        deed = {"active": "no"} if ending == "deactivated" else {"name": "Ada", "roles": "reviewer"}
        way = "/active" if ending == "deactivated" else ""
        assert admin.send(f"/people/{someone.public_id}{way}", deed).status_code == 302

    with clock.fixed(moment):
        assert client.get("/account").status_code == 302


def test_a_sitting_that_is_used_stays_open_but_no_longer_than_its_hours(sqlite_app: Flask) -> None:
    client = browser(sqlite_app, ada())
    answers = []

    for minutes in range(20, 12 * 60 + 20, 20):
        with clock.fixed(TODAY + timedelta(minutes=minutes)):
            answers.append(client.get("/account").status_code)

    assert set(answers[:-1]) == {200} and answers[-1] == 302


def test_many_failures_make_wait_and_say_how_long(sqlite_app: Flask) -> None:
    ada()
    client = browser(sqlite_app)

    answers = [client.send("/sign-in", {**CREDENTIALS, "password": OTHER}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "2" and "2 s" in answers[-1].text


def test_an_invitation_leads_to_a_password_and_works_once(app: Flask) -> None:
    root, new = factories.actor("admin"), person("agent", email="new@example.org")
    link = re.search(r'href="(/reset/[^"]+)"', browser(app, root).send(f"/people/{new.public_id}/link").text)
    assert link
    client = browser(app)

    shown, again = client.get(link[1]), client.get(link[1])
    refused = client.send(link[1], {"new": "password1234"})
    taken = client.send(link[1], {"new": PASSWORD})
    reused = [client.get(link[1]), client.send(link[1], {"new": OTHER})]

    assert (shown.status_code, again.status_code, refused.status_code) == (200, 200, 422)
    assert taken.status_code == 302
    assert [answer.status_code for answer in reused] == [410, 410]
    assert client.send("/sign-in", {"email": "new@example.org", "password": PASSWORD}).status_code == 302


def test_a_link_that_never_was_answers_like_a_used_one(sqlite_app: Flask) -> None:
    assert browser(sqlite_app).get("/reset/nothing").status_code == 410


def test_the_password_is_changed_on_the_own_account_and_the_sitting_goes_on(sqlite_app: Flask) -> None:
    client = browser(sqlite_app, ada())

    wrong = client.send("/account/password", {"old": OTHER, "new": OTHER})
    right = client.send("/account/password", {"old": PASSWORD, "new": OTHER})

    assert wrong.status_code == 422 and "present password" in wrong.text
    assert right.status_code == 302 and client.get("/account").status_code == 200


def test_theme_and_keys_are_kept(sqlite_app: Flask) -> None:
    client = browser(sqlite_app, ada())

    client.send("/account/look", {"theme": "dark"})

    text = client.get("/").text
    assert 'data-theme="dark"' in text and 'data-keys="off"' in text


def test_a_form_sets_only_what_it_names(sqlite_app: Flask) -> None:
    someone = ada()
    extra = {"role": "admin", "roles": "admin", "active": "no", "person_id": "1", "external_id": "x", "invented": "1"}

    browser(sqlite_app, someone).send("/account/look", {"theme": "light", "keys_on": "y", **extra})

    db.session.refresh(someone)
    assert factories.acting(someone).roles == {"agent"}
    assert (someone.active, someone.invented, someone.theme) == (True, False, "light")
