"""What changed from one stored version of a policy to another."""

from __future__ import annotations

from qa import policy_queries
from qa.core.errors import NotFound
from qa.policy_queries import VersionRow
from qa.policytext.diff import DocumentDiff, diff
from qa.policytext.sections import Document, parse, rekeyed


def between(slug: str, old: str, new: str) -> DocumentDiff:
    """The versions *old* and *new* of a policy held against each other, with the keys that their sections are kept by.

    The keys are those within the policy: "" is the document itself.
    """
    return diff(document(_version(slug, old)), document(_version(slug, new)))


def document(version: VersionRow) -> Document:
    """A stored version, parsed, with the keys that its sections are kept by."""
    known = {(row.line_from, row.line_to): row.key.partition("/")[2] for row in policy_queries.sections_of(version.id)}
    return rekeyed(parse(version.markdown, name=version.policy_slug), known)


def _version(slug: str, number: str) -> VersionRow:
    found = policy_queries.version(slug, number)
    if found is None:
        raise NotFound(f"version {number} of {slug}")
    return found
