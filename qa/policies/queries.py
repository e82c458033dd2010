"""All reads of policies: which version is in force on a day, and its sections."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Date, Row, Select, bindparam, func, or_, select

from qa.core import clock
from qa.core.db import ask, db
from qa.models.drafting import SectionMerge
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policies import section_keys


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as it stands in one version."""

    id: int
    key: str
    title: str
    path: tuple[str, ...]
    level: int
    ordinal: int
    parent_key: str | None
    line_from: int
    line_to: int
    policy_slug: str
    policy_title: str
    split_depth: int
    version_id: int
    version: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """From which day on a version of a policy is in force; None: since ever."""

    policy_slug: str
    version_id: int
    effective_from: date | None
    stub: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One dated state of a policy."""

    id: int
    public_id: str
    policy_slug: str
    title: str
    number: str
    effective_from: date | None
    sha256: str
    state: str
    audience: str
    split_depth: int
    stub: bool
    markdown: str
    html: str

    @property
    def shown(self) -> Markup:
        """The text as people read it: what the one sanitiser made of it when it was taken in."""
        return Markup(self.html)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a list: all but its text."""

    policy_slug: str
    title: str
    number: str
    effective_from: date | None
    sha256: str
    state: str
    audience: str
    split_depth: int
    stub: bool
    sections: int
    in_force: bool


_SECTION = (
    Section.id, Section.key, Section.title, Section.path, Section.level, Section.ordinal, Section.parent_key,
    Section.line_from, Section.line_to, Policy.slug, Policy.title, Policy.split_depth, PolicyVersion.id,
    PolicyVersion.number,
)  # fmt: skip
_VERSION = (
    PolicyVersion.id, PolicyVersion.public_id, Policy.slug, Policy.title, PolicyVersion.number,
    PolicyVersion.effective_from, PolicyVersion.sha256, PolicyVersion.state, Policy.audience, Policy.split_depth,
    Policy.stub, PolicyVersion.markdown, PolicyVersion.html,
)  # fmt: skip


def _in_force(on: Any) -> Select[tuple[int]]:
    """Inside numbers of the versions in force on a day: of each policy the last published one that had begun."""
    begun = or_(PolicyVersion.effective_from.is_(None), PolicyVersion.effective_from <= on)
    newest = (
        select(PolicyVersion.id)
        .where(PolicyVersion.policy_id == Policy.id, PolicyVersion.state == "published", begun)
        .order_by(PolicyVersion.effective_from.desc().nulls_last(), PolicyVersion.id.desc())
        .limit(1)
        .correlate(Policy)
        .scalar_subquery()
    )
    return select(newest).select_from(Policy)


def _of_sections(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_SECTION)
        .join(PolicyVersion, PolicyVersion.id == Section.version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(*conditions)
        .order_by(Policy.title, Policy.slug, Section.ordinal)
    )


#: Asked for each answer that names a section, so it is made once.
_NAMED = _of_sections(
    Section.key == bindparam("key"), PolicyVersion.id.in_(_in_force(bindparam("on", type_=Date())))
).limit(1)


def _section_row(row: Row[Any]) -> SectionRow:
    return SectionRow(row[0], row[1], row[2], tuple(row[3]), *row[4:])


def _sections(*conditions: ColumnElement[bool]) -> tuple[SectionRow, ...]:
    return tuple(_section_row(row) for row in db.session.execute(_of_sections(*conditions)))


def sections_in_force(on: date) -> tuple[SectionRow, ...]:
    """Every section of every version in force on a day, policies by title, sections in the document's order.

    Stand-ins that were merged into another section are left out.
    """
    return _sections(PolicyVersion.id.in_(_in_force(on)), Section.key.not_in(select(SectionMerge.from_key)))


def section(key: str, on: date) -> SectionRow | None:
    """The section *key* as it stood on a day; None when no version in force then has it."""
    found = ask(_NAMED, {"key": key, "on": on}).first()
    return None if found is None else _section_row(found)


def section_by_id(section_id: int) -> SectionRow | None:
    """One section of one version."""
    found = _sections(Section.id == section_id)
    return found[0] if found else None


def sections_of(version_id: int) -> tuple[SectionRow, ...]:
    """The sections of one version, in order."""
    return _sections(Section.version_id == version_id)


def sections_by_key(keys: list[str]) -> dict[str, SectionRow]:
    """The newest state of each of *keys*, for labels."""
    return {row.key: row for row in _sections(Section.key.in_(keys))}


def play_key(row: SectionRow) -> str:
    """The policy in play of a section: cut to the policy's split depth."""
    return play_keys(sections_of(row.version_id)).get(row.key, row.policy_slug)


def play_keys(rows: Sequence[SectionRow]) -> dict[str, str]:
    """Section key -> policy in play, of all sections of one version: the document, or its top sections."""
    parents = {row.key: row.parent_key for row in rows}
    top = min((row.level for row in rows if row.key != row.policy_slug), default=0)
    tops = {row.key for row in rows if row.level == top and row.split_depth and row.key != row.policy_slug}
    found = {}
    for row in rows:
        at: str | None = row.key
        for _ in rows:
            if at is None or at in tops:
                break
            at = parents.get(at)
        found[row.key] = at if at in tops and at is not None else row.policy_slug
    return found


