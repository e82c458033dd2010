"""Each call on call is posted to the address that rings phones, with nothing of the case, until somebody takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from qa.core import clock
from qa.core.db import write
from qa.danger import danger, pager
from tests import factories
from tests.core.servers import Chat, serving
from tests.desk import Desk
from tests.qa.test_danger import LINE, after, reported


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    desk = Desk(graders=1)
    factories.actor("manager", skills=["on_call"], manages=None, external_id="watch-1")
    return desk


def named(desk: Desk, phone: Chat, patch: pytest.MonkeyPatch) -> None:
    """Let calls go to *phone*."""
    known = desk.app.config["SETTINGS"]
    told = replace(known, on_call_hook=phone.url, channels_inside=True, public_url="https://desk.example.org")
    patch.setitem(desk.app.config, "SETTINGS", told)


def test_a_call_rings_once_and_says_nothing_of_the_case(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, case = Chat(), desk.drawn_case(decided="none", action="keep")
    named(desk, phone, monkeypatch)
    call = reported(desk)

    with serving(phone):
        after(seconds=11)
        after(seconds=40)

    (_path, said), *others = phone.said
    assert others == []
    assert {"event": "call", "person": "watch-1", "test": False}.items() <= said.items()
    assert said["url"] == f"https://desk.example.org/on-call/{call}"
    assert LINE not in str(said) and case.external_id not in str(said)


def test_a_phone_that_does_not_take_it_is_rung_again_until_somebody_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Chat()
    named(desk, phone, monkeypatch)
    phone.status = 503

    with serving(phone):
        call = write(lambda: danger.call_as_test(desk.manager))
        refused = pager.ring()
        phone.status = 200
        with clock.fixed(clock.now() + timedelta(minutes=1)):
            taken, again = pager.ring(), pager.ring()

    assert (refused, taken, again, len(phone.said)) == (0, 1, 0, 2)
    assert phone.said[1][1]["test"] is True and call in phone.said[1][1]["url"]


def test_no_phone_rings_when_what_was_decided_ended_the_danger_or_no_address_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Chat()
    desk.drawn_case()
    reported(desk)
    with serving(phone):
        assert pager.ring() == 0
        named(desk, phone, monkeypatch)
        after(seconds=11)

    assert phone.said == []
