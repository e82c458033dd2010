"""From a reviewed draft to a version: what must have been said before, and what is kept of it."""

from __future__ import annotations

from sqlalchemy import select

from qa import policies
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from qa.drafting import changes, drafts, filling, translating
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft, SectionChange
from qa.models.policies import Policy, PolicyVersion
from qa.policy_front import Dated
from qa.policy_queries import VersionRow

#: Kinds of a section's change that are kept with the version that made it.
KEPT = ("cosmetic", "wording", "material", "new", "removed", "moved")


def review(actor: Actor, public_id: str) -> None:
    """Mark a draft as looked through. Refused while a reworded section waits for its owner's ruling."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    if row.language and base is None:
        raise Refused("There is no published version that this could be a translation of.")
    _check_ruled(row, base)
    drafts.mark_reviewed(actor, row, base.id if base else None)


def _check_ruled(row: PolicyDraft, base: VersionRow | None) -> None:
    missing = [] if row.language else [one.diff.title for one in changes.ruled(row, base) if one.is_missing]
    if missing:
        named = ", ".join(f"“{title}”" for title in missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise Refused(f"First say on the page of changes whether the new words mean the same: {named}.")


def publish(actor: Actor, public_id: str) -> tuple[str, str]:
    """Publish a reviewed draft; slug and number of the version. Refused when another one came in between.

    Raises BadInput for a day that has a version, or that cases were decided on or after.
    """
    row = drafts.load(public_id)
    if row.state != "reviewed":
        raise Refused("A draft is reviewed before it is published.")
    base = changes.base_of(row)
    if (base.id if base else None) != row.base_version_id:
        raise Refused("Another version was published since the review. Take the draft back and look at the changes.")
    translates = row.language and base is not None
    version = translating.publish(actor, row, base) if translates else _publish(actor, row, base)
    drafts.move(actor, row, "published", version_id=version.id)
    return row.slug, version.number


def _publish(actor: Actor, row: PolicyDraft, base: VersionRow | None) -> PolicyVersion:
    _check_ruled(row, base)
    policy = db.session.scalar(select(Policy).where(Policy.slug == row.slug))
    dated = Dated(row.slug, row.title, row.number, row.starts_on, row.audience, row.split_depth, False)
    if policy is not None and policy.stub and row.starts_on is None:
        return filling.fill(actor, policy, row, dated)
    found = changes.ruled(row, base)
    document = parsed(row.markdown, row.slug)
    done = policies.publish(
        actor, document, dated, row.markdown, file=row.file_name or "the text", chosen=row.chosen_keys
    )
    if done.what == "unchanged":
        raise Refused(f"This text is version {done.version} already.")
    version = db.session.scalars(
        select(PolicyVersion)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.slug == row.slug, PolicyVersion.number == done.version)
    ).one()
    if base is not None:
        _keep_changes(actor, base.id, version.id, found)
    return version


def _keep_changes(actor: Actor, before: int, after: int, found: tuple[changes.Ruled, ...]) -> None:
    """What became of each section; a section whose key is used twice in the diff is kept once."""
    kept = {one.key: one for one in found if one.diff.kind in KEPT}
    for one in kept.values():
        db.session.add(
            SectionChange(
                from_version_id=before, to_version_id=after, key=one.key, kind=one.diff.kind,
                ruling=one.ruling if one.diff.needs_ruling else None, by_id=actor.id,
            )
        )  # fmt: skip
    db.session.flush()
