"""Drafts of one small policy, and how they become versions."""

from __future__ import annotations

from qa.conversion.reading import read_pasted
from qa.core.access import SYSTEM, Actor
from qa.core.db import write
from qa.drafting import drafts, publishing
from qa.models.drafting import PolicyDraft
from qa.queries import draft_changes

FIRST = """# Conduct

## Threats

Not allowed:

- Saying that somebody will be hurt

## Praise

Allowed:

- Thanks
"""
#: One section reworded without a signal word, one with a new rule.
SECOND = FIRST.replace("Saying", "Announcing").replace("- Thanks", "- Thanks\n- Gifts")


def begun(text: str, *, slug: str = "conduct", actor: Actor = SYSTEM, **given: object) -> PolicyDraft:
    """A draft of *text*."""
    found = read_pasted(text, kind="markdown")
    return write(lambda: drafts.begin(actor, found, name="", source_sha256="0" * 64, slug=slug, **given))


def reviewed(draft: PolicyDraft) -> PolicyDraft:
    """The draft, looked through."""
    publishing.review(SYSTEM, draft.public_id)
    return draft


def published(draft: PolicyDraft) -> tuple[str, str]:
    """The version that a draft becomes, without any ruling."""
    reviewed(draft)
    return publishing.publish(SYSTEM, draft.public_id)


def ruling_names(draft: PolicyDraft) -> list[str]:
    """What rulings on the draft's reworded sections are kept by."""
    return sorted(draft_changes.to_rule(draft.public_id))
