"""What a sitting shows: a question without its key, and the key with every clause once the answer is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from training.models.learning import Answer, Assignment, Attempt, AttemptScore
from training.queries import assignments, citations
from training.queries.assignments import Given
from training.queries.citations import Chip

#: Sittings of one training: the first and two retakes.
MOST_SITTINGS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked: nothing here tells which option is right."""

    no: int
    number: int
    of: int
    asked: str
    case_text: str
    is_covered: bool
    #: (name of this sitting, text)
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sitting came to."""

    no: int
    right: int
    of: int
    passed: bool
    because: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where the learner stands before a sitting."""

    given: Given
    sittings: int
    #: The question that is next, in an open sitting.
    question: Question | None
    last: Outcome | None
    #: From when on the next sitting may begin; None: now.
    opens_at: datetime | None
    has_lapsed: bool

    @property
    def may_begin(self) -> bool:
        """Whether a sitting can begin now."""
        waits = self.opens_at is not None and self.opens_at > clock.now()
        return self.given.state == "begun" and self.question is None and not waits and self.sittings < MOST_SITTINGS


@dataclass(frozen=True, slots=True)
class ToldOption:
    """An option after the answer: what is to be said to whoever chooses it, with its clause."""

    text: str
    is_right: bool
    is_chosen: bool
    feedback: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """A question that was answered."""

    no: int
    number: int
    of: int
    asked: str
    case_text: str
    is_covered: bool
    is_right: bool
    options: tuple[ToldOption, ...]
    is_last: bool


def retake_from(assignment_id: int) -> datetime | None:
    """From when on the next sitting may begin; None when there was none yet."""
    query = select(Attempt).where(Attempt.assignment_id == assignment_id).order_by(Attempt.no.desc()).limit(1)
    last = db.session.scalar(query)
    if last is None:
        return None
    return (last.closed_at or last.due_at) + timedelta(hours=float(preferences.get("retake_hours")))


def door(actor: Actor, public_id: str) -> Door:
    """An own training that was begun, at its quiz. Raises NotFound for every other."""
    given = assignments.one(actor, public_id)
    if given is None or given.state == "assigned":
        raise NotFound("quiz")
    row_id = _own(actor, public_id)
    attempts = list(
        db.session.scalars(select(Attempt).where(Attempt.assignment_id == row_id).order_by(Attempt.no.desc()))
    )
    newest = attempts[0] if attempts else None
    lapsed = newest is not None and newest.state == "open" and clock.now() > newest.due_at
    is_open = newest is not None and newest.state == "open" and not lapsed
    closed = next((one for one in attempts if one.state == "closed"), None)
    return Door(
        given=given,
        sittings=len(attempts),
        question=_next_question(newest) if newest is not None and is_open else None,
        last=_outcome(closed) if closed is not None else None,
        opens_at=retake_from(row_id) if newest is not None and not is_open else None,
        has_lapsed=lapsed or (newest is not None and newest.state == "expired"),
    )


def _own(actor: Actor, public_id: str) -> int:
    query = select(Assignment.id).where(Assignment.public_id == public_id, Assignment.person_id == actor.id)
    row_id = db.session.scalar(query)
    if row_id is None:
        raise NotFound("training")
    return row_id


def _attempt(actor: Actor, public_id: str, no: int) -> Attempt:
    query = select(Attempt).where(Attempt.assignment_id == _own(actor, public_id), Attempt.no == no)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("sitting")
    return found


def _given(attempt: Attempt) -> dict[int, Answer]:
    query = select(Answer).where(Answer.attempt_id == attempt.id)
    return {one.ordinal: one for one in db.session.scalars(query)}


def _next_question(attempt: Attempt) -> Question | None:
    number = len(_given(attempt)) + 1
    if number > len(attempt.snapshot):
        return None
    asked = attempt.snapshot[number - 1]
    case_text, words = _parted(asked)
    return Question(
        no=attempt.no,
        number=number,
        of=len(attempt.snapshot),
        asked=words,
        case_text=case_text,
        is_covered=bool(asked["sensitive"]),
        options=tuple((option["id"], option["text"]) for option in asked["options"]),
    )


def _parted(asked: Mapping[str, Any]) -> tuple[str, str]:
    """The case and what is asked about it; a question without a case has the second alone."""
    case_text = asked["case_text"] or ""
    lead = f"Case: {case_text} "
    if case_text and asked["stem"].startswith(lead):
        return case_text, asked["stem"].removeprefix(lead)
    return "", asked["stem"]


def feedback(actor: Actor, public_id: str, no: int, number: int) -> Feedback:
    """A question of an own sitting with its key, once it is answered. Before that it is not there."""
    attempt = _attempt(actor, public_id, no)
    answer = _given(attempt).get(number)
    if answer is None:
        raise NotFound("answer")
    asked = attempt.snapshot[number - 1]
    case_text, words = _parted(asked)
    return Feedback(
        no=no,
        number=number,
        of=len(attempt.snapshot),
        asked=words,
        case_text=case_text,
        is_covered=bool(asked["sensitive"]),
        is_right=answer.right,
        options=tuple(
            ToldOption(
                text=option["text"],
                is_right=option["id"] in asked["key"],
                is_chosen=option["id"] in answer.chosen,
                feedback=option["feedback"],
                chips=tuple(citations.chips([option["citation"]])),
            )
            for option in asked["options"]
        ),
        is_last=number == len(attempt.snapshot),
    )


def outcome(actor: Actor, public_id: str, no: int) -> Outcome:
    """What an own sitting that is closed came to."""
    attempt = _attempt(actor, public_id, no)
    found = _outcome(attempt) if attempt.state == "closed" else None
    if found is None:
        raise NotFound("outcome")
    return found


def _outcome(attempt: Attempt) -> Outcome | None:
    """The newest score of a sitting."""
    query = select(AttemptScore).where(AttemptScore.attempt_id == attempt.id)
    score = db.session.scalar(query.order_by(AttemptScore.no.desc()).limit(1))
    if score is None:
        return None
    return Outcome(attempt.no, score.right, score.of, score.passed, score.because)
