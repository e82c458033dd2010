"""Internal clauses and the public ones that they carry out; a link is flagged when only one side has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.models.drafting import ClauseLink
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policies import queries as policy_queries
from qa.policies import section_keys


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as pages show it."""

    public_id: str
    internal_key: str
    public_key: str
    internal_label: str
    public_label: str
    #: "same", "internal" or "public" (only that one changed), "both", or "gone" (one is not in force any more).
    state: str

    @property
    def is_flagged(self) -> bool:
        """Whether somebody must look: one side changed or went without the other."""
        return self.state in ("internal", "public", "gone")


def link(actor: Actor, *, internal_key: str, public_key: str) -> ClauseLink:
    """Say that an internal section carries out a public one. Raises BadInput for sections that cannot."""
    internal = _side(internal_key, "internal", "internal_key")
    public = _side(public_key, "external", "public_key")
    row = ClauseLink(
        internal_key=internal_key, public_key=public_key, internal_hash=internal, public_hash=public, by_id=actor.id
    )
    _end(ClauseLink.internal_key == internal_key, ClauseLink.public_key == public_key)
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "linked", "clause_link", row.public_id, internal=internal_key, public=public_key)
    return row


def confirm(actor: Actor, public_id: str) -> None:
    """Say that both sides fit together as they are now."""
    row = _current(public_id)
    link(actor, internal_key=row.internal_key, public_key=row.public_key)


def unlink(actor: Actor, public_id: str) -> None:
    """End a link; that it was stays on record."""
    row = _current(public_id)
    _end(ClauseLink.id == row.id)
    audit.note(actor, "unlinked", "clause_link", public_id)


def listed(keys: set[str] | None = None) -> list[LinkRow]:
    """The links that hold (of some sections alone), flagged ones first."""
    query = select(ClauseLink).where(ClauseLink.replaced_at.is_(None)).order_by(ClauseLink.internal_key, ClauseLink.id)
    rows = [row for row in db.session.scalars(query) if keys is None or keys & {row.internal_key, row.public_key}]
    named = sorted({key for row in rows for key in (row.internal_key, row.public_key)})
    labels, present = policy_queries.labels(named), _present(named)
    found = [
        LinkRow(
            row.public_id, row.internal_key, row.public_key, labels[row.internal_key], labels[row.public_key],
            _state(row, present),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.is_flagged, one.internal_label))


def sections_for(audience: str) -> list[tuple[str, str]]:
    """Sections that may be linked on one side: key and label, of the versions in force today."""
    on = clock.now().date()
    internal = {slug for slug, kind in db.session.execute(select(Policy.slug, Policy.audience)) if kind == "internal"}
    rows = policy_queries.sections_in_force(on)
    wanted = audience == "internal"
    return [(row.key, policy_queries.label(row)) for row in rows if (row.policy_slug in internal) == wanted]


def _state(row: ClauseLink, present: dict[str, str]) -> str:
    now = present.get(row.internal_key), present.get(row.public_key)
    if None in now:
        return "gone"
    changed = (now[0] != row.internal_hash, now[1] != row.public_hash)
    return {(False, False): "same", (True, False): "internal", (False, True): "public", (True, True): "both"}[changed]


def _side(key: str, audience: str, field: str) -> str:
    """The present text's hash of a section on one side of a link."""
    policy = db.session.scalar(select(Policy).where(Policy.slug == section_keys.policy_of(key)))
    found = _present([key]).get(key)
    if policy is None or found is None:
        raise BadInput(Problem("a section of a version in force", field=field, value=key))
    if policy.audience != audience:
        wanted = "an internal guideline" if audience == "internal" else "a public policy"
        raise BadInput(Problem(f"a section of {wanted}", field=field, value=key))
    return found


def _present(keys: list[str], on: date | None = None) -> dict[str, str]:
    """Section key -> hash of its text in the version in force today, those that have none left out."""
    rows = policy_queries.sections_in_force(on or clock.now().date())
    ids = {row.id: row.key for row in rows if row.key in set(keys)}
    query = select(Section.id, Section.text_hash).join(PolicyVersion, PolicyVersion.id == Section.version_id)
    return {ids[row.id]: row.text_hash for row in db.session.execute(query.where(Section.id.in_(ids)))}


def _current(public_id: str) -> ClauseLink:
    """The link that holds between the two sections that a link was ever made of."""
    made = db.session.scalar(select(ClauseLink).where(ClauseLink.public_id == public_id))
    if made is None:
        raise NotFound("link")
    query = select(ClauseLink).where(
        ClauseLink.internal_key == made.internal_key,
        ClauseLink.public_key == made.public_key,
        ClauseLink.replaced_at.is_(None),
    )
    row = db.session.scalar(query)
    if row is None:
        raise Refused("These two sections are not linked any more.")
    return row


def _end(*conditions: object) -> None:
    ended = update(ClauseLink).where(ClauseLink.replaced_at.is_(None), *conditions).values(replaced_at=clock.now())
    db.session.execute(ended)