def states() -> tuple[StateRow, ...]:
    """Every published version with its day, the latest of each policy first."""
    query = (
        select(Policy.slug, PolicyVersion.id, PolicyVersion.effective_from, Policy.stub)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.state == "published")
        .order_by(Policy.slug, PolicyVersion.effective_from.desc().nulls_last(), PolicyVersion.id.desc())
    )
    return tuple(StateRow(*row) for row in db.session.execute(query))


def keys_by_version() -> dict[int, dict[str, tuple[int | None, str]]]:
    """Version -> section key -> (section's inside number, policy in play)."""
    by_version: dict[int, list[SectionRow]] = {}
    for row in _sections():
        by_version.setdefault(row.version_id, []).append(row)
    found: dict[int, dict[str, tuple[int | None, str]]] = {}
    for version_id, rows in by_version.items():
        plays = play_keys(rows)
        found[version_id] = {row.key: (row.id, plays[row.key]) for row in rows}
    return found


def version_in_force(slug: str, on: date) -> VersionRow | None:
    """The version of one policy that is in force on a day."""
    return _one_version(Policy.slug == slug, PolicyVersion.id.in_(_in_force(on)))


def version(slug: str, number: str) -> VersionRow | None:
    """One version of a policy by its number."""
    return _one_version(Policy.slug == slug, PolicyVersion.number == number)


def version_by_id(version_id: int) -> VersionRow | None:
    """One version by its inside number: what `training` builds from."""
    return _one_version(PolicyVersion.id == version_id)


def versions_by_id(version_ids: Collection[int]) -> dict[int, VersionRow]:
    """Several versions by their inside numbers."""
    query = select(*_VERSION).join(Policy, Policy.id == PolicyVersion.policy_id)
    rows = db.session.execute(query.where(PolicyVersion.id.in_(version_ids)))
    return {row[0]: VersionRow(*row) for row in rows}


def _one_version(*conditions: ColumnElement[bool]) -> VersionRow | None:
    query = select(*_VERSION).join(Policy, Policy.id == PolicyVersion.policy_id).where(*conditions)
    row = db.session.execute(query).first()
    return None if row is None else VersionRow(*row)


def versions(slug: str | None = None) -> tuple[VersionRow, ...]:
    """All versions of one policy or of all, policies by title, the newest version first."""
    query = select(*_VERSION).join(Policy, Policy.id == PolicyVersion.policy_id)
    if slug is not None:
        query = query.where(Policy.slug == slug)
    query = query.order_by(Policy.title, PolicyVersion.effective_from.desc().nulls_last(), PolicyVersion.id.desc())
    return tuple(VersionRow(*row) for row in db.session.execute(query))


def present_version(slug: str) -> VersionRow | None:
    """The version of one policy that is in force today, else the one that comes next."""
    today = version_in_force(slug, clock.now().date())
    if today is not None:
        return today
    later = versions(slug)
    return later[-1] if later else None


def version_list(slug: str | None = None) -> tuple[VersionLine, ...]:
    """Every version of every policy or of one, without its text; policies by title, the newest version first."""
    today = set(db.session.scalars(_in_force(clock.now().date())))
    count = select(func.count()).where(Section.version_id == PolicyVersion.id).correlate(PolicyVersion)
    query = (
        select(
            PolicyVersion.id, Policy.slug, Policy.title, PolicyVersion.number, PolicyVersion.effective_from,
            PolicyVersion.sha256, PolicyVersion.state, Policy.audience, Policy.split_depth, Policy.stub,
            count.scalar_subquery(),
        )
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .order_by(Policy.title, Policy.slug, PolicyVersion.effective_from.desc().nulls_last(), PolicyVersion.id.desc())
    )  # fmt: skip
    if slug is not None:
        query = query.where(Policy.slug == slug)
    return tuple(VersionLine(*row[1:], row[0] in today) for row in db.session.execute(query))


def overview() -> tuple[VersionLine, ...]:
    """Of each policy the version that is in force today, else its newest."""
    found: dict[str, VersionLine] = {}
    for line in version_list():
        if line.policy_slug not in found or line.in_force:
            found[line.policy_slug] = line
    return tuple(found.values())


def label(row: SectionRow) -> str:
    """How a section is called on pages: its policy's title and its own."""
    return row.policy_title if row.key == row.policy_slug else f"{row.policy_title}: {row.title}"


def labels(keys: list[str]) -> dict[str, str]:
    """Section key -> how it is called on pages; "none" is "No violation", a key that is gone is itself."""
    rows = sections_by_key([key for key in keys if key != section_keys.NONE])
    named = {key: label(rows[key]) if key in rows else key for key in keys}
    return {**named, **({section_keys.NONE: "No violation"} if section_keys.NONE in keys else {})}
