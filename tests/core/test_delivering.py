"""Notices on their way out: when, to whom, what they say then, and what happens when nobody takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock, jobs, registries
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Notice, Person
from qa.core.notices import channels, notify
from qa.core.notices import choices as notice_choices
from qa.core.notices.models import Delivery
from qa.core.notices.quiet import Choice
from tests import factories
from tests.core.servers import Chat, Mailbox, serving


@pytest.fixture
def mailbox(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    known = sqlite_app.config["SETTINGS"]
    told = replace(known, smtp_url=box.url, mail_from="desk@example.org", public_url="https://desk.example.org")
    monkeypatch.setitem(sqlite_app.config, "SETTINGS", replace(told, channels_inside=True))
    with serving(box):
        yield box


@pytest.fixture
def chat(mailbox: Mailbox) -> Iterator[Chat]:
    other = Chat()
    with serving(other):
        yield other


def who(how: str = "at_once", **given: int | None) -> Actor:
    person = factories.actor("agent", email=f"somebody-{how}@example.org")
    write(lambda: notice_choices.choose(person, Choice(how, **given)))
    return person


def tell(person: Actor, line: str = "A session waits", *, kind: str = "test", urgent: bool = False) -> None:
    count = db.session.query(Notice).count()
    write(
        lambda: notify.tell(
            person_id=person.id or 0, kind=kind, object_ref="ref", line=line, url="/sessions",
            dedupe_key=f"{line}:{count}:{person.id}", urgent=urgent,
        )
    )  # fmt: skip


def work() -> None:
    write(lambda: jobs.enqueue(SYSTEM, notify.DELIVER, dedupe_key=f"periodic:{notify.DELIVER}"))
    jobs.run_due()


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery.state).order_by(Delivery.id)))


def test_at_once_is_one_message_with_its_line_and_its_link(mailbox: Mailbox) -> None:
    tell(who(), "A session\r\nBcc: all@example.org waits")

    work()
    work()

    [mail] = mailbox.messages
    assert mail["To"] == "somebody-at_once@example.org" and mail["Bcc"] is None
    assert mail["Subject"] == "Second Look: A session Bcc: all@example.org waits"
    assert "https://desk.example.org/sessions" in mail.get_content()


def test_the_daily_one_holds_all_of_the_day_and_waits_for_its_hour(mailbox: Mailbox) -> None:
    person = who("digest", digest_hour=18)
    for line in ("One", "Two"):
        tell(person, line)

    work()
    before = len(mailbox.messages)
    with clock.fixed(clock.now().replace(hour=18)):
        work()

    assert before == 0 and len(mailbox.messages) == 1
    assert "One" in mailbox.messages[0].get_content() and "Two" in mailbox.messages[0].get_content()


def test_quiet_hours_hold_back_all_but_what_is_urgent(mailbox: Mailbox) -> None:
    person = who("at_once", quiet_from=8, quiet_to=11)
    tell(person, "It can wait")
    tell(person, "It cannot wait", urgent=True)

    jobs.run_due()

    assert [mail["Subject"] for mail in mailbox.messages] == ["Second Look: It cannot wait"]
    with clock.fixed(clock.now().replace(hour=11)):
        work()
    assert len(mailbox.messages) == 2


def test_what_was_read_meanwhile_or_is_not_wanted_is_not_sent(mailbox: Mailbox) -> None:
    reads, wants_none = who("at_once", quiet_from=8, quiet_to=11), who("none")
    tell(reads)
    tell(wants_none)
    work()
    write(lambda: notify.read_all(reads, until=clock.now()))

    with clock.fixed(clock.now().replace(hour=12)):
        work()

    assert mailbox.messages == [] and states() == ["dropped", "dropped"]


def test_a_message_says_what_its_receiver_may_know_when_it_is_sent(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_know = {"ref": "It is called otherwise now"}
    monkeypatch.setitem(registries.registries().notice_lines, "test", lambda _reader, ref: may_know.get(ref))
    tell(who(), "It was called this")
    work()
    may_know.clear()
    tell(who("digest", digest_hour=10), "It was called that")
    with clock.fixed(clock.now().replace(hour=10)):
        work()

    [mail] = mailbox.messages
    assert "called otherwise" in mail.get_content() and "called this" not in mail.get_content()


def test_somebody_who_left_is_told_nothing_more(mailbox: Mailbox) -> None:
    person = who("at_once", quiet_from=8, quiet_to=11)
    tell(person)
    work()
    write(lambda: db.session.execute(update(Person).where(Person.id == person.id).values(active=False)))

    with clock.fixed(clock.now().replace(hour=12)):
        work()

    assert mailbox.messages == [] and states() == ["dropped"]


def test_a_server_that_refuses_is_asked_again_later_and_later_with_the_same_number(mailbox: Mailbox) -> None:
    mailbox.refuses = True
    tell(who())
    work()
    began, waits = clock.now(), []
    for _ in range(2):
        waits.append(db.session.scalars(select(Delivery.due_at)).one() - clock.now())
        with clock.fixed(began + timedelta(hours=len(waits))):
            work()

    mailbox.refuses = False
    with clock.fixed(began + timedelta(hours=9)):
        work()

    number = db.session.scalars(select(Delivery.public_id)).one()
    assert [mail["Message-ID"] for mail in mailbox.messages] == [f"<{number}@example.org>"]
    assert waits[0] == timedelta(minutes=2) and states() == ["sent"]


def test_a_server_that_never_takes_it_is_given_up_on(mailbox: Mailbox) -> None:
    mailbox.refuses = True
    tell(who())
    began = clock.now()

    for turn in range(10):
        with clock.fixed(began + timedelta(hours=9 * turn)):
            work()

    assert states() == ["failed"] and db.session.scalars(select(Delivery.attempts)).one() == 8


@pytest.mark.parametrize("odd", ["<a@b.example>", "a@[", "j\u00fcrgen@c.example"])
def test_an_address_that_nobody_can_be_written_to_at_keeps_nobody_else_waiting(mailbox: Mailbox, odd: str) -> None:
    first, second = who(), who("digest")
    write(lambda: db.session.execute(update(Person).where(Person.id == first.id).values(email=odd)))
    write(lambda: notice_choices.choose(second, Choice("at_once")))
    tell(first, "One")
    tell(second, "Two")

    work()

    assert [mail["To"] for mail in mailbox.messages] == ["somebody-digest@example.org"]
    assert states() == ["waiting", "sent"]


def test_a_line_of_several_lines_adds_no_header(mailbox: Mailbox) -> None:
    tell(who(), "Hello\r\nBcc: evil@example.net\u2028X-More: 1")

    work()

    [mail] = mailbox.messages
    assert mail["Bcc"] is None and mail["X-More"] is None
    assert mail["Subject"] == "Second Look: Hello Bcc: evil@example.net X-More: 1"


def test_without_a_server_nothing_is_kept_for_later(sqlite_app: Flask) -> None:
    tell(who())

    work()

    assert states() == []


def test_the_channel_says_of_what_kind_it_is_and_names_nothing(chat: Chat) -> None:
    channels.name(factories.actor("admin"), url=chat.url, kinds=["danger"])
    tell(who("none"), "Danger on case-no-7", kind="danger", urgent=True)
    tell(who("digest"), "A session waits: Threats", kind="session")
    tell(who("at_once"), "Danger on case-no-8", kind="danger")

    jobs.run_due()

    [(path, said)] = chat.said
    assert path == "/hook?key=s3cret"
    assert said["text"] == f"{channels.SAID['danger'][1]}\nhttps://desk.example.org/"


@pytest.mark.parametrize("status", [302, 500])
def test_a_channel_that_redirects_or_fails_is_asked_again_later(chat: Chat, status: int) -> None:
    channels.name(SYSTEM, url=chat.url, kinds=["flag"])
    chat.status = status
    tell(who("none"), kind="flag")

    work()

    assert len(chat.said) == 1 and states() == ["dropped", "waiting"]
