"""Who can see and do what, as the app enforces it: the roles are read off the routes themselves, the words are ours.

A right names the addresses that it covers and whose things each role meets there. The tests hold the routes' roles and
the owners to the table of permissions, so the page that is drawn from this cannot say anything else.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import Flask, current_app

from qa.core.models import ROLES

#: Whose things a role meets -> what the page says.
SCOPES = {
    "all": "all", "own": "the own", "led": "of the teams led", "part": "where they take part",
    "nameless": "without names", "above": "if they lead every team",
}  # fmt: skip
SIGNED_IN, PUBLIC = "signed_in", "public"


@dataclass(frozen=True)
class Right:
    """What the page calls a number of addresses. *covers*: how they begin, "GET /plans" or "POST /plans"."""

    area: str
    words: str
    covers: tuple[str, ...]
    #: Role -> whose; a role that is not here meets all.
    whose: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row of the page: what, whether it changes something, and for each role whose (None: not at all)."""

    words: str
    changes: bool
    roles: Mapping[str, str | None]
    #: (method, rule) of the routes behind it.
    routes: tuple[tuple[str, str], ...]


#: A view with one method and address.
_Route = tuple[object, str, str]


def rights(area: str, lines: Iterable[tuple[str, str, Mapping[str, str]]]) -> list[Right]:
    """Rights of one area: of each the words, the addresses separated by commas, and whose."""
    return [
        Right(area, words, tuple(one.strip() for one in covers.split(",")), whose) for words, covers, whose in lines
    ]


def add(app: Flask, more: Iterable[Right]) -> None:
    """Put the rights of a room into *app*."""
    app.extensions.setdefault("rights", []).extend(more)


def right_of(known: Iterable[Right], method: str, rule: str) -> Right | None:
    """The right that covers a route: the one whose address says most of it."""
    found = [(len(cover), right) for right in known for cover in right.covers if _is_covered(cover, method, rule)]
    return max(found, key=lambda one: one[0], default=(0, None))[1]


def _is_covered(cover: str, method: str, rule: str) -> bool:
    wanted, _, address = cover.partition(" ")
    return wanted == method and (rule == address or rule.startswith((address + "/", address + ".")))


def table() -> dict[str, list[Line]]:
    """Area -> what each role may see and do there, of the present app; made once, for routes do not change."""
    made: dict[str, list[Line]] | None = current_app.extensions.get("rights_table")
    if made is None:
        made = current_app.extensions["rights_table"] = _table(current_app)
    return made


def _table(app: Flask) -> dict[str, list[Line]]:
    known: list[Right] = app.extensions.get("rights", [])
    order = {right.area: place for place, right in reversed(list(enumerate(known)))}
    lines: dict[str, list[Line]] = defaultdict(list)
    for right, groups in sorted(_groups(app, known), key=lambda one: order.get(one[0].area, len(known))):
        most = max(groups.values(), key=len)
        for (roles, changes), routes in groups.items():
            words = right.words if routes is most else _said(routes[0][0])
            addresses = tuple(sorted(route[1:] for route in routes))
            lines[right.area].append(Line(words, changes, _cells(roles, right.whose), addresses))
    return {area: sorted(found, key=lambda line: line.changes) for area, found in lines.items()}


def _groups(app: Flask, known: list[Right]) -> list[tuple[Right, dict[tuple[frozenset[str], bool], list[_Route]]]]:
    """Of each right, and of each address that none covers, the routes by the roles that they let in."""
    found: dict[str, tuple[Right, dict[tuple[frozenset[str], bool], list[_Route]]]] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        roles = getattr(view, "needed_roles", frozenset({PUBLIC}))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}) if PUBLIC not in roles else ():
            right = right_of(known, method, rule.rule) or Right("More", _said(view), ())
            groups = found.setdefault(f"{right.area}: {right.words}", (right, defaultdict(list)))[1]
            groups[roles, method != "GET"].append((view, method, rule.rule))
    return list(found.values())


def _cells(roles: frozenset[str], whose: Mapping[str, str]) -> dict[str, str | None]:
    held = frozenset(ROLES) if SIGNED_IN in roles else roles
    return {role: whose.get(role, "all") if role in held else None for role in ROLES}


def _said(view: object) -> str:
    """The first sentence of a view's own words."""
    return (inspect.getdoc(view) or "").split("\n")[0].rstrip(".")
