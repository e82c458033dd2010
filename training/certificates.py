"""Certificates: who passed what, under which versions of which policies, and until when that holds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from training.models.learning import Assignment, Certificate
from training.models.modules import ModuleVersion

#: So long holds what was passed; a change of its policy may end it sooner.
HOLDS = timedelta(days=365)


def issue(actor: Actor, row: Assignment) -> Certificate:
    """Keep that an assignment was passed, once."""
    known = db.session.scalar(select(Certificate).where(Certificate.assignment_id == row.id))
    if known is not None:
        return known
    version = db.session.get_one(ModuleVersion, row.module_version_id)
    today = clock.now().date()
    made = Certificate(
        assignment_id=row.id, person_id=row.person_id, module_version_id=version.id, issued_on=today,
        expires_on=today + HOLDS,
        policies=[{name: one[name] for name in ("slug", "version", "title")} for one in version.policy_versions],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note(actor, "issued", "certificate", made.public_id, expires=made.expires_on.isoformat())
    return made
