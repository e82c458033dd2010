"""Signing in: what it takes, what it tells, and when it makes wait."""

from __future__ import annotations

import threading
from datetime import timedelta

import argon2
import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.accounts import accounts, logins, passwords, throttle
from qa.core.db import db, write, writing
from qa.core.errors import BadInput, Gone, ProductError, Refused, TooMany
from qa.core.models import AuditEntry, OneTimeToken, Person, Throttle
from tests import factories
from tests.conftest import TODAY

PASSWORD = "seven quiet herons by the weir"
OTHER = "two loud geese under the bridge"
HASH = passwords.hashed(PASSWORD)
HERE = "192.0.2.1"


def ada(**given: object) -> Person:
    return factories.person("agent", email="ada@example.org", password_hash=HASH, **given)


def failed(email: str = "ada@example.org", address: str = HERE) -> None:
    with pytest.raises(BadInput):
        accounts.sign_in(email, "wrong password, for sure", address=address)


def test_the_right_password_opens_a_sitting(app: Flask) -> None:
    person = ada()

    token = accounts.sign_in("ada@example.org", PASSWORD, address=HERE)

    assert logins.holder(token) == person.id
    assert db.session.scalars(select(AuditEntry.verb)).all() == ["signed_in"]


def test_any_spelling_of_the_address_is_the_same_account(sqlite_app: Flask) -> None:
    ada()

    assert accounts.sign_in(" ＡDA@Example.org\u200b", PASSWORD, address=HERE)


def test_unknown_inactive_and_wrong_are_answered_alike(app: Flask) -> None:
    ada()
    factories.person("agent", email="gone@example.org", password_hash=HASH, active=False)
    factories.person("agent", email="new@example.org")
    said = []

    for email, password in [
        ("ada@example.org", OTHER),
        ("gone@example.org", PASSWORD),
        ("new@example.org", PASSWORD),
        ("nobody@example.org", PASSWORD),
    ]:
        with pytest.raises(BadInput) as raised:
            accounts.sign_in(email, password, address=HERE)
        said.append(raised.value.message)

    assert len(set(said)) == 1


def test_a_weak_hash_is_renewed_at_sign_in(app: Flask) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    person = factories.person("agent", email="ada@example.org", password_hash=weak)

    accounts.sign_in("ada@example.org", PASSWORD, address=HERE)

    db.session.refresh(person)
    assert person.password_hash != weak and not passwords.is_weak(person.password_hash or "")


def test_ten_failures_of_an_account_are_enough_for_a_window(app: Flask) -> None:
    ada()
    moment = TODAY
    for number in range(throttle.LIMIT):
        moment += timedelta(seconds=40)
        with clock.fixed(moment):
            failed(address=f"192.0.2.{number}")

    with clock.fixed(moment + timedelta(seconds=40)), pytest.raises(TooMany) as raised:
        accounts.sign_in("ada@example.org", PASSWORD, address="198.51.100.7")

    assert 0 < raised.value.seconds <= throttle.WINDOW.total_seconds()
    with clock.fixed(moment + timedelta(minutes=16)):
        assert accounts.sign_in("ada@example.org", PASSWORD, address="198.51.100.7")


def test_ten_failures_of_an_address_are_enough_whatever_the_account(app: Flask) -> None:
    ada()
    moment = TODAY
    for number in range(throttle.LIMIT):
        moment += timedelta(seconds=40)
        with clock.fixed(moment):
            failed(email=f"nobody{number}@example.org")

    with clock.fixed(moment + timedelta(seconds=40)), pytest.raises(TooMany):
        accounts.sign_in("ada@example.org", PASSWORD, address=HERE)


def test_from_the_fifth_failure_on_each_try_waits_longer(sqlite_app: Flask) -> None:
    ada()
    for _ in range(throttle.FREE):
        failed()

    with pytest.raises(TooMany) as raised:
        accounts.sign_in("ada@example.org", PASSWORD, address=HERE)

    assert raised.value.seconds == 2
    with clock.fixed(TODAY + timedelta(seconds=2)):
        failed()
        with pytest.raises(TooMany) as again:
            accounts.sign_in("ada@example.org", PASSWORD, address=HERE)
    assert again.value.seconds == 4


def test_who_gets_in_begins_anew(sqlite_app: Flask) -> None:
    ada()
    for _ in range(throttle.FREE - 1):
        failed()
    accounts.sign_in("ada@example.org", PASSWORD, address="198.51.100.7")

    for number in range(throttle.FREE - 1):
        failed(address=f"203.0.113.{number}")

    assert accounts.sign_in("ada@example.org", PASSWORD, address="198.51.100.7")


