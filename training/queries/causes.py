"""What led to assignments, and whether it still stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from calibration.signals import corrections
from qa.core.db import db
from training.models.learning import AssignmentCause


def groundless(assignment_ids: Collection[int]) -> set[int]:
    """Those of the assignments that alerts alone led to, all of them withdrawn since."""
    if not assignment_ids:
        return set()
    query = select(AssignmentCause.assignment_id, AssignmentCause.kind, AssignmentCause.ref)
    causes: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for assignment_id, kind, ref in db.session.execute(query.where(AssignmentCause.assignment_id.in_(assignment_ids))):
        causes[assignment_id].append((kind, ref))
    gone = corrections.withdrawn({ref for known in causes.values() for kind, ref in known if kind == "signal"})
    return {one for one, known in causes.items() if all(kind == "signal" and ref in gone for kind, ref in known)}
