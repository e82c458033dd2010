"""Settled cases as training needs them: what was decided, what stands, and whether it may be shown to somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from qa import case_addresses, masking
from qa.core.db import db
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Task
from qa.models.policies import Action, Section
from qa.models.truth import Dispute, Finding, Settlement, Truth
from qa.queries.measured import OPEN_DISPUTE

#: States of a task in which somebody is still to give, or to commit, a blind answer.
STILL_BLIND = ("waiting", "held", "graded", "committed")
#: Bases of a truth that teaches: somebody blind said so, and nobody found both answers defensible.
TEACHING = ("agreed", "majority", "adjudicated", "dispute", "audit")


@dataclass(frozen=True, slots=True)
class Settled:
    """One settled case with its decision and its truth; no text."""

    case_id: int
    public_id: str
    agent_id: int | None
    team_id: int | None
    closed_at: datetime
    workflow: str
    play_key: str
    decided_key: str
    decided_action: str
    severity: str | None
    truth_verdict: str
    truth_key: str
    truth_action: str | None
    right_verdict: bool
    right_policy: bool | None
    right_action: bool | None
    finding_id: int
    finding_public_id: str
    finding_kind: str

    @property
    def is_error(self) -> bool:
        """Whether the agent's decision does not stand."""
        return self.finding_kind != "correct"


_COLUMNS = (
    ClosedCase.id, ClosedCase.public_id, ClosedCase.agent_id, ClosedCase.agent_team_id, ClosedCase.closed_at,
    ClosedCase.workflow, ClosedCase.play_key, ClosedCase.decided_key, ClosedCase.action, ClosedCase.severity,
    Truth.verdict, Truth.section_key, Truth.action, Truth.right_verdict, Truth.right_policy, Truth.right_action,
    Finding.id, Finding.public_id, Finding.kind,
)  # fmt: skip


def _settled(*columns: Any) -> Select[Any]:
    """Cases that are settled, each with the truth that stands and its finding."""
    return (
        select(*columns)
        .select_from(Truth)
        .join(ClosedCase, ClosedCase.id == Truth.case_id)
        .join(Settlement, and_(Settlement.case_id == Truth.case_id, Settlement.state == "settled"))
        .join(Finding, and_(Finding.truth_id == Truth.id, Finding.state != "replaced"))
        .where(Truth.replaced_at.is_(None), ClosedCase.replaced_at.is_(None))
    )


def settled(
    *,
    agent_id: int | None = None,
    team_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Settled]:
    """Settled cases of one agent, one team or all, in order of closing; both ends are inside."""
    query = _settled(*_COLUMNS)
    if agent_id is not None:
        query = query.where(ClosedCase.agent_id == agent_id)
    if team_id is not None:
        query = query.where(ClosedCase.agent_team_id == team_id)
    if since is not None:
        query = query.where(ClosedCase.closed_at >= since)
    if until is not None:
        query = query.where(ClosedCase.closed_at <= until)
    rows = db.session.execute(query.order_by(ClosedCase.closed_at, ClosedCase.number, ClosedCase.id))
    return [Settled(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Example:
    """A settled case that may be shown, with its text as it may be met outside the case."""

    public_id: str
    agent_id: int | None
    workflow: str
    play_key: str
    decided_key: str
    decided_action: str
    severity: str | None
    truth_verdict: str
    truth_key: str
    truth_action: str | None
    text: str
    language: str
    reason: str
    sensitive: bool
    #: Hash of the words of the section by which it was settled.
    text_hash: str | None
    closed_at: datetime


def examples(keys: Collection[str], plays: Collection[str], *, limit: int = 600) -> list[Example]:
    """Settled cases about *keys*, the newest first: those that nobody is still to judge blind and nobody contests.

    A case without a violation is about the section that was decided, else about the policy in play.
    """
    about = or_(
        Truth.section_key.in_(keys),
        and_(Truth.verdict == "violates", ClosedCase.decided_key.in_(keys)),
        and_(
            Truth.verdict == "no_violation",
            or_(ClosedCase.decided_key.in_(keys), ClosedCase.play_key.in_({*keys, *plays})),
        ),
    )
    return _examples(about, limit)


def own_errors(public_ids: Sequence[str], *, limit: int = 40) -> list[Example]:
    """Of these cases those that may be shown to the agent who decided them: their result is published."""
    told = and_(case_addresses.among(public_ids), Finding.published_at.is_not(None))
    return _examples(told, limit)


def still_teaching(public_ids: Collection[str]) -> dict[str, datetime]:
    """Of these cases those that may still be asked about, each with the moment since when its truth stands."""
    query = _settled(ClosedCase.public_id, Truth.settled_at).where(case_addresses.among(public_ids), *_teaches())
    return {row.public_id: row.settled_at for row in db.session.execute(query)}


def _teaches() -> tuple[ColumnElement[bool], ...]:
    """Somebody blind said so, nobody contests it, and nobody is still to judge the case."""
    contested = exists().where(Dispute.finding_id == Finding.id, Dispute.state.in_(OPEN_DISPUTE))
    blind = exists().where(Task.case_id == ClosedCase.id, Task.state.in_(STILL_BLIND))
    return Truth.basis.in_(TEACHING), ~contested, ~blind


def _examples(condition: ColumnElement[bool], limit: int) -> list[Example]:
    query = (
        _settled(
            ClosedCase.public_id, ClosedCase.agent_id, ClosedCase.workflow, ClosedCase.play_key,
            ClosedCase.decided_key, ClosedCase.action, ClosedCase.severity, Truth.verdict, Truth.section_key,
            Truth.action, CaseText.text, CaseText.language, ClosedCase.locale, Finding.feedback,
            ClosedCase.sensitivity, Section.text_hash, ClosedCase.closed_at, ClosedCase.id,
        )
        .join(CaseText, CaseText.case_id == ClosedCase.id)
        .outerjoin(Section, Section.id == Truth.section_id)
        .where(condition, CaseText.text.is_not(None), CaseText.text != "", CaseText.purged_at.is_(None))
        .where(*_teaches())
        .order_by(ClosedCase.closed_at.desc(), ClosedCase.number, ClosedCase.id)
        .limit(limit)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    texts = masking.for_reuse((row[17], row[10]) for row in rows)
    return [
        Example(
            row[0], *row[1:10], text=texts[row[17]], language=(row[11] or row[12] or "en").split("-")[0].lower(),
            reason=row[13], sensitive=bool(row[14]), text_hash=row[15], closed_at=row[16],
        )
        for row in rows
    ]  # fmt: skip


def case_ids(public_ids: Collection[str]) -> list[int]:
    """The inside numbers of cases."""
    return list(db.session.scalars(select(ClosedCase.id).where(case_addresses.among(public_ids))))


def actions(workflow: str) -> list[tuple[str, str, str]]:
    """(key, label, verdict that it goes with) of what can be done in a workflow."""
    query = select(Action.key, Action.label, Action.means).where(Action.workflow == workflow)
    return [(row.key, row.label, row.means) for row in db.session.execute(query.order_by(Action.rank, Action.key))]


def texts(public_ids: Collection[str]) -> dict[str, str]:
    """The texts of cases, for comparing them with sections; nobody is shown them by this."""
    query = select(ClosedCase.public_id, CaseText.text).join(CaseText, CaseText.case_id == ClosedCase.id)
    rows = db.session.execute(query.where(case_addresses.among(public_ids), CaseText.text.is_not(None)))
    return {row.public_id: row.text for row in rows}
