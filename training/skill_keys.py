"""Skill keys as rows and as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from qa.core import clock
from qa.core.db import db
from qa.models.truth import Finding
from training.generation.skills import SkillKey
from training.models.modules import SkillEvidence
from training.models.modules import SkillKey as SkillKeyRow

SEPARATOR = "|"


def written(key: SkillKey) -> str:
    """A key as one word of text.

    >>> written(SkillKey("pair", "p/a", "p/b"))
    'pair|p/a|p/b|'
    """
    return SEPARATOR.join((key.kind, key.a, key.b, key.side))


def read(text: str) -> SkillKey:
    """The key that `written` wrote."""
    return SkillKey(*text.split(SEPARATOR))


def stored(key: SkillKey) -> int:
    """The inside number of a key, stored if nobody had it yet."""
    known = (
        select(SkillKeyRow.id)
        .where(SkillKeyRow.kind == key.kind, SkillKeyRow.section_key_a == key.a)
        .where(SkillKeyRow.section_key_b == key.b, SkillKeyRow.side == key.side)
    )
    found = db.session.scalar(known)
    if found is None:
        row = SkillKeyRow(kind=key.kind, section_key_a=key.a, section_key_b=key.b, side=key.side)
        try:
            with db.session.begin_nested():
                db.session.add(row)
                db.session.flush()
        except IntegrityError:
            return db.session.scalars(known).one()
        return row.id
    return found


def note_evidence(agent_id: int, evidence: Iterable[tuple[int, Sequence[tuple[SkillKey, float]]]]) -> None:
    """Keep (finding, [(key, weight)]) as evidence, once; what follows a replaced finding is closed."""
    follow_findings()
    for finding_id, keys in evidence:
        known = set(
            db.session.scalars(select(SkillEvidence.skill_key_id).where(SkillEvidence.finding_id == finding_id))
        )
        for key, weight in keys:
            key_id = stored(key)
            if key_id in known:
                continue
            values = {"finding_id": finding_id, "skill_key_id": key_id, "agent_id": agent_id, "weight": weight}
            try:
                with db.session.begin_nested():
                    db.session.execute(insert(SkillEvidence).values(source="finding", **values))
            except IntegrityError:
                known.add(key_id)


def follow_findings() -> int:
    """Close the evidence whose finding was replaced; how much that was."""
    replaced = select(Finding.id).where(Finding.state == "replaced")
    closing = update(SkillEvidence).where(SkillEvidence.closed_at.is_(None), SkillEvidence.finding_id.in_(replaced))
    return len(db.session.scalars(closing.values(closed_at=clock.now()).returning(SkillEvidence.id)).all())
