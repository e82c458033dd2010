"""What changed from one stored version of a policy to another."""

from __future__ import annotations

from qa.core.errors import NotFound
from qa.policies import corrections
from qa.policies import queries as policy_queries
from qa.policies.queries import VersionRow
from qa.policytext.diff import DocumentDiff, diff
from qa.policytext.sections import Document, parse, rekeyed


def between(slug: str, old: str, new: str) -> DocumentDiff:
    """The versions *old* and *new* of a policy held against each other, with its owner's word on the sides of rules.

    The keys are those that sections are kept by within the policy: "" is the document itself.
    """
    sides = corrections.sides_of(slug)
    before, after = (corrections.corrected(document(_version(slug, number)), sides) for number in (old, new))
    return diff(before, after)


def document(version: VersionRow) -> Document:
    """A stored version, parsed, with the keys that its sections are kept by."""
    known = {(row.line_from, row.line_to): row.key.partition("/")[2] for row in policy_queries.sections_of(version.id)}
    return rekeyed(parse(version.markdown, name=version.policy_slug), known)


def _version(slug: str, number: str) -> VersionRow:
    found = policy_queries.version(slug, number)
    if found is None:
        raise NotFound(f"version {number} of {slug}")
    return found
