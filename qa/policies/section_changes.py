"""What became of each section from one version to the next, and what its owner says that a rewording means.

A version can be published before its owner has ruled (`flask policy import`). Until then a reworded section counts as
changed in substance: nobody is held to have learned what they have not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.models.drafting import SectionChange
from qa.models.policies import Policy, PolicyVersion
from qa.policies import section_keys
from qa.policytext.diff import SectionDiff

#: Kinds of a section's change that are kept with the version that made it.
KEPT = ("cosmetic", "wording", "material", "new", "removed", "moved")
RULINGS = ("same", "material")
#: What a change counts as, the lightest first.
WEIGHTS = ("cosmetic", "moved", "wording", "new", "material", "removed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that has reworded sections of which nobody has said what they mean."""

    slug: str
    title: str
    number: str
    older: str
    sections: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """A section's change as those who build upon it must take it."""

    key: str
    kind: str
    ruling: str | None
    needs_ruling: bool

    @property
    def counts_as(self) -> str:
        """The kind of the change, with what its owner ruled: a rewording that means the same is "wording"."""
        if not self.needs_ruling:
            return self.kind
        return "wording" if self.ruling == "same" else "material"


def keep(
    actor: Actor, before: int, after: int, *, slug: str, found: Iterable[SectionDiff], rulings: Mapping[str, str]
) -> tuple[str, ...]:
    """Store what became of each section, with what was ruled by key; the whole keys of those that wait for a ruling.

    A section whose key is used twice in the diff is kept once.
    """
    kept = {section_keys.full(slug, one.key): one for one in found if one.kind in KEPT}
    rows = [
        {
            "from_version_id": before, "to_version_id": after, "key": key, "kind": one.kind, "by_id": actor.id,
            "needs_ruling": one.needs_ruling, "ruling": rulings.get(key) if one.needs_ruling else None,
        }
        for key, one in kept.items()
    ]  # fmt: skip
    db.session.flush()
    if rows:
        db.session.execute(insert(SectionChange), rows)
    return tuple(key for key, one in kept.items() if one.needs_ruling and rulings.get(key) is None)


def meanings(before: int, after: int) -> dict[str, Meaning]:
    """Whole key -> what became of the section from one version to the next; unchanged ones are left out."""
    query = select(SectionChange).where(SectionChange.from_version_id == before, SectionChange.to_version_id == after)
    rows = db.session.scalars(query)
    return {row.key: Meaning(row.key, row.kind, row.ruling, row.needs_ruling) for row in rows}


def since(slug: str, older: str, newer: str) -> dict[str, str]:
    """Whole key -> what the section's changes after version *older* up to version *newer* count as, the gravest.

    Sections that no version changed are left out. What has been ruled anew since is taken as it stands now.
    """
    versions = select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.effective_from)
    versions = versions.join(Policy, Policy.id == PolicyVersion.policy_id).where(Policy.slug == slug)
    ordered = sorted(db.session.execute(versions), key=lambda row: (row.effective_from or date.min, row.id))
    numbers = [row.number for row in ordered]
    if older not in numbers or newer not in numbers:
        return {}
    between = [row.id for row in ordered[numbers.index(older) + 1 : numbers.index(newer) + 1]]
    found: dict[str, str] = {}
    for row in db.session.scalars(select(SectionChange).where(SectionChange.to_version_id.in_(between))):
        counts = Meaning(row.key, row.kind, row.ruling, row.needs_ruling).counts_as
        found[row.key] = max(found.get(row.key, counts), counts, key=WEIGHTS.index)
    return found


def waiting() -> list[Waiting]:
    """The versions that wait for their owner's word, policies by title."""
    older = aliased(PolicyVersion)
    query = (
        select(Policy.slug, Policy.title, PolicyVersion.number, older.number.label("older"))
        .select_from(SectionChange)
        .join(PolicyVersion, PolicyVersion.id == SectionChange.to_version_id)
        .join(older, older.id == SectionChange.from_version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(SectionChange.needs_ruling, SectionChange.ruling.is_(None))
        .order_by(Policy.title, PolicyVersion.id)
    )
    found: dict[tuple[str, ...], int] = {}
    for row in db.session.execute(query):
        found[tuple(row)] = found.get(tuple(row), 0) + 1
    return [Waiting(slug, title, number, before, count) for (slug, title, number, before), count in found.items()]


def rule(actor: Actor, slug: str, number: str, rulings: Mapping[str, str]) -> int:
    """Keep what the owner says of a version's reworded sections (whole key -> same or material); how many changed.

    What was ruled can be ruled anew; the log keeps both. Raises NotFound, and BadInput for another word.
    """
    if any(ruling not in RULINGS for ruling in rulings.values()):
        raise BadInput(Problem("same or material", field="ruling"))
    version = db.session.scalar(
        select(PolicyVersion)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.slug == slug, PolicyVersion.number == number)
    )
    if version is None:
        raise NotFound("policy")
    changed = 0
    asked = (SectionChange.to_version_id == version.id, SectionChange.needs_ruling)
    for key, ruling in sorted(rulings.items()):
        other = SectionChange.ruling.is_(None) | (SectionChange.ruling != ruling)
        done = update(SectionChange).where(*asked, SectionChange.key == key, other)
        done = done.values(ruling=ruling, by_id=actor.id).execution_options(synchronize_session=False)
        if db.session.execute(done).rowcount:
            changed += 1
            audit.note(actor, "ruled", "section", key, version=version.public_id, ruling=ruling)
    return changed
