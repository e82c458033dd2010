"""The votes of a session and how far they differ. Read after the reveal only: the callers see to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from calibration.models.sessions import SessionCase, SessionVote
from calibration.sessions.deviating import Answer
from calibration.stats.ratings import from_long
from calibration.stats.sessions import spread_of
from qa.core.db import db
from qa.core.models import Person


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it stood when voting closed."""

    session_case_id: int
    person_id: int
    person: str
    verdict: str
    section_key: str
    action: str | None
    severity: str | None
    confidence: str
    note: str

    @property
    def answer(self) -> Answer:
        """What sessions compare of it."""
        return Answer(self.verdict, self.section_key, self.action, self.severity)

    @property
    def label(self) -> str:
        """Verdict and section as one label."""
        return f"{self.verdict}|{self.section_key}"


@dataclass(frozen=True, slots=True)
class Column:
    """The votes for one answer."""

    verdict: str
    section_key: str
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class CaseSpread:
    """The spread of one case: its answers, the most frequent first, the entropy in bits, the largest share."""

    columns: tuple[Column, ...]
    entropy: float
    top: float

    @property
    def differing(self) -> tuple[Vote, ...]:
        """Votes for another answer than the most frequent; where two lead, nobody is said to differ."""
        if len(self.columns) < 2 or len(self.columns[0].votes) == len(self.columns[1].votes):
            return ()
        return tuple(vote for column in self.columns[1:] for vote in column.votes)

    @property
    def confidence(self) -> dict[str, int]:
        """How sure the votes are: low, medium, high -> votes."""
        counted = Counter(vote.confidence for column in self.columns for vote in column.votes)
        return {word: counted[word] for word in ("low", "medium", "high")}


def standing_votes(session_id: int) -> Sequence[Vote]:
    """Every standing vote of a session, in the order of its cases, then of people's names."""
    query = (
        select(SessionVote, Person.name)
        .join(SessionCase, SessionCase.id == SessionVote.session_case_id)
        .join(Person, Person.id == SessionVote.person_id)
        .where(SessionCase.session_id == session_id, SessionVote.replaced_at.is_(None))
        .order_by(SessionCase.place, Person.name, SessionVote.id)
    )
    return [_vote(row[0], row[1]) for row in db.session.execute(query)]


def _vote(row: SessionVote, name: str) -> Vote:
    said: Any = row.answers.get("severity")
    return Vote(
        row.session_case_id, row.person_id, name, row.verdict, row.section_key, row.action,
        said if isinstance(said, str) else None, row.confidence, row.note,
    )  # fmt: skip


def of_case(votes: Sequence[Vote]) -> CaseSpread:
    """The spread of the votes on one case."""
    if not votes:
        return CaseSpread((), float("nan"), float("nan"))
    found: dict[tuple[str, str], list[Vote]] = {}
    for vote in votes:
        found.setdefault((vote.verdict, vote.section_key), []).append(vote)
    columns = [Column(*answer, tuple(given)) for answer, given in found.items()]
    columns.sort(key=lambda one: (-len(one.votes), one.verdict, one.section_key))
    told = spread_of(from_long(["case"] * len(votes), [vote.person_id for vote in votes], [one.label for one in votes]))
    return CaseSpread(tuple(columns), float(told.entropy[0]), float(told.top[0]))
