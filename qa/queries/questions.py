"""Clauses that their owner is asked about, as the home shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qa import policy_queries
from qa.core.access import Actor
from qa.core.db import db
from qa.models.policies import PolicyQuestion
from qa.questions import WAITING


@dataclass(frozen=True, slots=True)
class Asked:
    """A clause that people misread, and what says so; 0 cases: somebody asked in words."""

    label: str
    url: str
    errors: int
    cases: int
    agents: int
    text: str
    asked_on: datetime


def waiting(_person: Actor) -> Sequence[Asked]:
    """The questions about clauses that nobody has answered, the oldest first."""
    query = (
        select(PolicyQuestion.section_key, PolicyQuestion.evidence, PolicyQuestion.text, PolicyQuestion.created_at)
        .where(PolicyQuestion.state.in_(WAITING))
        .order_by(PolicyQuestion.id)
    )
    rows = db.session.execute(query).all()
    labels = policy_queries.labels(sorted({row.section_key for row in rows}))
    return [
        Asked(
            labels[row.section_key], _place(row.section_key), row.evidence.get("errors", 0),
            row.evidence.get("cases", 0), row.evidence.get("others", 0), row.text, row.created_at,
        )
        for row in rows
    ]  # fmt: skip


def _place(section_key: str) -> str:
    """Where the clause of the version in force is read."""
    policy, _, section = section_key.partition("/")
    return f"/policies/{policy}" + (f"#s-{section}" if section else "")
