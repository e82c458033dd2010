"""What a sitting shows: a question without its key, and the key with every clause once the answer is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from training.models.learning import Answer, Assignment, Attempt, AttemptScore
from training.queries import assignments
from training.queries.asked import Feedback, Question, next_question, told
from training.queries.assignments import Given

#: Sittings of one training: the first and two retakes.
MOST_SITTINGS = 3


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


def retake_from(assignment_id: int) -> datetime | None:
    """From when on the next sitting may begin; None when there was none yet."""
    query = select(Attempt).where(Attempt.assignment_id == assignment_id, Attempt.state != "void")
    last = db.session.scalar(query.order_by(Attempt.no.desc()).limit(1))
    if last is None:
        return None
    return (last.closed_at or last.due_at) + timedelta(hours=float(preferences.get("retake_hours")))


def door(actor: Actor, public_id: str) -> Door:
    """An own training that was begun, at its quiz. Raises NotFound for every other."""
    given = assignments.one(actor, public_id)
    if given is None or given.state == "assigned":
        raise NotFound("quiz")
    row_id = _own(actor, public_id)
    sat = select(Attempt).where(Attempt.assignment_id == row_id, Attempt.state != "void")
    attempts = list(db.session.scalars(sat.order_by(Attempt.no.desc())))
    newest = attempts[0] if attempts else None
    lapsed = newest is not None and newest.state == "open" and clock.now() > newest.due_at
    is_open = newest is not None and newest.state == "open" and not lapsed
    closed = next((one for one in attempts if one.state == "closed"), None)
    return Door(
        given=given,
        sittings=len(attempts),
        question=next_question(newest.snapshot, newest.no, len(_given(newest)))
        if newest is not None and is_open
        else None,
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


def _open_question(attempt: Attempt) -> Question | None:
    return next_question(attempt.snapshot, attempt.no, len(_given(attempt)))


def feedback(actor: Actor, public_id: str, no: int, number: int) -> Feedback:
    """A question of an own sitting with its key, once it is answered. Before that it is not there."""
    attempt = _attempt(actor, public_id, no)
    answer = _given(attempt).get(number)
    if answer is None:
        raise NotFound("answer")
    return told(attempt.snapshot, no, number, answer.chosen)


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
