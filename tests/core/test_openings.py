"""Who opened whose page: kept with the page, told to the person, let go after a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import clock, openings, preferences
from qa.core.access import SYSTEM
from qa.core.access_models import PageOpening
from qa.core.db import db, write
from tests import factories
from tests.conftest import TODAY


def lines() -> list[tuple[int, int, str, int]]:
    """(whose page, reader, what, times) of all that is kept."""
    columns = (PageOpening.person_id, PageOpening.reader_id, PageOpening.what, PageOpening.times)
    found = [tuple(row) for row in db.session.execute(select(*columns).order_by(PageOpening.id))]
    db.session.rollback()
    return found


def test_an_opened_page_is_kept_a_line_a_day_and_told_to_its_person_alone(sqlite_app: Flask) -> None:
    amber = factories.team("Amber")
    ada, ben = factories.person("agent", name="Ada", team=amber), factories.person("agent", name="Ben", team=amber)
    lead = factories.person("manager", name="Mia Holt", manages=[amber])
    leads, own = factories.browser(sqlite_app, lead), factories.browser(sqlite_app, ada)
    address, ids = f"/accuracy/agents/{ada.public_id}", (ada.id, lead.id)

    for url in (address, f"{address}/figures.csv", f"/accuracy/cases?agent={ada.public_id}"):
        assert leads.get(url).status_code == 200
    own.get(address)
    own.get("/me")

    assert lines() == [(*ids, "figures", 2), (*ids, "cases", 1)]
    told = own.get("/account/openings").text
    assert "Mia Holt" in told and "Your figures" in told and "Cases behind your figures" in told
    assert "Mia Holt" not in factories.browser(sqlite_app, ben).get("/account/openings").text.split("<main")[1]


def test_what_was_not_shown_is_not_kept(sqlite_app: Flask) -> None:
    ada = factories.person("agent", team=factories.team("Amber"))
    foreign = factories.browser(sqlite_app, factories.person("manager", manages=[factories.team("Birch")]))

    assert foreign.get(f"/accuracy/agents/{ada.public_id}").status_code == 404
    assert lines() == []


def test_the_next_day_has_a_line_of_its_own_and_old_ones_go(app: Flask) -> None:
    ada, mia = factories.actor("agent"), factories.actor("manager")
    assert ada.id is not None
    number = ada.id
    for days in (0, 0, 1, 40):
        with clock.fixed(TODAY + timedelta(days=days)):
            write(lambda: openings.keep(mia, number, "figures"))
    with clock.fixed(TODAY + timedelta(days=40)):
        write(lambda: preferences.put(SYSTEM, "page_opening_days", 39))

    with clock.fixed(TODAY + timedelta(days=40)):
        swept = openings.sweep()

    assert swept == 1
    assert [line[3] for line in lines()] == [1, 1]


def test_nothing_is_kept_of_oneself_and_no_word_that_pages_could_not_say(sqlite_app: Flask) -> None:
    ada, mia = factories.actor("agent"), factories.actor("manager")
    assert ada.id is not None
    number = ada.id

    write(lambda: openings.keep(ada, number, "figures"))
    with pytest.raises(KeyError):
        write(lambda: openings.keep(mia, number, "secrets"))

    assert lines() == []
