"""Chips: where a sentence stands, as a link to that clause in that version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from qa.policies import queries as policy_queries


@dataclass(frozen=True, slots=True)
class Chip:
    """One clause: what it is called, where it is read, and its words."""

    label: str
    where: str
    url: str
    quote: str
    #: The whole key of its section.
    section: str


def chips(citations: Iterable[Mapping[str, Any]]) -> list[Chip]:
    """The chips of *citations*, each clause once."""
    known = list(citations)
    names = policy_queries.labels(sorted({row["section"] for row in known}))
    made = (_chip(row, names[row["section"]]) for row in known)
    return list(dict.fromkeys(made))


def _chip(row: Mapping[str, Any], name: str) -> Chip:
    slug, _, key = row["section"].partition("/")
    first, last = row["line_from"], row["line_to"]
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    anchor = f"#s-{quote(key)}" if key else ""
    url = f"/policies/{quote(slug)}/{quote(str(row['version']), safe='')}{anchor}"
    return Chip(name, f"version {row['version']}, {lines}", url, row["quote"], row["section"])
