"""What an agent sees of the own settled cases, once they are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, and_, case, func, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.hearings import disputes, slips
from qa.models.cases import ClosedCase
from qa.models.policies import Action, Reason
from qa.models.truth import Dispute, Finding, Truth
from qa.policies import queries as policy_queries
from qa.queries import blind_case, reveals, scorecards
from qa.queries.reveals import KINDS, Said

#: States of a result in which its agent sees it.
SHOWN = ("published", "acknowledged", "disputed")
#: A page of results.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Result:
    """One published result in the agent's list."""

    public_id: str
    case: str
    closed_on: date
    published_at: datetime
    kind: str
    is_correct: bool
    state: str
    decided: Said
    settled: Said


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it stood on the day of the decision."""

    label: str
    version: str
    html: Markup
    #: The whole key of its section.
    key: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A dispute and its end."""

    step: int
    text: str
    due_at: datetime
    state: str
    result: str | None
    reason: str
    kind: str
    proposed: Said | None
    has_climbed: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A result with its clause, its reason and what can be done about it."""

    result: Result
    root_cause: str | None
    feedback: str
    process_slip: str | None
    clauses: tuple[Clause, ...]
    evidence: blind_case.BlindCase
    disputed: tuple[Answered, ...]
    names_old: str | None
    dispute_until: datetime | None
    can_acknowledge: bool
    can_dispute: bool
    #: Disputes of this person that are open elsewhere keep a further one out.
    too_many_open: bool
    #: Scorecards on the quality of the work, where the case was drawn for one.
    scores: tuple[scorecards.Scored, ...]
    #: Process slips that can be contested apart from the decision.
    slips: tuple[str, ...]

    @property
    def is_contestable(self) -> bool:
        """Whether the decision itself can be contested."""
        return not self.result.is_correct

    def can_say(self, *, is_slip: bool) -> bool:
        """Whether a slip, or something else, can be what is wrong."""
        return bool(self.slips) if is_slip else self.is_contestable


def results(actor: Actor, *, before: int = 0) -> list[Result]:
    """The newest published results of *actor*, what waits for them first."""
    waits = case((Finding.state == "published", Finding.kind == "correct"), else_=True)
    query = _published(actor).order_by(waits, Finding.published_at.desc(), Finding.id.desc())
    return _rows(query.offset(before).limit(PAGE))


def counts(actor: Actor) -> tuple[int, int, int]:
    """How many results are published, how many errors among them wait to be read, how many are under dispute."""
    mine = (Finding.agent_id == actor.id, Finding.state.in_(SHOWN), Finding.published_at.is_not(None))
    unread = case(((Finding.state == "published") & (Finding.kind != "correct"), 1), else_=0)
    disputed = case((Finding.state == "disputed", 1), else_=0)
    row = db.session.execute(select(func.count(), func.sum(unread), func.sum(disputed)).where(*mine)).one()
    return int(row[0]), int(row[1] or 0), int(row[2] or 0)


def result(actor: Actor, finding_id: str) -> ResultPage:
    """One own published result. Raises NotFound for every other."""
    rows = db.session.execute(_published(actor).where(Finding.public_id == finding_id)).all()
    if not rows:
        raise NotFound("result")
    row = rows[0]
    finding: Finding = row.Finding
    said = _disputes(finding.id, row.workflow)
    in_time = finding.dispute_until is not None and finding.dispute_until >= clock.now()
    settled_open = finding.state in ("published", "acknowledged")
    slips_of = slips.of(finding)
    can = (
        (finding.kind != "correct" or bool(slips_of))
        and settled_open
        and in_time
        and disputes.heard(finding.id) < disputes.STEPS
    )
    full = can and disputes.open_ones(actor) >= disputes.MOST_OPEN
    return ResultPage(
        result=_rows_of(rows)[0],
        root_cause=_cause(finding.root_cause),
        feedback=finding.feedback,
        process_slip=finding.process_slip,
        clauses=_clauses(row.truth_section, row.decided_section),
        evidence=blind_case.evidence_of(
            finding.case_id,
            task_id="",
            code=row.external_id,
            workflow_label=row.workflow.replace("_", " ").capitalize(),
            in_sight=True,
        ),
        disputed=said,
        names_old=_old_kind(finding.replaces_id),
        dispute_until=finding.dispute_until,
        can_acknowledge=finding.state == "published" and finding.kind != "correct",
        can_dispute=can and not full,
        too_many_open=can and full,
        scores=scorecards.of_case(finding.case_id),
        slips=slips_of,
    )


def successor(actor: Actor, finding_id: str) -> str | None:
    """The published result that took the place of an own one; None while it waits for the release.

    Raises NotFound when nothing took its place, or it was never published.
    """
    replaced = (Finding.agent_id == actor.id, Finding.state == "replaced", Finding.published_at.is_not(None))
    case_id = db.session.scalar(select(Finding.case_id).where(Finding.public_id == finding_id, *replaced))
    if case_id is None:
        raise NotFound("result")
    newest = select(Finding.public_id).where(Finding.case_id == case_id, Finding.agent_id == actor.id)
    shown = newest.where(Finding.state.in_(SHOWN), Finding.published_at.is_not(None))
    return db.session.scalar(shown.order_by(Finding.id.desc()).limit(1))


def proposals(case_workflow: str) -> list[tuple[str, str]]:
    """(key, label) of the actions that a proposal may name."""
    query = select(Action.key, Action.label).where(Action.workflow == case_workflow).order_by(Action.rank)
    return [(row.key, row.label) for row in db.session.execute(query)]


def workflow_of(actor: Actor, finding_id: str) -> str:
    """The workflow of an own result's case."""
    query = select(ClosedCase.workflow).join(Finding, Finding.case_id == ClosedCase.id)
    found = db.session.scalar(query.where(Finding.public_id == finding_id, Finding.agent_id == actor.id))
    if found is None:
        raise NotFound("result")
    return found


