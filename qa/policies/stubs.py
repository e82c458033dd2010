"""Stand-in policies: sections made for labels that name none, to be filled by the real text or merged into it."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.models.policies import Policy, PolicyVersion, Section
from qa.policies import policies, section_keys
from qa.policies import preparing as policy_preparing
from qa.policytext.sections import parse


def ensure_stubs(actor: Actor, keys: set[str]) -> list[str]:
    """Make stand-in sections for labels that name none, to be filled or merged later; the keys that were made.

    A policy that was written already gets none: its text says what it has.
    """
    made = []
    wanted: dict[str, set[str]] = {}
    for key in keys:
        policy_slug, _, section_slug = key.partition("/")
        wanted.setdefault(policy_slug, set()).add(section_slug)
    for policy_slug, slugs in sorted(wanted.items()):
        policy = db.session.scalar(select(Policy).where(Policy.slug == policy_slug))
        if policy is None:
            title = policy_slug.replace("-", " ").capitalize()
            text = f"# {title}\n\nA stand-in made by an import.\n\n" + _stub_sections(slugs)
            policies.import_text(actor, text, name=policy_slug, slug=policy_slug, stub=True)
        elif policy.stub:
            slugs = _grow_stub(actor, policy, slugs)
        else:
            continue
        made += [section_keys.full(policy_slug, slug) for slug in sorted(slugs)]
    return made


def _stub_sections(slugs: set[str]) -> str:
    return "\n".join(f"## {slug.replace('-', ' ').capitalize()}\n\nTo be filled.\n" for slug in sorted(slugs - {""}))


def _grow_stub(actor: Actor, policy: Policy, slugs: set[str]) -> set[str]:
    """Add sections to a stand-in, which has no text of its own that could change; those that were new."""
    version = db.session.scalars(select(PolicyVersion).where(PolicyVersion.policy_id == policy.id)).one()
    known = set(db.session.scalars(select(Section.key).where(Section.version_id == version.id)))
    new = {slug for slug in slugs if section_keys.full(policy.slug, slug) not in known}
    if not new:
        return new
    version.markdown = version.markdown.rstrip("\n") + "\n\n" + _stub_sections(new)
    version.sha256 = hashlib.sha256(version.markdown.encode()).hexdigest()
    document = parse(version.markdown, name=policy.slug)
    keys = {one.key: one.key for one in document.sections}
    version.html = policy_preparing.rendered(version.markdown, document, keys)
    policies.add_sections(policy, version, document, keys, leave=known)
    audit.note(actor, "grew", "policy_version", version.public_id, sha256=version.sha256, sections=len(new))
    return new
