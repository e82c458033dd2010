"""A draft beside the version that it follows: the keys it will bear, what changed, and what is to be ruled.

A draft's pages ask for the same documents again and again, so each is read once for the text that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.policies import corrections, section_keys
from qa.policies import preparing as policy_preparing
from qa.policies import queries as policy_queries
from qa.policies.queries import VersionRow
from qa.policytext.diff import SectionDiff, diff
from qa.policytext.sections import Document, rekeyed

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A text with the keys that its sections bear: (first line, last line, key)."""

    markdown: str
    slug: str
    keys: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """One section that differs; *name* is what a ruling on it is kept by, so that another text asks again.

    *key* is the whole key that it will bear, *was* the one that it bears in the version before.
    """

    name: str
    key: str
    was: str
    diff: SectionDiff
    ruling: str | None

    @property
    def is_missing(self) -> bool:
        """Whether the owner has still to say what a change means."""
        return self.diff.needs_ruling and self.ruling is None


@lru_cache(maxsize=16)
def document(text: Keyed, sides: Pairs = ()) -> Document:
    """The document of a text, with the keys of its sections and its owner's word on its rules."""
    known = {(first, last): key for first, last, key in text.keys}
    return corrections.corrected(rekeyed(parsed(text.markdown, text.slug), known), dict(sides))


@lru_cache(maxsize=16)
def borne(markdown: str, slug: str, before: Keyed | None, chosen: Pairs) -> dict[str, str]:
    """A text's own keys -> the keys that its sections bear after the version *before*."""
    earlier = None if before is None else document(before)
    return policy_preparing.stable_keys(parsed(markdown, slug), earlier, dict(chosen))


@lru_cache(maxsize=8)
def _compared(old: Keyed, new: Keyed, sides: Pairs) -> tuple[tuple[SectionDiff, str], ...]:
    """Each section of both, with what its texts are known by."""
    before, after = document(old, sides), document(new, sides)
    was = {one.key: one.text_hash[:16] for one in before.sections}
    now = {one.key: one.text_hash[:16] for one in after.sections}
    return tuple(
        (one, f"{was.get(one.old_key or '', '')}|{'' if one.kind == 'removed' else now.get(one.key, '')}")
        for one in diff(before, after).sections
    )


def base_of(draft: PolicyDraft) -> VersionRow | None:
    """The version that a draft follows: the last before its day, or the last there is; a stand-in is none.

    One that was published followed the version that it was reviewed beside.
    """
    if draft.state == "published":
        return policy_queries.version_by_id(draft.base_version_id) if draft.base_version_id else None
    known = [row for row in policy_queries.versions(draft.slug) if row.state == "published" and not row.stub]
    if draft.starts_on is not None:
        known = [row for row in known if row.effective_from is None or row.effective_from < draft.starts_on]
    return known[0] if known else None


def keyed_version(version: VersionRow) -> Keyed:
    """A stored version with the keys that its sections are kept by."""
    rows = policy_queries.sections_of(version.id)
    keys = tuple((row.line_from, row.line_to, section_keys.short(row.key)) for row in rows)
    return Keyed(version.markdown, version.policy_slug, keys)


def keys_of(draft: PolicyDraft, before: VersionRow | None) -> dict[str, str]:
    """A draft's own keys -> the keys that its sections will bear."""
    earlier = None if before is None else keyed_version(before)
    return borne(draft.markdown, draft.slug, earlier, tuple(sorted(draft.chosen_keys.items())))


def document_of(draft: PolicyDraft, base: VersionRow | None) -> Document:
    """The draft with the keys that its sections will bear, and its owner's word on its rules."""
    return document(_keyed(draft, base), _sides(draft.slug))


def ruled(draft: PolicyDraft, base: VersionRow | None) -> tuple[Ruled, ...]:
    """What became of each section of *base* in the draft, with what was ruled; nothing when there is no base."""
    if base is None:
        return ()
    found = _compared(keyed_version(base), _keyed(draft, base), _sides(draft.slug))
    named = ((f"{one.key}|{texts}", one) for one, texts in found)
    return tuple(
        Ruled(
            name,
            section_keys.full(draft.slug, one.key),
            section_keys.full(draft.slug, one.key if one.old_key is None else one.old_key),
            one,
            draft.rulings.get(name),
        )
        for name, one in named
    )


def is_translation(draft: PolicyDraft, base: VersionRow | None) -> bool:
    """Whether a draft is another language of a version that there is."""
    return bool(draft.language) and base is not None


def _keyed(draft: PolicyDraft, base: VersionRow | None) -> Keyed:
    keys = keys_of(draft, base)
    sections = parsed(draft.markdown, draft.slug).sections
    return Keyed(draft.markdown, draft.slug, tuple((one.line_from, one.line_to, keys[one.key]) for one in sections))


def _sides(slug: str) -> Pairs:
    return tuple(sorted(corrections.sides_of(slug).items()))
