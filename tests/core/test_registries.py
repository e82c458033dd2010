"""What rooms hand down: each person gets the cards that are theirs, in order, and none that are empty."""

from __future__ import annotations

from flask import Flask

from qa.core import registries
from qa.core.registries import HomeCard
from tests import factories


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


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
