"""Taking back a file of what happened to cases later: while nobody worked on one of them with it in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import Refused
from qa.models.cases import CaseEvent, ImportRun, Touch
from qa.models.plans import DrawCase
from qa.models.truth import Dispute, Finding, Truth


def why_not(run_id: int, published_at: datetime) -> str | None:
    """Why the events of an import cannot be taken back any more; None when they can."""
    for said, query in _since(run_id, published_at):
        if db.session.scalar(query.limit(1)):
            return f"One of its cases was {said} since. What stood beside it then stays."
    return None


def _since(run_id: int, at: datetime) -> Iterator[tuple[str, Select[Any]]]:
    """What was done with the cases of these events after they came in, each as the question for one such row."""
    ours = select(CaseEvent.case_id).where(CaseEvent.run_id == run_id)
    yield "drawn", select(DrawCase.id).where(DrawCase.case_id.in_(ours), DrawCase.created_at > at)
    yield "settled", select(Truth.id).where(Truth.case_id.in_(ours), Truth.settled_at > at)
    yield "opened or worked on", select(Touch.id).where(Touch.case_id.in_(ours), Touch.created_at > at)
    contested = select(Dispute.id).join(Finding, Finding.id == Dispute.finding_id)
    yield "contested", contested.where(Finding.case_id.in_(ours), Dispute.created_at > at)


def undo(actor: Actor, run: ImportRun) -> None:
    """Take the events back, all at once. Raises Refused where somebody else did."""
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state == "published")
        .values(state="withdrawn")
        .returning(ImportRun.id)
    ).all()
    if not moved:
        raise Refused("This import was ended by somebody else.")
    db.session.execute(delete(CaseEvent).where(CaseEvent.run_id == run.id))
    audit.note(actor, "took_back", "import_run", run.public_id, events=run.added)
    db.session.flush()
