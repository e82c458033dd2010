"""Questions to policy owners: a clause that people misread is asked about, and nobody is trained on it meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from qa import policy_queries
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.models.policies import PolicyQuestion

#: States in which an answer is still awaited.
WAITING = ("open", "with_owner")


def open_question(
    actor: Actor,
    *,
    section_key: str,
    origin_kind: str,
    origin_ref: str,
    evidence: dict[str, Any],
    kind: str = "policy",
    text: str = "",
) -> PolicyQuestion:
    """Ask about a section, or find the question about it that still waits: one matter is asked once."""
    waiting = waiting_question(section_key)
    if waiting is not None:
        return waiting
    same = select(PolicyQuestion).where(
        PolicyQuestion.origin_kind == origin_kind,
        PolicyQuestion.origin_ref == origin_ref,
        PolicyQuestion.section_key == section_key,
    )
    asked = db.session.scalar(same)
    if asked is not None:
        return asked
    section = policy_queries.section(section_key, clock.now().date())
    row = PolicyQuestion(
        section_key=section_key,
        version_id=section.version_id if section else None,
        kind=kind,
        origin_kind=origin_kind,
        origin_ref=origin_ref,
        evidence=evidence,
        text=text,
        state="open",
    )
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "asked", "policy_question", row.public_id, origin=origin_kind)
    return row


def waiting_question(section_key: str) -> PolicyQuestion | None:
    """The question about a section that nobody has answered yet."""
    query = select(PolicyQuestion).where(PolicyQuestion.section_key == section_key, PolicyQuestion.state.in_(WAITING))
    return db.session.scalar(query.order_by(PolicyQuestion.id).limit(1))
