"""Where something may be posted to: public addresses by https, looked up once, and nothing that leads inside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.errors import BadInput
from qa.core.models import AuditEntry
from qa.core.notices import channels, webhook
from tests import factories

INSIDE = (
    "127.0.0.1", "10.0.0.7", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.7", "64:ff9b::a00:7",
    "2002:a00:7::1", "198.18.0.1",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_however_it_is_written(address: str) -> None:
    assert not webhook.is_allowed(address)


def test_what_leads_to_the_machine_s_own_keeper_is_refused_even_where_the_inside_is_allowed() -> None:
    assert webhook.is_allowed("10.0.0.7", inside=True)
    assert not webhook.is_allowed("169.254.169.254", inside=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/x", "ftp://93.184.216.34/", "https://", "https://name:word@93.184.216.34/",
        "https://93.184.216.34:8443/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/", "not an address",
    ],
)  # fmt: skip
def test_an_address_that_nothing_may_be_posted_to_is_not_kept(sqlite_app: Flask, url: str) -> None:
    with pytest.raises(BadInput):
        channels.name(SYSTEM, url=url, kinds=["danger"])
    assert not channels.is_set_up()


def test_a_name_with_one_address_inside_is_refused_and_a_name_that_turns_inside_is_too(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["93.184.216.34"], ["93.184.216.34", "10.0.0.7"], ["10.0.0.7"]]

    def looked_up(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)

    channels.name(SYSTEM, url="https://chat.example.org/hook", kinds=["danger"])

    with pytest.raises(BadInput):
        channels.name(SYSTEM, url="https://chat.example.org/hook", kinds=["danger"])
    with pytest.raises(webhook.NotTaken):
        channels.say(["danger"])
    assert answers == []


def test_the_address_is_shown_to_nobody_and_noted_nowhere(sqlite_app: Flask) -> None:
    url = "https://93.184.216.34/services/T0/s3cret-of-the-channel"
    admin = factories.browser(sqlite_app, factories.actor("admin"))

    admin.send("/admin/channel", {"url": url, "kinds": ["danger"]})

    page = admin.get("/admin/channel").text
    noted = "".join(db.session.scalars(select(AuditEntry.detail)))
    assert "93.184.216.34" in page and "s3cret" not in page and "s3cret" not in noted
    kept = admin.send("/admin/channel", {"url": "", "kinds": ["session"]})
    assert kept.status_code == 302 and channels.kinds() == ("session",)


@pytest.fixture
def trickle(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that never ends its answer, and never stands still either."""
    inside = replace(sqlite_app.config["SETTINGS"], channels_inside=True)
    monkeypatch.setitem(sqlite_app.config, "SETTINGS", inside)
    over = threading.Event()

    def answer(door: socket.socket) -> None:
        came, _ = door.accept()
        with came, suppress(OSError):
            while not over.wait(0.02):
                came.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = threading.Thread(target=answer, args=[door])
        server.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/hook"
        over.set()
        server.join()


def test_who_answers_a_bit_at_a_time_is_cut_off(trickle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.2)

    with pytest.raises(webhook.NotTaken):
        webhook.post(trickle, {"text": "x"})