def _published(actor: Actor) -> Select[Any]:
    return (
        select(
            Finding, ClosedCase.external_id, ClosedCase.closed_at, ClosedCase.workflow, ClosedCase.decided_key,
            ClosedCase.action, ClosedCase.decided_section_id.label("decided_section"), Truth.verdict,
            Truth.section_key, Truth.action.label("settled_action"), Truth.section_id.label("truth_section"),
        )
        .join(ClosedCase, ClosedCase.id == Finding.case_id)
        .join(Truth, Truth.id == Finding.truth_id)
        .where(Finding.agent_id == actor.id, Finding.state.in_(SHOWN), Finding.published_at.is_not(None))
    )  # fmt: skip


def _rows(query: Select[Any]) -> list[Result]:
    return _rows_of(db.session.execute(query).all())


def _rows_of(rows: Any) -> list[Result]:
    named = reveals.words({row.decided_key for row in rows} | {row.section_key for row in rows})
    return [
        Result(
            public_id=row.Finding.public_id,
            case=row.external_id,
            closed_on=row.closed_at.date(),
            published_at=row.Finding.published_at,
            kind=KINDS[row.Finding.kind],
            is_correct=row.Finding.kind == "correct",
            state=row.Finding.state,
            decided=named.say(row.workflow, reveals.verdict_of(row.decided_key), row.decided_key, row.action),
            settled=named.say(row.workflow, row.verdict, row.section_key, row.settled_action),
        )
        for row in rows
    ]


def _disputes(finding_id: int, workflow: str) -> tuple[Answered, ...]:
    query = select(Dispute, Reason.label).outerjoin(Reason, and_(Reason.kind == "dispute", Reason.key == Dispute.kind))
    rows = db.session.execute(query.where(Dispute.finding_id == finding_id).order_by(Dispute.step)).all()
    named = reveals.words({row.Dispute.proposed_section_key or "none" for row in rows})
    return tuple(_answered(row.Dispute, row.label or row.Dispute.kind, workflow, named) for row in rows)


def _answered(one: Dispute, kind: str, workflow: str, named: reveals.Words) -> Answered:
    proposed = None
    if one.proposed_verdict is not None:
        key = one.proposed_section_key or "none"
        proposed = named.say(workflow, one.proposed_verdict, key, one.proposed_action)
    return Answered(
        one.step, one.text, one.due_at, one.state, one.result, one.reason, kind, proposed, one.climbed_at is not None
    )


def _cause(key: str | None) -> str | None:
    return (
        db.session.scalar(select(Reason.label).where(Reason.kind == "root_cause", Reason.key == key)) if key else None
    )


def _old_kind(finding_id: int | None) -> str | None:
    """What an earlier result said that this one takes the place of, if it was ever published."""
    query = select(Finding.kind).where(Finding.id == finding_id, Finding.published_at.is_not(None))
    kind = db.session.scalar(query) if finding_id else None
    return KINDS[kind] if kind else None


def _clauses(*section_ids: int | None) -> tuple[Clause, ...]:
    """The settled decision's clause and the own one, each once, as they stood."""
    return tuple(clause for one in dict.fromkeys(section_ids) if one and (clause := clause_of(one)) is not None)


def clause_of(section_id: int) -> Clause | None:
    """A clause by its section's row."""
    section = policy_queries.section_by_id(section_id)
    version = policy_queries.version_by_id(section.version_id) if section else None
    if section is None or version is None:
        return None
    html = blind_case.section_html(version.markdown, section.title, section.line_from, section.line_to)
    return Clause(policy_queries.label(section), section.version, html, section.key)
