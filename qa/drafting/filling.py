"""A stand-in filled with the real text: its sections keep their keys, and the cases that name them stay."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.drafting import changes
from qa.drafting.parsing import parsed
from qa.models.cases import ClosedCase
from qa.models.drafting import PolicyDraft
from qa.models.grading import Grade
from qa.models.policies import Policy, PolicyVersion, Section
from qa.models.truth import Truth
from qa.policies import policies, section_keys
from qa.policies import preparing as policy_preparing
from qa.policies import queries as policy_queries
from qa.policies.front import Dated


@dataclass(frozen=True, slots=True)
class StandIn:
    """A section of a stand-in, how many cases name it, and which section of the draft will bear its key."""

    key: str
    title: str
    cases: int
    filled_by: str | None


def stand_ins(draft: PolicyDraft) -> tuple[StandIn, ...]:
    """The sections of the stand-in that a draft is to fill; nothing for other drafts."""
    stub = stub_version(draft.slug)
    if stub is None or draft.language:
        return ()
    document = parsed(draft.markdown, draft.slug)
    keys = changes.keys_of(draft, stub)
    titles = {section_keys.full(draft.slug, keys[one.key]): one.title for one in document.sections}
    rows = [row for row in policy_queries.sections_of(stub.id) if row.key != draft.slug]
    return tuple(StandIn(row.key, row.title, _named_by(row.key), titles.get(row.key)) for row in rows)


def stub_version(slug: str) -> policy_queries.VersionRow | None:
    """The one version of a policy that is a stand-in; None for others."""
    found = [row for row in policy_queries.versions(slug) if row.stub]
    return found[-1] if found else None


def _named_by(key: str) -> int:
    """How many cases name a section in their decision or report."""
    query = select(func.count()).select_from(ClosedCase)
    return db.session.scalar(query.where(or_(ClosedCase.decided_key == key, ClosedCase.reported_key == key))) or 0


def rendered(draft: PolicyDraft) -> str:
    """The text of a draft as people will read it once it has filled its stand-in."""
    keys = changes.keys_of(draft, stub_version(draft.slug))
    return policy_preparing.rendered(draft.markdown, parsed(draft.markdown, draft.slug), keys)


def fill(actor: Actor, policy: Policy, draft: PolicyDraft, dated: Dated, *, html: str) -> PolicyVersion:
    """Put a draft's text in the place of a stand-in's, which had none; *html* as `rendered` gives it.

    Raises BadInput for a section that cases name and that no section of the text is said to be.
    """
    lost = [one for one in stand_ins(draft) if one.filled_by is None]
    problems = [
        Problem(f"a section that is “{one.title}”: {one.cases} cases name it", field="sections")
        for one in lost
        if one.cases or _is_cited(policy, one.key)
    ]
    if problems:
        raise BadInput(*problems)
    version = db.session.scalars(select(PolicyVersion).where(PolicyVersion.policy_id == policy.id)).one()
    document = parsed(draft.markdown, draft.slug)
    keys = changes.keys_of(draft, policy_queries.version_by_id(version.id))
    db.session.execute(
        delete(Section)
        .where(Section.version_id == version.id, Section.key.in_([one.key for one in lost]))
        .execution_options(synchronize_session=False)
    )
    version.markdown, version.sha256 = draft.markdown, hashlib.sha256(draft.markdown.encode()).hexdigest()
    version.html, version.front = html, dict(document.front)
    policy.title, policy.audience, policy.split_depth = dated.title, dated.audience, dated.split_depth
    policy.stub = False
    known = {row.key: row for row in db.session.scalars(select(Section).where(Section.version_id == version.id))}
    _place(policy, known, document, keys)
    policies.add_sections(policy, version, document, keys, leave=set(known))
    audit.note(actor, "filled", "policy_version", version.public_id, sha256=version.sha256)
    return version


def _place(policy: Policy, known: dict[str, Section], document: changes.Document, keys: dict[str, str]) -> None:
    """Let the sections that were stand-ins be those of the text; the policy itself stays one, whatever the text has."""
    for ordinal, one in enumerate(document.sections):
        row = known.get(section_keys.full(policy.slug, keys[one.key]))
        if row is None:
            continue
        row.path, row.title, row.level, row.ordinal = list(one.path), one.title[:500], one.level, ordinal
        row.parent_key = None if one.parent is None else section_keys.full(policy.slug, keys[one.parent])
        row.line_from, row.line_to, row.text_hash = one.line_from, one.line_to, one.text_hash
    root = known.get(policy.slug)
    if root is not None and "" not in keys.values():
        root.title, root.line_from, root.line_to, root.ordinal = policy.title[:500], 1, 1, -1
    db.session.flush()


def _is_cited(policy: Policy, key: str) -> bool:
    """Whether a decision, grade or settled decision points to a section."""
    ids = select(Section.id).join(PolicyVersion).where(PolicyVersion.policy_id == policy.id, Section.key == key)
    for column in (ClosedCase.decided_section_id, Grade.section_id, Truth.section_id):
        if db.session.scalar(select(column).where(column.in_(ids)).limit(1)) is not None:
            return True
    return False
