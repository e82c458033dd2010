"""Contested process slips for those who lead: what waits, and one with the work in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.hearings import slip_hearings, slips
from qa.models.cases import ClosedCase
from qa.models.truth import Dispute
from qa.queries import blind_case, reveals, scorecards


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contested slip in a list."""

    public_id: str
    case: str
    due_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class SlipPage:
    """One of them: the slips, the agent's argument, the scorecards and the work."""

    public_id: str
    case_name: str
    slips: tuple[str, ...]
    text: str
    due_at: datetime
    is_decided: bool
    taken_back: bool
    reason: str
    scores: tuple[scorecards.Scored, ...]
    case: blind_case.BlindCase
    work: tuple[reveals.Work, ...]


def waiting(actor: Actor) -> list[Waiting]:
    """Contested slips that this person may decide, the most urgent first; one they marked themselves is not theirs."""
    query = (
        slip_hearings.open_to(actor)
        .add_columns(ClosedCase.external_id)
        .where(Dispute.state == "open")
        .order_by(Dispute.due_at, Dispute.id)
    )
    rows = db.session.execute(query).all()
    marked_by = slips.scorers([row[1].case_id for row in rows])
    return [
        Waiting(row[0].public_id, row.external_id, row[0].due_at, actor.id not in marked_by[row[1].case_id])
        for row in rows
    ]


def slip(actor: Actor, dispute_id: str) -> SlipPage:
    """One contested slip. Raises NotFound for every other."""
    row, finding = slip_hearings.own(actor, dispute_id)
    case = db.session.execute(
        select(ClosedCase.external_id, ClosedCase.workflow).where(ClosedCase.id == finding.case_id)
    ).one()
    label = case.workflow.replace("_", " ").capitalize()
    return SlipPage(
        public_id=dispute_id, case_name=case.external_id, slips=slips.of(finding), text=row.text, due_at=row.due_at,
        is_decided=row.state == "decided", taken_back=row.result == "overturned", reason=row.reason,
        scores=scorecards.of_case(finding.case_id), work=reveals.work_on(finding.case_id),
        case=blind_case.evidence_of(finding.case_id, task_id="", code=case.external_id, workflow_label=label),
    )  # fmt: skip
