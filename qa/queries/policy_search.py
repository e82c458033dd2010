"""Searching the policies in force on a day: the database says which versions those are, memory holds their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from qa.core import clock
from qa.core.db import db
from qa.models.policies import PolicyVersion
from qa.policies import queries as policy_queries
from qa.policies.queries import SectionRow
from qa.reading import search
from qa.reading.search import Bit, Index, Page

#: A version by what its pages are made of: inside number, hash of the text, its sections' keys.
Name = tuple[int, str, tuple[str, ...]]
#: As many versions are kept in memory; the one that was made first goes first.
_MOST_KEPT = 1000
_kept: dict[Name, tuple[Page, ...]] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A section that a search found."""

    policy: str
    path: Sequence[str]
    key: str
    slug: str
    number: str
    anchor: str
    snippet: Sequence[Bit]


def found(query: str, *, on: date | None = None, slug: str = "") -> tuple[list[Found], int]:
    """The best sections that hold all words of *query*, and how many there are.

    *on*: the policies in force on that day, not today's; *slug*: of one policy only.
    """
    rows: dict[int, list[SectionRow]] = {}
    for row in policy_queries.sections_in_force(on or clock.now().date()):
        if not slug or row.policy_slug == slug:
            rows.setdefault(row.version_id, []).append(row)
    hits, total = _index(_known(rows)).search(query)
    return [_found(hit, rows[hit.page.version_id][0]) for hit in hits], total


def _known(rows: dict[int, list[SectionRow]]) -> tuple[Name, ...]:
    """The names of the versions that *rows* are the sections of, with their pages at hand."""
    query = select(PolicyVersion.id, PolicyVersion.sha256).where(PolicyVersion.id.in_(rows))
    names = [(number, sha256, tuple(row.key for row in rows[number])) for number, sha256 in db.session.execute(query)]
    missing = [name for name in names if name not in _kept]
    versions = policy_queries.versions_by_id({name[0] for name in missing}) if missing else {}
    for name in missing:
        own, version = rows[name[0]], versions[name[0]]
        paths = {row.key.removeprefix(row.policy_slug).removeprefix("/"): row.path for row in own}
        _kept[name] = search.pages(version.id, version.html, version.title, paths)
    others = [name for name in _kept if name not in set(names)]
    for old in others[: max(len(_kept) - _MOST_KEPT, 0)]:
        _kept.pop(old, None)
    return tuple(sorted(names))


@lru_cache(maxsize=8)
def _index(names: tuple[Name, ...]) -> Index:
    return Index([page for name in names for page in _kept[name]])


def _found(hit: search.Hit, row: SectionRow) -> Found:
    page = hit.page
    return Found(
        policy=row.policy_title,
        path=page.path,
        key=f"{row.policy_slug}/{page.key}" if page.key else row.policy_slug,
        slug=row.policy_slug,
        number=row.version,
        anchor=f"s-{page.key}" if page.key else "",
        snippet=hit.snippet,
    )
