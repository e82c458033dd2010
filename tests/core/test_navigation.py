"""The bar: each person gets the places that are theirs, in order, never more than fit, each within a key's reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from qa.core import registries
from qa.core.models import ROLES
from qa.core.navigation import IN_BAR, Navigation, Stop, navigation
from qa.core.registries import Place
from tests import factories


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.fixture
def places(sqlite_app: Flask) -> Iterator[list[Place]]:
    """The places of the app, none yet."""
    known = registries.registries().places
    before = list(known)
    known.clear()
    yield known
    known[:] = before


def test_places_are_for_roles_and_the_present_one_is_marked(places: list[Place]) -> None:
    places.append(Place("Queue", "/grade", "q", roles("reviewer")))
    places.append(Place("People", "/people", "p", roles("admin")))

    seen = navigation(factories.actor("reviewer"), "/grade/7")
    beside = navigation(factories.actor("reviewer"), "/grades")

    assert [(stop.label, stop.is_here) for stop in seen.bar] == [("Queue", True)]
    assert [(stop.label, stop.is_here) for stop in beside.bar] == [("Queue", False)]


def test_pages_that_belong_to_a_place_mark_it_unless_they_are_a_place_of_their_own(places: list[Place]) -> None:
    places.append(Place("Policies", "/policies", "o", roles("agent", "manager"), covers=("/drafts", "/questions")))
    places.append(Place("Questions", "/questions", "u", roles("manager")))

    def marked(role: str, path: str) -> list[str]:
        return [stop.label for stop in navigation(factories.actor(role), path).bar if stop.is_here]

    assert marked("agent", "/questions/7") == ["Policies"] and marked("manager", "/questions/7") == ["Questions"]
    assert marked("manager", "/drafts") == ["Policies"] and marked("manager", "/draftsmen") == []


def test_places_come_in_their_order_whoever_put_them_in_first(places: list[Place]) -> None:
    for name, order in (("Last", 90), ("First", 50), ("Second", 50)):
        places.append(Place(name, f"/{name}", "", roles("agent"), order))

    assert [stop.label for stop in navigation(factories.actor("agent"), "/").bar] == ["First", "Second", "Last"]


def test_of_many_places_those_that_belong_together_share_one_and_stand_in_a_row_when_one_is_there(
    places: list[Place],
) -> None:
    for number in range(IN_BAR - 1):
        places.append(Place(f"Place {number}", f"/place-{number}", str(number), roles("manager")))
    places.append(Place("Funnel", "/funnel", "f", roles("manager"), group="Numbers"))
    places.append(Place("Trend", "/trend", "t", roles("manager"), group="Numbers"))

    outside, inside = (navigation(factories.actor("manager"), path) for path in ("/place-0", "/trend/3"))

    assert [stop.label for stop in outside.bar][-1] == "Numbers" and outside.bar[-1].url == "/funnel"
    assert not outside.beside and [stop.label for stop in outside.elsewhere] == ["Trend"]
    assert [(stop.label, stop.is_here) for stop in inside.beside] == [("Funnel", False), ("Trend", True)]
    assert inside.bar[-1].is_here and not inside.elsewhere


def test_what_another_place_leads_to_stands_in_no_row_and_marks_that_place(places: list[Place]) -> None:
    for number in range(IN_BAR):
        places.append(Place(f"Place {number}", f"/place-{number}", str(number), roles("manager"), group="Many"))
    places.append(Place("Guesses", "/guesses", "b", roles("manager", "agent"), group="Many", under="/place-2"))

    seen, alone = (navigation(factories.actor(role), "/guesses/7") for role in ("manager", "agent"))

    assert [stop.label for stop in seen.bar if stop.is_here] == ["Place 2"]
    assert [stop.label for stop in seen.elsewhere] == ["Guesses"]
    assert [(stop.label, stop.is_here) for stop in alone.bar] == [("Guesses", True)], "nothing leads this person there"


@pytest.mark.parametrize("role", ROLES)
def test_no_role_has_a_bar_that_does_not_fit_and_every_place_of_it_is_one_key_away(
    sqlite_app: Flask, role: str
) -> None:
    mine = [place for place in registries.registries().places if role in place.roles]

    for place in mine:
        seen = navigation(factories.actor(role), place.url)

        keys = [stop.key for stop in (*seen.bar, *seen.beside, *seen.elsewhere)]
        assert len(seen.bar) <= IN_BAR
        assert {one.key for one in mine} == set(keys)
        assert any(stop.is_here for stop in seen.bar)


def test_no_two_places_answer_the_same_key(sqlite_app: Flask) -> None:
    keys = [place.key for place in registries.registries().places if place.key]

    assert len(keys) == len(set(keys))


def test_each_key_is_listed_once_under_the_place_that_it_leads_to() -> None:
    nav = Navigation(
        bar=(Stop("Numbers", "/a", "l", True), Stop("Grade", "/g", "q", False)),
        beside=(Stop("Alerts", "/a", "l", True), Stop("Plain", "/p", "", False)),
        elsewhere=(Stop("Imports", "/i", "i", False),),
    )

    assert [(stop.key, stop.label) for stop in nav.keyed] == [("l", "Alerts"), ("q", "Grade"), ("i", "Imports")]
