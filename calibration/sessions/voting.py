"""Votes of a session: a blind answer of each person to each case, seen by nobody before the reveal.

A vote and the end of voting cannot cross: a vote holds the session's row while it is stored, and closing waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from calibration.models.sessions import CalibrationSession, SessionCase, SessionPerson, SessionVote
from calibration.sessions import gone, severity
from qa import touches
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound, Refused
from qa.core.models import Person
from qa.core.turns import one_at_a_time
from qa.grading import answers, workflows
from qa.models.cases import ClosedCase
from qa.models.grading import Task

IN_HAND = ("waiting", "held", "graded")
_OVER = "Voting has ended. Your answer was not stored."


@dataclass(frozen=True, slots=True)
class Ballot:
    """A case that somebody may vote on now."""

    session_case_id: int
    case_id: int
    place: int
    code: str
    workflow_id: int
    workflow: str
    title: str
    tolerance: dict[str, str]


def vote(actor: Actor, public_id: str, place: int, given: answers.Given) -> None:
    """Store *actor*'s answer, in the place of an earlier one. Refused once voting has ended."""
    one_at_a_time(actor.id)
    ballot = ballot_of(actor, public_id, place, hold=True)
    answer = answers.checked(ballot.case_id, ballot.workflow_id, given)
    serious = severity.kept(answer.verdict, given.extra.get(severity.NAME), ballot.tolerance)
    said = answer.extra | ({severity.NAME: serious} if serious else {})
    before = own(actor, ballot)
    if before is not None:
        before.replaced_at = clock.now()
        db.session.flush()
    row = SessionVote(
        session_case_id=ballot.session_case_id, person_id=actor.id, no=before.no + 1 if before else 1,
        verdict=answer.verdict, section_key=answer.section_key, action=answer.action, answers=said,
        confidence=answer.confidence, note=answer.note, voted_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    touches.touch(ballot.case_id, actor.id or 0, "voted")
    audit.note(actor, "voted", "session", public_id, place=place, no=row.no)


def ballot_of(actor: Actor, public_id: str, place: int, *, hold: bool = False) -> Ballot:
    """A case of a session that *actor* may vote on. Raises NotFound for whoever does not take part, Refused when
    voting has ended or the case is one that they had to do with. *hold*: keep voting from being closed meanwhile."""
    one = CalibrationSession
    query = (
        select(one.id, one.state, one.deadline_at, one.title, one.tolerance)
        .join(SessionPerson, SessionPerson.session_id == CalibrationSession.id)
        .where(CalibrationSession.public_id == public_id, SessionPerson.person_id == actor.id)
        .where(CalibrationSession.kind == "open", CalibrationSession.state != "draft")
    )
    row = db.session.execute(query.with_for_update(read=True, of=CalibrationSession) if hold else query).first()
    if row is None:
        raise NotFound("session")
    if row.state != "voting" or row.deadline_at <= clock.now():
        raise Refused(_OVER)
    columns = (SessionCase.id, SessionCase.case_id, SessionCase.place, SessionCase.code, ClosedCase.workflow)
    case = db.session.execute(
        select(*columns)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .where(SessionCase.session_id == row.id, SessionCase.place == place)
    ).first()
    if case is None:
        raise NotFound("case")
    _check_free(actor, case.id, case.case_id)
    workflow = workflows.ensure(case.workflow)
    return Ballot(case.id, case.case_id, case.place, case.code, workflow.id, workflow.label, row.title, row.tolerance)


def _check_free(actor: Actor, session_case_id: int, case_id: int) -> None:
    """Refuse a case that *actor* decided, met elsewhere, or has to grade, and one that nobody can read any more."""
    if gone.among([case_id]):
        raise Refused("What this case was judged by has been taken out, so nobody is asked about it.")
    if standing(actor.id, session_case_id) is None and touches.met_among(actor.id, [case_id]):
        raise Refused("You have had to do with this case before, so you are not asked about it.")
    mine = select(Task.id).where(Task.case_id == case_id, Task.person_id == actor.id, Task.state.in_(IN_HAND))
    if db.session.scalar(mine.limit(1)) is not None:
        raise Refused("You have this case to grade. Grade it or pass it on first.")


def own(actor: Actor, ballot: Ballot) -> SessionVote | None:
    """The vote that *actor* has given on a case, as it stands."""
    return standing(actor.id, ballot.session_case_id)


def standing(person_id: int | None, session_case_id: int) -> SessionVote | None:
    """Somebody's vote on a case of a session."""
    query = select(SessionVote).where(SessionVote.session_case_id == session_case_id)
    return db.session.scalar(query.where(SessionVote.person_id == person_id, SessionVote.replaced_at.is_(None)))


def cast_by(person_ids: Iterable[int], session_id: int, case_ids: Collection[int] | None = None) -> dict[int, int]:
    """Person -> on how many cases of a session (of *case_ids*, if given) they have voted."""
    query = (
        select(SessionVote.person_id, func.count())
        .join(SessionCase, SessionCase.id == SessionVote.session_case_id)
        .where(SessionCase.session_id == session_id, SessionVote.replaced_at.is_(None))
        .where(SessionVote.person_id.in_(list(person_ids)))
        .group_by(SessionVote.person_id)
    )
    if case_ids is not None:
        query = query.where(SessionCase.case_id.in_(case_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def late(session_id: int) -> list[int]:
    """Who takes part, is still here, and has not voted on every case that they may be asked about."""
    here = select(SessionPerson.person_id).join(Person, Person.id == SessionPerson.person_id)
    people = db.session.scalars(here.where(SessionPerson.session_id == session_id, Person.active.is_(True))).all()
    cases = db.session.scalars(select(SessionCase.case_id).where(SessionCase.session_id == session_id)).all()
    cases = sorted(set(cases) - gone.among(cases))
    done, met = cast_by(people, session_id, cases), touches.how_many_met(people, cases)
    asked = {person: len(cases) - met.get(person, 0) + done.get(person, 0) for person in people}
    return [person for person in people if done.get(person, 0) < min(asked[person], len(cases))]


def seal(session_id: int) -> int:
    """Lock the votes of a session that was closed: each keeps the hash of what it says; how many there are."""
    query = select(SessionVote).join(SessionCase, SessionCase.id == SessionVote.session_case_id)
    query = query.where(SessionCase.session_id == session_id, SessionVote.replaced_at.is_(None))
    rows = db.session.scalars(query.order_by(SessionVote.id)).all()
    for row in rows:
        row.hash = _hash(row)
    db.session.flush()
    return len(rows)


@dataclass(frozen=True, slots=True)
class Seals:
    """The votes of a session beside the hashes that they were locked with."""

    #: Votes that can be compared: of cases and people whose words were not taken out since.
    compared: int
    #: Those that do not say any more what they said when voting closed: none, or somebody meddled.
    changed: tuple[int, ...]


def seals(session_id: int) -> Seals:
    """Whether the votes of a session that was closed still say what they said then."""
    query = (
        select(SessionVote)
        .join(SessionCase, SessionCase.id == SessionVote.session_case_id)
        .join(ClosedCase, ClosedCase.id == SessionCase.case_id)
        .join(Person, Person.id == SessionVote.person_id)
        .where(SessionCase.session_id == session_id, SessionVote.replaced_at.is_(None))
        .where(~gone.is_gone(), Person.erased_at.is_(None))
    )
    rows = db.session.scalars(query.order_by(SessionVote.id)).all()
    return Seals(len(rows), tuple(row.id for row in rows if row.hash != _hash(row)))


def _hash(row: SessionVote) -> str:
    body: list[Any] = [row.session_case_id, row.person_id, row.no, row.verdict, row.section_key, row.action,
                       row.answers, row.confidence, row.note, row.voted_at.isoformat()]  # fmt: skip
    return hashlib.sha256(audit.canonical(body).encode()).hexdigest()


def void_waiting(task_ids: Iterable[int]) -> None:
    """Take looks that nobody has taken up out of the queue."""
    gone = update(Task).where(Task.id.in_(list(task_ids)), Task.state == "waiting").values(state="void")
    db.session.execute(gone.execution_options(synchronize_session=False))
