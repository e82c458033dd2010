"""One case of a revealed session, as everybody who takes part sees it on the shared screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from calibration.models.sessions import Consensus, SessionCase
from calibration.queries import sessions as queries
from calibration.queries import spread
from calibration.queries.sessions import Head
from calibration.queries.spread import CaseSpread, Vote
from calibration.sessions import consensus
from calibration.sessions.deviating import SEVERITIES
from qa import masking
from qa.core.access import Actor
from qa.core.charts import votes as charts
from qa.core.db import db
from qa.core.errors import NotFound
from qa.grading import workflows
from qa.models.cases import ClosedCase
from qa.models.policies import PolicyQuestion
from qa.policies import section_keys
from qa.queries import blind_case, grading, reveals


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a case with who gave it."""

    answer: str
    actions: tuple[tuple[str, int], ...]
    confidence: tuple[tuple[str, int], ...]
    #: Where the session compares it.
    severities: tuple[tuple[str, int], ...]
    count: int
    #: Empty where the session shows no names; "you" is always said.
    names: tuple[str, ...]
    has_mine: bool
    has_expert: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause that votes named, and how many precedents stand on it."""

    section_key: str
    label: str
    url: str
    votes: int
    precedents: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed on, in words, and what came of it."""

    answer: str
    verdict: str
    section_key: str
    action: str | None
    severity: str | None
    reason: str
    unclear: bool
    by_nobody: bool
    question: str | None
    precedent: str | None
    is_gold: bool
    decided_at: datetime
    #: By what a form knows it.
    mark: str


@dataclass(frozen=True, slots=True)
class Discussion:
    """A case with its spread."""

    place: int
    code: str
    case: blind_case.BlindCase
    asked: grading.Asked
    answers: tuple[Said, ...]
    chart: Markup
    entropy: float
    votes: int
    differing: int
    differing_names: tuple[str, ...]
    notes: tuple[str, ...]
    minutes: str
    cited: tuple[Cited, ...]
    agreed: Agreed | None
    same_before: bool


def shown(reader: Actor, head: Head, place: int) -> Discussion | None:
    """A case of a revealed session. None: *reader* still has it to grade. Raises NotFound before the reveal."""
    if not head.is_shown:
        raise NotFound("session")
    row = db.session.execute(
        select(SessionCase, ClosedCase.workflow)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .where(SessionCase.session_id == head.id, SessionCase.place == place)
    ).first()
    if row is None:
        raise NotFound("case")
    case, flow = row
    if queries.has_in_hand(reader, case.case_id):
        return None
    workflow = workflows.ensure(flow)
    mine = [vote for vote in spread.standing_votes(head.id) if vote.session_case_id == case.id]
    found = spread.of_case(mine)
    agreed = consensus.agreed(case.id)
    words = reveals.words({vote.section_key for vote in mine} | ({agreed.section_key} if agreed else set()))
    evidence = blind_case.evidence_of(case.case_id, task_id=str(place), code=case.code, workflow_label=workflow.label)
    told = _agreed(agreed, case, words, flow, found)
    return Discussion(
        place, case.code, evidence, grading.asked_of(workflow.id), _answers(reader, head, found, words, flow),
        _chart(head, found, words, flow, agreed), found.entropy, len(mine), len(found.differing),
        tuple(vote.person for vote in found.differing) if head.names_shown else (),
        tuple(masking.nameless(vote.note) for vote in mine if vote.note), case.notes, _cited(mine, words), told,
        same_before=len(found.columns) == 1,
    )  # fmt: skip


def _answer(words: reveals.Words, flow: str, verdict: str, section_key: str) -> str:
    said = words.say(flow, verdict, section_key, None)
    return f"{said.verdict}: {said.section}" if said.section else said.verdict


def _short(words: reveals.Words, flow: str, verdict: str, section_key: str) -> str:
    """An answer in the few letters that fit under a column: a violation by its clause's own heading."""
    said = words.say(flow, verdict, section_key, None)
    return said.section.rpartition(": ")[2] if said.section else said.verdict


def _answers(reader: Actor, head: Head, found: CaseSpread, words: reveals.Words, flow: str) -> tuple[Said, ...]:
    return tuple(
        Said(
            _answer(words, flow, one.verdict, one.section_key),
            tuple(Counter(words.say(flow, one.verdict, one.section_key, vote.action).action or "–"
                          for vote in one.votes).most_common()),
            _counted(("low", "medium", "high"), (vote.confidence for vote in one.votes)),
            _counted(SEVERITIES, (vote.severity for vote in one.votes)) if head.compares_severity else (),
            len(one.votes),
            tuple(vote.person for vote in one.votes) if head.names_shown else (),
            any(vote.person_id == reader.id for vote in one.votes),
            any(vote.person_id == head.expert_id for vote in one.votes),
        )
        for one in found.columns
    )  # fmt: skip


def _counted(words: Sequence[str], said: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """How often each of *words* was said, in their order."""
    often = Counter(said)
    return tuple((word, often[word]) for word in words if often[word])


def _chart(head: Head, found: CaseSpread, words: reveals.Words, flow: str, agreed: Consensus | None) -> Markup:
    columns = [
        charts.Votes(
            _short(words, flow, one.verdict, one.section_key), len(one.votes),
            [vote.person for vote in one.votes] if head.names_shown else [],
            agreed is not None and (one.verdict, one.section_key) == (agreed.verdict, agreed.section_key),
        )
        for one in found.columns
    ]  # fmt: skip
    said = ", ".join(f"{_answer(words, flow, one.verdict, one.section_key)}: {len(one.votes)}"
                     for one in found.columns) or "Nobody voted"  # fmt: skip
    return charts.dot_columns(columns, title="Votes before the discussion", desc=said)


def _cited(mine: Sequence[Vote], words: reveals.Words) -> tuple[Cited, ...]:
    """The clauses that votes named, the most named first, each with the way to it."""
    named = Counter(vote.section_key for vote in mine if vote.section_key != section_keys.NONE)
    standing = select(Precedent.section_key).where(Precedent.state == "live", Precedent.section_key.in_(list(named)))
    held = Counter(db.session.scalars(standing))
    return tuple(
        Cited(key, words.sections.get(key, key), section_keys.address(key), count, held[key])
        for key, count in named.most_common()
    )


def _agreed(
    one: Consensus | None, case: SessionCase, words: reveals.Words, flow: str, found: CaseSpread
) -> Agreed | None:
    if one is None:
        return None
    said = words.say(flow, one.verdict, one.section_key, one.action)
    serious = f"{one.severity} severity" if one.severity else ""
    gold = select(Gold.id).where(Gold.case_id == case.case_id, Gold.state.not_in(("retired", "voided")))
    return Agreed(
        " · ".join(part for part in (_answer(words, flow, one.verdict, one.section_key), said.action, serious) if part),
        one.verdict, one.section_key, one.action, one.severity, one.reason, one.unclear,
        (one.verdict, one.section_key) not in {(each.verdict, each.section_key) for each in found.columns},
        _address(PolicyQuestion, PolicyQuestion.id == one.question_id) if one.question_id else None,
        _address(Precedent, Precedent.consensus_id == one.id), db.session.scalar(gold) is not None, one.decided_at,
        consensus.mark(one),
    )  # fmt: skip


def _address(table: Any, which: Any) -> str | None:
    found: str | None = db.session.scalar(select(table.public_id).where(which))
    return found
