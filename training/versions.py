"""What a policy's new version leaves of what was taught: changed questions end, and what was mastered is owed again.

A question holds the hash of the rule it was made from and quotes the clauses it cites. Where all of that still stands
in the version in force, on the same side, it stays. A question on a case stands as long as no section that it cites
changed in substance; a rewording counts as what its owner ruled, and as one of substance until somebody has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.policies import corrections, section_changes
from qa.policytext.hashing import text_hash
from qa.policytext.sections import Section
from training import certificates, mastery, sources
from training.generation.citing import stands_in
from training.generation.material import Source
from training.models.learning import Mastery
from training.models.modules import Item, LessonBlock, Module, ModuleVersion
from training.models.modules import SkillKey as SkillKeyRow

#: Changes after which what was known of a section must be shown again.
GRAVE = ("material", "removed")
#: States of questions that somebody may still be asked.
SERVED = ("generated", "approved", "live", "suspended")
#: States of what somebody has learnt and may have to show again.
LEARNT = ("provisional", "retained", "needs_recheck")


@dataclass(frozen=True, slots=True)
class Outdated:
    """The questions of one module version that end, and whether anything that it teaches has changed."""

    version_id: int
    items: tuple[int, ...]
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How many questions ended, module versions became stale, and masteries are owed again or retired."""

    items: int
    modules: int
    masteries: int
    certificates: int = 0


def follow(actor: Actor) -> Followed:
    """Hold what is taught against the versions in force. Opens its own transaction once all is read."""
    known = {one.slug: one for one in sources.in_force(clock.now().date())}
    outdated = [found for row in _taught() if (found := _outdated(row, known)) is not None]
    behind = _masteries(known)
    lapsed = certificates.overtaken(known)
    if not outdated and not behind and not lapsed:
        return Followed(0, 0, 0)

    def deed() -> Followed:
        return replace(_apply(actor, outdated, behind, known), certificates=certificates.end(actor, lapsed))

    return write(deed)


def _taught() -> Sequence[ModuleVersion]:
    served = select(Item.module_version_id).where(Item.state.in_(SERVED))
    alive = ModuleVersion.state.in_(("draft", "approved", "live")) | ModuleVersion.id.in_(served)
    return db.session.scalars(select(ModuleVersion).where(alive).order_by(ModuleVersion.id)).all()


def _behind(row: ModuleVersion, known: Mapping[str, Source]) -> dict[str, str]:
    """Slug -> number of the versions that a module was built from and that are in force no more."""
    found = {}
    for one in row.policy_versions:
        now = known.get(one["slug"])
        same = now is not None and (now.sha256, now.corrections) == (one["sha256"], one.get("corrections", ""))
        if not same:
            found[one["slug"]] = one["version"]
    return found


def _outdated(row: ModuleVersion, known: Mapping[str, Source]) -> Outdated | None:
    """What ends of one module version; None where the versions it was built from are in force, or nothing ends."""
    behind = _behind(row, known)
    if not behind:
        return None
    judge = _Judge(known, behind)
    items = db.session.scalars(select(Item).where(Item.module_version_id == row.id, Item.state.in_(SERVED)))
    ended = tuple(
        one.id for one in items
        if not judge.holds([one.citation, *(option["citation"] for option in one.options)], one.unit_hash, one.case_ref)
    )  # fmt: skip
    blocks = db.session.scalars(select(LessonBlock).where(LessonBlock.module_version_id == row.id))
    lessons = any(
        not judge.holds([one.citation, *one.citations], one.unit_hash, one.case_ref) for one in blocks
    ) and row.state in ("draft", "approved", "live")
    return Outdated(row.id, ended, bool(ended) or lessons) if ended or lessons else None


