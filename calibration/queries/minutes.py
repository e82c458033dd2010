"""The minutes of a session: what was asked, how the votes lay, what was agreed on and why, what follows, who was there.

Read after the reveal only, by guests after all is agreed. A case that the reader still has to grade stands there
without its votes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from calibration.models.precedents import Precedent
from calibration.models.sessions import CalibrationSession, Consensus, SessionCase
from calibration.queries import sessions, spread
from calibration.queries.sessions import Head
from calibration.queries.spread import Vote
from calibration.sessions import voting
from calibration.sessions.voting import Seals
from qa import masking
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.models.cases import ClosedCase
from qa.models.grading import Task
from qa.models.policies import PolicyQuestion
from qa.queries import reveals
from qa.queries.reveals import Words


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a case, how many gave it, and who, where the session shows names."""

    answer: str
    votes: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Minute:
    """One case of the session."""

    place: int
    code: str
    given: tuple[Given, ...]
    entropy: float
    #: None: nothing is agreed on yet.
    agreed: str | None
    by_nobody: bool
    reason: str
    unclear: bool
    notes: str
    #: Address, and state or title.
    question: tuple[str, str] | None
    precedent: tuple[str, str] | None
    #: Still to be graded by the reader: nothing of it is told.
    is_shut: bool


@dataclass(frozen=True, slots=True)
class Minutes:
    """All of a session."""

    opened_at: datetime | None
    closed_at: datetime | None
    revealed_at: datetime | None
    agreed_at: datetime | None
    #: (name, part, cases voted on), by name; empty where the reader may not know them.
    people: tuple[tuple[str, str, int], ...]
    voters: int
    cases: tuple[Minute, ...]
    seals: Seals

    @property
    def open_actions(self) -> tuple[Minute, ...]:
        """Cases that led to a question which nobody has answered yet."""
        return tuple(one for one in self.cases if one.question and one.question[1] in ("open", "with_owner"))


def minutes(reader: Actor, head: Head) -> Minutes:
    """The minutes of a session. Raises NotFound before they may be read."""
    if not head.has_minutes:
        raise NotFound("session")
    row = db.session.get_one(CalibrationSession, head.id)
    votes: dict[int, list[Vote]] = defaultdict(list)
    for vote in spread.standing_votes(head.id):
        votes[vote.session_case_id].append(vote)
    cases = _cases(reader, head, votes)
    told = head.names_shown or head.leads
    people = tuple((one.name, one.part, one.voted) for one in sessions.members(head)) if told else ()
    voters = len({vote.person_id for some in votes.values() for vote in some})
    seals = voting.seals(head.id)
    return Minutes(row.opened_at, row.closed_at, row.revealed_at, row.agreed_at, people, voters, cases, seals)


def _cases(reader: Actor, head: Head, votes: dict[int, list[Vote]]) -> tuple[Minute, ...]:
    in_hand = exists().where(
        Task.case_id == SessionCase.case_id, Task.person_id == reader.id, Task.state.in_(voting.IN_HAND)
    )
    query = (
        select(
            SessionCase, ClosedCase.workflow, Consensus, PolicyQuestion.public_id, PolicyQuestion.state,
            Precedent.public_id, Precedent.title, in_hand,
        )
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .outerjoin(Consensus, Consensus.session_case_id == SessionCase.id)
        .outerjoin(PolicyQuestion, PolicyQuestion.id == Consensus.question_id)
        .outerjoin(Precedent, Precedent.consensus_id == Consensus.id)
        .where(SessionCase.session_id == head.id)
        .order_by(SessionCase.place)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    keys = {vote.section_key for some in votes.values() for vote in some}
    words = reveals.words(keys | {row[2].section_key for row in rows if row[2] is not None})
    return tuple(_minute(head, row, votes[row[0].id], words) for row in rows)


def _minute(head: Head, row: Any, mine: Sequence[Vote], words: Words) -> Minute:
    case, flow, agreed, question, state, precedent, title, shut = row
    if shut:
        return Minute(case.place, case.code, (), float("nan"), None, False, "", False, "", None, None, True)
    found = spread.of_case(mine)
    given = tuple(
        Given(
            _answer(words, flow, one.verdict, one.section_key, None), len(one.votes),
            tuple(vote.person for vote in one.votes) if head.names_shown else (),
        )
        for one in found.columns
    )  # fmt: skip
    said = agreed and _answer(words, flow, agreed.verdict, agreed.section_key, agreed.action)
    if said and agreed.severity:
        said = f"{said} · {agreed.severity} severity"
    named = {(one.verdict, one.section_key) for one in found.columns}
    return Minute(
        case.place, case.code, given, found.entropy, said,
        agreed is not None and (agreed.verdict, agreed.section_key) not in named,
        masking.nameless(agreed.reason) if agreed else "", bool(agreed and agreed.unclear),
        masking.nameless(case.notes),
        (question, state) if question else None, (precedent, title) if precedent else None, False,
    )  # fmt: skip


def _answer(words: Words, flow: str, verdict: str, section_key: str, action: str | None) -> str:
    said = words.say(flow, verdict, section_key, action)
    answer = f"{said.verdict}: {said.section}" if said.section else said.verdict
    return f"{answer} · {said.action}" if said.action else answer
