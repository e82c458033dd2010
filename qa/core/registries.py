"""What upper rooms hand down to the kernel: `wsgi.py` fills these, so that no lower room learns of a higher one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from qa.core.access import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the navigation."""

    label: str
    url: str
    key: str
    roles: frozenset[str]
    order: int = 50


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A card on somebody's home. `draw` gives what the template needs, or None when the card has nothing to say."""

    template: str
    roles: frozenset[str]
    draw: Callable[[Actor], Any]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Registries:
    """All that the rooms have put in."""

    places: list[Place] = field(default_factory=list)
    home_cards: list[HomeCard] = field(default_factory=list)
    #: section key -> lines of (what, count, url), for the policy page.
    touched_by: list[Callable[[str], Iterable[tuple[str, int, str]]]] = field(default_factory=list)
    #: Who holds text or names; used by erasure and retention.
    text_holders: list[Any] = field(default_factory=list)
    #: Parts of the evidence pack.
    pack_parts: list[Any] = field(default_factory=list)
    #: How fresh the data is, in words; the first that knows answers.
    freshness: list[Callable[[], str | None]] = field(default_factory=list)


def registries() -> Registries:
    """The registries of the present app."""
    return current_app.extensions["registries"]


def navigation(person: Actor, path: str) -> list[tuple[str, str, str, bool]]:
    """(label, url, key, current) of the places that *person* may go to, in their order."""
    known = sorted(registries().places, key=lambda place: place.order)
    places = [place for place in known if person.has(*place.roles)]
    return [
        (place.label, place.url, place.key, path == place.url or path.startswith(place.url + "/")) for place in places
    ]


def freshness() -> str | None:
    """How fresh the data is ("cases up to 14 Nov 03:00"), or None when there is none."""
    for ask in registries().freshness:
        line = ask()
        if line:
            return line
    return None


def home_cards(person: Actor) -> list[tuple[str, Any]]:
    """(template, what it needs) of the cards that have something to say to *person*."""
    cards = sorted((card for card in registries().home_cards if person.has(*card.roles)), key=lambda card: card.order)
    drawn = [(card.template, card.draw(person)) for card in cards]
    return [(template, content) for template, content in drawn if content is not None]
