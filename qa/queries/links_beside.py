"""Which internal section carries out a section, or which public one it carries out, for the policy's page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.registries import Touch
from qa.models.drafting import ClauseLink
from qa.policies import clause_links, section_keys

#: Whoever is told that only one side has changed.
_OWNERS = ("policy_owner", "admin")


def touched_by(reader: Actor, keys: Collection[str]) -> Mapping[str, Sequence[Touch]]:
    """The other side of each link of these sections."""
    linked = select(ClauseLink.id).where(
        ClauseLink.replaced_at.is_(None), or_(ClauseLink.internal_key.in_(keys), ClauseLink.public_key.in_(keys))
    )
    if db.session.scalar(linked.limit(1)) is None:
        return {}
    found: dict[str, list[Touch]] = {}
    for row in clause_links.listed(set(keys)):
        flag = ": only one of both changed, look again" if row.is_flagged and reader.has(*_OWNERS) else ""
        for key, word, other, label in (
            (row.public_key, "carried out by", row.internal_key, row.internal_label),
            (row.internal_key, "carries out", row.public_key, row.public_label),
        ):
            if key in keys:
                found.setdefault(key, []).append(Touch(f"{word} {label}{flag}", url=section_keys.address(other)))
    return found
