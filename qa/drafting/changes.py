"""A draft beside the version that it follows: the keys it will bear, what changed, and what is to be ruled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa import corrections, policies, policy_diffs, policy_queries, section_keys
from qa.models.drafting import PolicyDraft
from qa.policy_queries import VersionRow
from qa.policytext.diff import SectionDiff, diff
from qa.policytext.sections import Document, parse, rekeyed

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """One section that differs; *name* is what a ruling on it is kept by, so that another text asks again."""

    name: str
    key: str
    diff: SectionDiff
    ruling: str | None

    @property
    def is_missing(self) -> bool:
        """Whether the owner has still to say what a change means."""
        return self.diff.needs_ruling and self.ruling is None


@lru_cache(maxsize=16)
def parsed(markdown: str, slug: str) -> Document:
    """The document of a text: a draft's pages ask for the same one again and again."""
    return parse(markdown, name=slug)


def base_of(draft: PolicyDraft) -> VersionRow | None:
    """The version that a draft follows: the last before its day, or the last there is; a stand-in is none."""
    known = [row for row in policy_queries.versions(draft.slug) if row.state == "published" and not row.stub]
    if draft.starts_on is not None:
        known = [row for row in known if row.effective_from is None or row.effective_from < draft.starts_on]
    return known[0] if known else None


def document_of(draft: PolicyDraft, base: VersionRow | None) -> Document:
    """The draft with the keys that its sections will bear, and its owner's word on its rules."""
    document = parsed(draft.markdown, draft.slug)
    keys = policies.stable_keys(document, base, draft.chosen_keys)
    named = rekeyed(document, {(one.line_from, one.line_to): keys[one.key] for one in document.sections})
    return corrections.corrected(named, corrections.sides_of(draft.slug))


def ruled(draft: PolicyDraft, base: VersionRow | None) -> tuple[Ruled, ...]:
    """What became of each section of *base* in the draft, with what was ruled; nothing when there is no base."""
    if base is None:
        return ()
    old = corrections.corrected(policy_diffs.document(base), corrections.sides_of(draft.slug))
    new = document_of(draft, base)
    texts = (_texts(old), _texts(new))
    return tuple(_ruled(one, draft, texts) for one in diff(old, new).sections)


def _ruled(one: SectionDiff, draft: PolicyDraft, texts: tuple[Mapping[str, str], Mapping[str, str]]) -> Ruled:
    before, after = texts
    old = before.get(one.old_key, "") if one.old_key is not None else ""
    new = after.get(one.key, "") if one.kind != "removed" else ""
    name = f"{one.key}|{old[:16]}|{new[:16]}"
    return Ruled(name, section_keys.full(draft.slug, one.key), one, draft.rulings.get(name))


def _texts(document: Document) -> dict[str, str]:
    return {one.key: one.text_hash for one in document.sections}
