"""The policies in force as generation takes them in: parsed once, with the sections' stable keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256

from qa.policies import corrections
from qa.policies import queries as policy_queries
from qa.policies.queries import SectionRow, VersionRow
from qa.policytext.sections import Document, parse
from training.generation.material import Source

#: (line from, line to, key within the policy) of each section.
Lines = tuple[tuple[int, int, str], ...]
#: (hash of a rule as it is read, side that its owner put it on).
Sides = tuple[tuple[str, str], ...]


def in_force(on: date) -> tuple[Source, ...]:
    """Every policy that is in force on a day and says something; stand-ins of imports are left out."""
    rows = policy_queries.sections_in_force(on)
    sides = corrections.sides_by_policy(sorted({row.policy_slug for row in rows}))
    found = []
    for version_id in dict.fromkeys(row.version_id for row in rows):
        version = policy_queries.version_by_id(version_id)
        if version is None or version.stub:
            continue
        own = [row for row in rows if row.version_id == version_id]
        found.append(_of(version, own, sides.get(version.policy_slug, {})))
    return tuple(found)


def of_version(slug: str, number: str) -> Source | None:
    """One version of a policy, in force or not, with the keys that its sections have."""
    version = policy_queries.version(slug, number)
    if version is None or version.stub:
        return None
    sides = corrections.sides_by_policy([slug]).get(slug, {})
    return _of(version, policy_queries.sections_of(version.id), sides)


def _of(version: VersionRow, rows: Sequence[SectionRow], sides: Mapping[str, str]) -> Source:
    lines = tuple((row.line_from, row.line_to, _short(row.key)) for row in rows)
    said = tuple(sorted(sides.items()))
    return _source(version.policy_slug, version.number, version.title, version.sha256, version.markdown, lines, said)


def _short(key: str) -> str:
    return key.partition("/")[2]


@lru_cache(maxsize=64)
def _source(slug: str, number: str, title: str, digest: str, markdown: str, lines: Lines, sides: Sides) -> Source:
    """The version with the keys under which its sections are known, and its owner's word on its rules."""
    document = parse(markdown, name=slug)
    known = {(first, last): key for first, last, key in lines}
    keyed = tuple(replace(one, key=known.get((one.line_from, one.line_to), one.key)) for one in document.sections)
    stable = {old.key: new.key for old, new in zip(document.sections, keyed, strict=True)}
    sections = tuple(replace(one, parent=stable.get(one.parent) if one.parent is not None else None) for one in keyed)
    same = Document(slug, title, document.front, sections, document.oddities)
    return _corrected(Source(slug, number, title, digest, markdown, same), sides)


def _corrected(source: Source, sides: Sides) -> Source:
    """The version with its owner's word on the rules that it has; a module of the old reading fits it no more."""
    there = {rule.unit_hash for section in source.document.sections for rule in section.rules}
    held = {unit: side for unit, side in sides if unit in there}
    if not held:
        return source
    document = corrections.corrected(source.document, held)
    digest = sha256("\n".join(f"{unit} {side}" for unit, side in sorted(held.items())).encode()).hexdigest()
    return replace(source, document=document, corrections=digest)


def full_key(slug: str, key: str) -> str:
    """The key of a section as cases name it."""
    return f"{slug}/{key}" if key else slug


def section_keys(sources: Sequence[Source]) -> dict[str, str | None]:
    """Every section's full key -> that of the section above it, in the documents' order."""
    found: dict[str, str | None] = {}
    for source in sources:
        for one in source.document.sections:
            above = full_key(source.slug, one.parent or "") if one.key else None
            found[full_key(source.slug, one.key)] = above
        found.setdefault(source.slug, None)
    return found


def covered(sources: Sequence[Source], targets: Collection[str]) -> frozenset[str]:
    """The keys of *targets* with all sections under them."""
    above = section_keys(sources)
    found = set()
    for key in above:
        at: str | None = key
        for _ in above:
            if at is None or at in targets:
                break
            at = above.get(at)
        if at is not None and at in targets:
            found.add(key)
    return frozenset(found)


def words_under(sources: Sequence[Source], target: str) -> int:
    """How many words one reads who reads a section with all under it."""
    keys = covered(sources, {target})
    texts = (
        one.text for source in sources for one in source.document.sections if full_key(source.slug, one.key) in keys
    )
    return sum(len(text.split()) for text in texts)