def test_neighbours_in_one_ipv6_network_count_together(sqlite_app: Flask) -> None:
    near = throttle.bucket("address", "2001:db8:0:1::1"), throttle.bucket("address", "2001:db8:0:1:ffff::9")
    far = throttle.bucket("address", "2001:db8:0:2::1")

    assert near[0] == near[1] != far


def test_the_counters_hold_neither_address_nor_account(sqlite_app: Flask) -> None:
    failed()

    buckets = " ".join(db.session.scalars(select(Throttle.bucket)))
    assert buckets and "ada" not in buckets and "192.0.2" not in buckets


def test_guesses_at_once_get_no_more_tries_than_guesses_in_a_row(app: Flask) -> None:
    ada()
    answers: list[type[BaseException]] = []

    def guess() -> None:
        with app.app_context():
            try:
                accounts.sign_in("ada@example.org", OTHER, address=HERE)
            except ProductError as error:
                answers.append(type(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 16
    assert 1 <= answers.count(BadInput) <= throttle.LIMIT


def test_a_new_password_needs_the_old_one_and_ends_the_other_sittings(app: Flask) -> None:
    person = ada()
    before = write(lambda: logins.begin(person.id))
    who = factories.acting(person)

    with pytest.raises(BadInput, match="present password"):
        accounts.change_password(who, old=OTHER, new="three slow swans on the lake", address=HERE)
    after = accounts.change_password(who, old=PASSWORD, new=OTHER, address=HERE)

    assert logins.holder(before) is None and logins.holder(after) == person.id
    assert accounts.sign_in("ada@example.org", OTHER, address=HERE)


def test_a_link_works_once(app: Flask) -> None:
    person = factories.person("agent", email="new@example.org")
    with writing():
        token = accounts.make_link(SYSTEM, person)

    accounts.use_link(token, PASSWORD)

    assert accounts.sign_in("new@example.org", PASSWORD, address=HERE)
    with pytest.raises(Gone):
        accounts.use_link(token, OTHER)
    with pytest.raises(Gone):
        accounts.link_holder(token)


def test_a_link_is_stored_as_its_hash_only(sqlite_app: Flask) -> None:
    with writing():
        token = accounts.make_link(SYSTEM, factories.person("agent"))

    row = db.session.scalars(select(OneTimeToken)).one()
    assert row.token_hash != token and len(token) >= 43
    assert token not in str(db.session.execute(select(AuditEntry.__table__)).all())


def test_a_link_expires_and_a_newer_one_replaces_it(app: Flask) -> None:
    person = ada()
    with writing():
        first = accounts.make_link(SYSTEM, person)
    with writing():
        second = accounts.make_link(SYSTEM, person)

    with pytest.raises(Gone):
        accounts.use_link(first, OTHER)
    with clock.fixed(TODAY + timedelta(hours=24)), pytest.raises(Gone):
        accounts.use_link(second, OTHER)
    with clock.fixed(TODAY + timedelta(hours=23)):
        accounts.use_link(second, OTHER)


def test_a_link_ends_the_sittings_that_were_open(app: Flask) -> None:
    person = ada()
    sitting = write(lambda: logins.begin(person.id))
    with writing():
        token = accounts.make_link(SYSTEM, person)

    accounts.use_link(token, OTHER)

    assert logins.holder(sitting) is None


@pytest.mark.parametrize("given", [{"email": None, "email_key": None}, {"active": False}])
def test_who_cannot_sign_in_gets_no_link(sqlite_app: Flask, given: dict[str, object]) -> None:
    person = factories.person("agent", **given)

    with pytest.raises(Refused), writing():
        accounts.make_link(SYSTEM, person)


def test_a_bad_new_password_does_not_spend_the_link(sqlite_app: Flask) -> None:
    with writing():
        token = accounts.make_link(SYSTEM, factories.person("agent"))

    with pytest.raises(BadInput):
        accounts.use_link(token, "password1234")

    accounts.use_link(token, PASSWORD)


def test_old_counters_are_swept(app: Flask) -> None:
    failed()
    with clock.fixed(TODAY + timedelta(days=2)):
        swept = write(throttle.sweep)

    assert swept > 0
    assert db.session.scalars(select(Throttle)).all() == []
