"""Who has had to do with a case: they are never given it (again)."""

from __future__ import annotations

from sqlalchemy import select

from qa.core.db import db
from qa.models.cases import Touch


def touch(case_id: int, person_id: int, how: str) -> bool:
    """Remember that somebody has had to do with a case; whether that is new."""
    known = select(Touch.id).where(Touch.case_id == case_id, Touch.person_id == person_id, Touch.how == how)
    if db.session.scalar(known) is not None:
        return False
    db.session.add(Touch(case_id=case_id, person_id=person_id, how=how))
    db.session.flush()
    return True
