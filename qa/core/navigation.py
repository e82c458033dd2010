"""Where a person may go: a bar of at most a handful of places, and beside the present one those that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.core.access import Actor
from qa.core.registries import Place, registries

#: So many places stand in the bar one by one; of more, those that belong together share one entry.
IN_BAR = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """One link of the navigation. *key*: what is struck after `g`."""

    label: str
    url: str
    key: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """What the bar shows, what the row under it shows, and the places that only a key reaches from this page."""

    bar: tuple[Stop, ...]
    beside: tuple[Stop, ...] = ()
    elsewhere: tuple[Stop, ...] = ()

    @property
    def keyed(self) -> tuple[Stop, ...]:
        """Each place that a key leads to, once, under its own name."""
        known = {stop.key: stop for stop in (*self.bar, *self.beside, *self.elsewhere) if stop.key}
        return tuple(known.values())


def navigation(person: Actor, path: str) -> Navigation:
    """The places that *person* may go to, in their order, seen from the page at *path*.

    Up to six stand in the bar. Of more, a group stands in the bar under its own name and leads to its first place; the
    places of the group that one is in stand in a row of their own. What another place leads to stands in neither: being
    there marks that other one.
    """
    known = [place for place in sorted(registries().places, key=lambda one: one.order) if person.has(*place.roles)]
    urls = {place.url for place in known}
    inner = {place.url: place.under for place in known if place.under in urls}
    here = [place.url for place in known if _is_under(path, (place.url,))]
    here = here or [place.url for place in known if _is_under(path, place.covers)]
    here = [inner.get(url, url) for url in here]
    stops = {place.url: Stop(place.label, place.url, place.key, place.url in here) for place in known}
    places = [place for place in known if place.url not in inner]
    if len(places) <= IN_BAR:
        return Navigation(tuple(stops[place.url] for place in places), (), tuple(stops[url] for url in inner))
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(place.group or place.label, []).append(place)
    bar = tuple(_entry(name, [stops[place.url] for place in members]) for name, members in groups.items())
    present = next((members for members in groups.values() if any(place.url in here for place in members)), [])
    beside = tuple(stops[place.url] for place in present) if len(present) > 1 else ()
    shown = {stop.key for stop in (*bar, *beside)}
    return Navigation(bar, beside, tuple(stop for stop in stops.values() if stop.key not in shown))


def _entry(group: str, members: list[Stop]) -> Stop:
    first, *others = members
    return first if not others else Stop(group, first.url, first.key, any(stop.is_here for stop in members))


def _is_under(path: str, urls: Iterable[str]) -> bool:
    return any(path == url or path.startswith(url + "/") for url in urls)
