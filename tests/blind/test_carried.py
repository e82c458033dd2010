"""An answer stands only as long as nothing that it followed from is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask, flash, session
from sqlalchemy import select, update

from qa.core import clock, preferences
from qa.core.db import db, write
from qa.core.models import Person
from qa.queries import policy_search
from tests import factories
from tests.blind.carried import Carried, forget_all
from tests.conftest import TODAY


class Reader:
    """Somebody with a browser whose answers are kept."""

    def __init__(self, app: Flask) -> None:
        person = factories.person("reviewer", name="Ada")
        self.client = factories.browser(app, person)
        self.carried: Carried[str] = Carried(self.client)
        self.ask("/name")

    def ask(self, url: str, *, is_text: bool = True) -> str:
        """Ask for a page, and keep what comes."""
        self.carried.asked.clear()
        answer = self.client.get(url)
        self.carried.keep(url, answer.text, is_text=is_text)
        return answer.text


def names_ada(name: str) -> None:
    write(lambda: db.session.execute(update(Person).where(Person.id == 1).values(name=name)))


@pytest.fixture
def reader(make_app: Callable[..., Flask]) -> Iterator[Reader]:
    app = make_app()
    app.add_url_rule("/name", "name", lambda: str(db.session.scalar(select(Person.name).where(Person.id == 1))))
    app.add_url_rule("/says", "says", lambda: flash("Said.") or str(sorted(session)))
    app.add_url_rule("/writes", "writes", lambda: names_ada("Ada") or "Written.")
    with app.app_context(), clock.fixed(TODAY):
        found = Reader(app)
        yield found
        found.carried.close()
        db.session.remove()
        db.engine.dispose()


def test_an_answer_stands_while_its_rows_are_the_same(reader: Reader) -> None:
    write(lambda: preferences.put(factories.actor("admin"), "batch_size", 7))
    reader.carried.forget_rows()

    assert reader.carried.standing("/name") == "Ada"


def test_an_answer_falls_with_a_row_that_it_read(reader: Reader) -> None:
    names_ada("Grace")
    reader.carried.forget_rows()

    assert reader.carried.standing("/name") is None
    assert reader.ask("/name") == "Grace"
    assert reader.carried.standing("/name") == "Grace"


def test_an_answer_falls_when_time_goes_on(reader: Reader) -> None:
    with clock.fixed(TODAY + timedelta(seconds=1)):
        assert reader.carried.standing("/name") is None


def test_an_answer_falls_when_the_sitting_holds_something_else(reader: Reader) -> None:
    reader.ask("/says")

    assert reader.carried.standing("/name") is None


def test_a_page_that_writes_and_one_that_is_no_text_are_not_kept(reader: Reader) -> None:
    reader.ask("/writes")
    reader.ask("/name", is_text=False)

    assert reader.carried.standing("/writes") is None
    assert reader.carried.standing("/name") is None


def test_what_a_process_remembers_of_texts_is_forgotten() -> None:
    policy_search._kept[1, "0", ()] = ()
    policy_search._index(())

    forget_all()

    assert policy_search._kept == {}
    assert policy_search._index.cache_info().currsize == 0
