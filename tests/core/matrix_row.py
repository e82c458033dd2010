"""One line of the table of who may do what, and what it says when nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: A GET shows; a POST with an empty form does its deed, or says what is missing or not possible now.
SHOWS, DEEDS = frozenset({200}), frozenset({200, 302, 303, 400, 409, 422})


@dataclass(frozen=True)
class Row:
    """One method of one route."""

    method: str
    rule: str
    who: frozenset[str]
    ids: str
    answers: frozenset[int]
    sends: Mapping[str, object] = field(default_factory=dict)


def row(
    route: str, who: str, *, ids: str = "", answers: set[int] | None = None, sends: Mapping[str, object] | None = None
) -> Row:
    """One line of the table: `row("GET /people/<public_id>", "admin", ids="people")`."""
    method, rule = route.split()
    usual = SHOWS if method == "GET" else DEEDS
    return Row(method, rule, frozenset(who.split()), ids, frozenset(answers) if answers else usual, sends or {})
