"""What rooms hand down: each person gets the places and cards that are theirs, in order, and none that are empty."""

from __future__ import annotations

from flask import Flask

from qa.core import registries
from qa.core.registries import HomeCard, Place
from tests import factories


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_places_are_for_roles_and_the_present_one_is_marked(sqlite_app: Flask) -> None:
    known = registries.registries()
    known.places.clear()
    known.places.extend(
        [
            Place("Queue", "/grade", "q", roles("reviewer")),
            Place("People", "/people", "p", roles("admin")),
        ]
    )

    seen = registries.navigation(factories.actor("reviewer"), "/grade/7")
    beside = registries.navigation(factories.actor("reviewer"), "/grades")

    assert seen == [("Queue", "/grade", "q", True)]
    assert beside == [("Queue", "/grade", "q", False)]


def test_pages_that_belong_to_a_place_mark_it_unless_they_are_a_place_of_their_own(sqlite_app: Flask) -> None:
    known = registries.registries()
    known.places.clear()
    known.places.append(
        Place("Policies", "/policies", "o", roles("agent", "manager"), covers=("/drafts", "/questions"))
    )
    known.places.append(Place("Questions", "/questions", "u", roles("manager")))

    def marked(role: str, path: str) -> list[str]:
        return [label for label, _, _, current in registries.navigation(factories.actor(role), path) if current]

    assert marked("agent", "/questions/7") == ["Policies"] and marked("manager", "/questions/7") == ["Questions"]
    assert marked("manager", "/drafts") == ["Policies"] and marked("manager", "/draftsmen") == []


def test_places_come_in_their_order_whoever_put_them_in_first(sqlite_app: Flask) -> None:
    known = registries.registries()
    known.places.clear()
    for name, order in (("Last", 90), ("First", 50), ("Second", 50)):
        known.places.append(Place(name, f"/{name}", "", roles("agent"), order))

    assert [place[0] for place in registries.navigation(factories.actor("agent"), "/")] == ["First", "Second", "Last"]


def test_cards_come_in_order_and_only_when_they_have_something_to_say(sqlite_app: Flask) -> None:
    known = registries.registries()
    known.home_cards.clear()
    for name, order, content in (("late", 90, 1), ("early", 10, 2), ("silent", 20, None)):
        known.home_cards.append(HomeCard(name, roles("agent"), lambda _who, content=content: content, order))
    known.home_cards.append(HomeCard("other", roles("admin"), lambda _who: 3))

    assert registries.home_cards(factories.actor("agent")) == [("early", 2), ("late", 1)]


def test_the_first_that_knows_says_how_fresh_the_data_is(sqlite_app: Flask) -> None:
    known = registries.registries()
    known.freshness.clear()
    assert registries.freshness() is None

    known.freshness.extend([lambda: None, lambda: "cases up to 14 Nov", lambda: "never asked"])

    assert registries.freshness() == "cases up to 14 Nov"
