"""From a reviewed draft to a version: what must have been said before, and what is kept of it.

Reading, comparing and rendering a long text takes seconds and more, so all of it happens before the transaction; what
has changed meanwhile is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem, Refused
from qa.drafting import changes, drafts, filling, translating
from qa.drafting.parsing import parsed
from qa.models.drafting import PolicyDraft
from qa.models.policies import Policy, PolicyVersion
from qa.policies import policies
from qa.policies import preparing as policy_preparing
from qa.policies.front import Dated
from qa.policies.preparing import Prepared
from qa.policies.queries import VersionRow


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was made of a draft before the transaction, and of which state of it."""

    revision: int
    dated: Dated
    base_id: int | None
    html: str = ""
    prepared: Prepared | None = None
    rulings: Mapping[str, str] = field(default_factory=dict)


def move(actor: Actor, public_id: str, wanted: str) -> tuple[str, str] | None:
    """Mark a draft reviewed, take it back ("draft"), put it away ("dropped"), or publish it: slug and number then.

    Opens its own transaction, as `review` and `publish` do. Raises BadInput for another word.
    """
    if wanted == "published":
        return publish(actor, public_id)
    if wanted == "reviewed":
        review(actor, public_id)
    elif wanted == "draft":
        write(lambda: drafts.reopen(actor, public_id))
    elif wanted == "dropped":
        write(lambda: drafts.drop(actor, public_id))
    else:
        raise BadInput(Problem("reviewed, draft, dropped or published", field="state", value=wanted))
    return None


def review(actor: Actor, public_id: str) -> None:
    """Mark a draft as looked through. Refused while a reworded section waits for its owner's ruling."""
    read(public_id)

    def mark() -> None:
        row = drafts.load(public_id)
        base = changes.base_of(row)
        if row.language and base is None:
            raise Refused("There is no published version that this could be a translation of.")
        _check_ruled(row, base)
        drafts.mark_reviewed(actor, row, base.id if base else None)

    write(mark)


def read(public_id: str) -> None:
    """Read a draft and hold it against its version, so that the transaction that follows finds both done."""
    row = drafts.load(public_id)
    base = changes.base_of(row)
    changes.document_of(row, base)
    if not row.language:
        changes.ruled(row, base)


def publish(actor: Actor, public_id: str) -> tuple[str, str]:
    """Publish a reviewed draft; slug and number of the version. Refused when another one came in between.

    Raises BadInput for a day that has a version, or that cases were decided on or after.
    """
    row = drafts.load(public_id)
    _check_state(row)
    ready = _ready(row)
    return write(lambda: _publish(actor, public_id, ready))


def _publish(actor: Actor, public_id: str, ready: _Ready) -> tuple[str, str]:
    row = drafts.load(public_id)
    base = _check_state(row)
    if (ready.revision, ready.dated, ready.base_id) != (row.revision, _dated(row), base.id if base else None):
        raise Refused(drafts.STALE)
    version = _version(actor, row, base, ready)
    drafts.move(actor, row, "published", version_id=version.id)
    return row.slug, version.number


def _check_state(row: PolicyDraft) -> VersionRow | None:
    """The version that a draft follows, once it is reviewed, and ruled on beside that same version."""
    if row.state != "reviewed":
        raise Refused("A draft is reviewed before it is published.")
    base = changes.base_of(row)
    if (base.id if base else None) != row.base_version_id:
        raise Refused("Another version was published since the review. Take the draft back and look at the changes.")
    _check_ruled(row, base)
    return base


def _check_ruled(row: PolicyDraft, base: VersionRow | None) -> None:
    missing = [] if row.language else [one.diff.title for one in changes.ruled(row, base) if one.is_missing]
    if missing:
        named = ", ".join(f"“{title}”" for title in missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise Refused(f"First say on the page of changes whether the new words mean the same: {named}.")


def _dated(row: PolicyDraft) -> Dated:
    return Dated(row.slug, row.title, row.number, row.starts_on, row.audience, row.split_depth, False)


def _fills(row: PolicyDraft) -> bool:
    """Whether a draft takes the place of a stand-in."""
    return row.starts_on is None and filling.stub_version(row.slug) is not None


def _ready(row: PolicyDraft) -> _Ready:
    """All of a draft's publishing that takes long."""
    base = changes.base_of(row)
    bare = _Ready(row.revision, _dated(row), base.id if base else None)
    if base is not None and changes.is_translation(row, base):
        return _Ready(bare.revision, bare.dated, bare.base_id, html=translating.rendered(row, base))
    if _fills(row):
        return _Ready(bare.revision, bare.dated, bare.base_id, html=filling.rendered(row))
    found = changes.ruled(row, base)
    text = policy_preparing.of(
        parsed(row.markdown, row.slug), bare.dated, row.markdown,
        file=row.file_name or "the text", chosen=row.chosen_keys,
    )  # fmt: skip
    prepared = policy_preparing.ready(text, changes=tuple(one.diff for one in found))
    rulings = {one.key: one.ruling for one in found if one.ruling is not None}
    return _Ready(bare.revision, bare.dated, bare.base_id, prepared=prepared, rulings=rulings)


def _version(actor: Actor, row: PolicyDraft, base: VersionRow | None, ready: _Ready) -> PolicyVersion:
    if base is not None and changes.is_translation(row, base):
        return translating.publish(actor, row, base, html=ready.html)
    policy = db.session.scalar(select(Policy).where(Policy.slug == row.slug))
    if ready.prepared is None:
        if policy is None or not _fills(row):
            raise Refused(drafts.STALE)
        return filling.fill(actor, policy, row, ready.dated, html=ready.html)
    done = policies.publish(actor, ready.prepared, rulings=ready.rulings)
    if done.what == "unchanged":
        raise Refused(f"This text is version {done.version} already.")
    return db.session.scalars(
        select(PolicyVersion)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.slug == row.slug, PolicyVersion.number == done.version)
    ).one()
