"""One search over all rooms: each room finds among its own what this reader may know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import current_app, url_for

from qa.core.access import Actor
from qa.core.people import queries as people_queries

#: So many hits of each kind are shown.
MOST = 10
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is, what it is called, where it stands, and a word more."""

    kind: str
    label: str
    url: str
    more: str = ""


#: Whoever looks, and what for: what a room finds among its own that this reader may know of, the best first.
Finder = Callable[[Actor, str], Iterable[Hit]]


def finders() -> list[Finder]:
    """What the rooms of the present app have put in."""
    known: list[Finder] = current_app.extensions.setdefault("finders", [])
    return known


def find(reader: Actor, asked: str) -> dict[str, list[Hit]]:
    """Kind -> what *asked* finds for *reader*; what is foreign is not there, exactly like what does not exist."""
    wanted, found = asked.strip()[:LONGEST], dict[str, list[Hit]]()
    for finder in finders() if wanted else ():
        for hit in finder(reader, wanted):
            if len(kept := found.setdefault(hit.kind, [])) < MOST:
                kept.append(hit)
    return found


def people(reader: Actor, asked: str) -> list[Hit]:
    """The people whose page an admin may open."""
    if not reader.has("admin"):
        return []
    rows, _ = people_queries.listed(search=asked)
    return [
        Hit("People", row.name, url_for("people.show", public_id=row.public_id), " · ".join(_about(row)))
        for row in rows[:MOST]
    ]


def _about(row: people_queries.PersonLine) -> list[str]:
    return [part for part in (row.external_id, row.team, None if row.active else "not active") if part]