class _Judge:
    """Says of citations whether they hold in the versions in force, given the numbers of those that are *behind*."""

    def __init__(self, known: Mapping[str, Source], behind: Mapping[str, str]) -> None:
        self.known, self.behind = known, behind
        self.changes: dict[str, str] = {}
        self.turned: dict[str, frozenset[str]] = {}
        for slug, number in behind.items():
            if slug in known:
                self.changes |= section_changes.since(slug, number, known[slug].version)

    def holds(self, citations: Iterable[Mapping[str, Any]], unit_hash: str | None, case_ref: str | None) -> bool:
        """Whether what cites these clauses may be taught on."""
        cited = [one for one in citations if one["section"].partition("/")[0] in self.behind]
        if case_ref is not None:
            return all(self._stays(one["section"]) for one in cited)
        return all(self._stands(one) for one in cited) and self._reads_the_same(cited, unit_hash)

    def _stays(self, section: str) -> bool:
        return self._section(section) is not None and self.changes.get(section) not in GRAVE

    def _stands(self, citation: Mapping[str, Any]) -> bool:
        found = self._section(citation["section"])
        if found is None:
            return False
        source = self.known[citation["section"].partition("/")[0]]
        return stands_in(citation["quote"], source.markdown, found.line_from, found.line_to)

    def _reads_the_same(self, cited: Sequence[Mapping[str, Any]], unit_hash: str | None) -> bool:
        """Whether no rule of the sections that are cited is the one that was taught, on another side."""
        return not any(unit_hash in self._turned(one["section"]) for one in cited)

    def _turned(self, key: str) -> frozenset[str]:
        """The hashes that a section's rules would have on the sides that they are not on."""
        if key not in self.turned:
            section = self._section(key)
            rules = section.rules if section is not None else ()
            self.turned[key] = frozenset(
                text_hash(rule.text, side) for rule in rules for side in corrections.SIDES if side != rule.polarity
            ) - {rule.unit_hash for rule in rules}
        return self.turned[key]

    def _section(self, key: str) -> Section | None:
        slug, _, own = key.partition("/")
        source = self.known.get(slug)
        sections = source.document.sections if source is not None else ()
        return next((one for one in sections if one.key == own), None)


def _masteries(known: Mapping[str, Source]) -> list[int]:
    """The masteries that were won under a version that is in force no more."""
    query = select(Mastery.id, Mastery.policy_version).where(Mastery.state.in_(LEARNT))
    return [row.id for row in db.session.execute(query) if _learnt_behind(row.policy_version, known)]


def _learnt_behind(written: str, known: Mapping[str, Source]) -> dict[str, str]:
    """Slug -> number of the versions that something was learnt under and that are in force no more."""
    pairs = (one.rpartition(" ") for one in written.split(", ") if one)
    return {slug: number for slug, _, number in pairs if slug in known and known[slug].version != number}


def _apply(actor: Actor, outdated: Sequence[Outdated], behind: Sequence[int], known: Mapping[str, Source]) -> Followed:
    ended = sum(_end(actor, one) for one in outdated)
    owed = sum(_owe(actor, mastery_id, known) for mastery_id in behind)
    return Followed(ended, sum(one.is_outdated for one in outdated), owed)


def _end(actor: Actor, one: Outdated) -> int:
    guarded = update(Item).where(Item.id.in_(one.items), Item.state.in_(SERVED)).values(state="stale")
    ended = len(db.session.execute(guarded.returning(Item.id)).all())
    version = db.session.get_one(ModuleVersion, one.version_id)
    module = db.session.get_one(Module, version.module_id)
    if version.state in ("draft", "approved", "live"):
        version.state = "stale"
        newest = select(ModuleVersion.id).where(ModuleVersion.module_id == module.id).order_by(ModuleVersion.no.desc())
        if db.session.scalar(newest.limit(1)) == version.id:
            module.state = "stale"
    db.session.flush()
    audit.note(actor, "outdated", "module", module.public_id, no=version.no, items=ended)
    return ended


def _owe(actor: Actor, mastery_id: int, known: Mapping[str, Source]) -> bool:
    """Move a mastery to where the change of its sections puts it; whether it is owed again, or retired."""
    row = db.session.get_one(Mastery, mastery_id)
    key = db.session.get_one(SkillKeyRow, row.skill_key_id)
    changes: dict[str, str] = {}
    for slug, number in _learnt_behind(row.policy_version, known).items():
        changes |= section_changes.since(slug, number, known[slug].version)
    slugs = dict.fromkeys(one.partition("/")[0] for one in (key.section_key_a, key.section_key_b) if one)
    written = ", ".join(f"{slug} {known[slug].version}" for slug in slugs if slug in known)[:300]
    counts = [changes[one] for one in (key.section_key_a, key.section_key_b) if one in changes]
    if "removed" in counts:
        mastery.move(actor, row, "retired", because="its section was removed", policy_version=written,
                     next_check_on=None, reopened_at=None)  # fmt: skip
    elif "material" in counts:
        mastery.move(actor, row, "needs_recheck", because=f"the policy changed: {written}", policy_version=written,
                     reopened_at=clock.now(), next_check_on=clock.now().date())  # fmt: skip
    else:
        row.policy_version = written
        db.session.flush()
    return bool({"removed", "material"} & set(counts))
