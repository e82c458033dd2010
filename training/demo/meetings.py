"""The demonstration's calibration sessions: one that was held, with what it left, and one that waits for votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from calibration import precedents
from calibration.gold import gold
from calibration.models.sessions import CalibrationSession, SessionCase
from calibration.sessions import cases as session_cases
from calibration.sessions import consensus, sessions, voting
from calibration.sessions import people as session_people
from qa import touches
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.grading import answers
from qa.models.cases import ClosedCase
from qa.models.truth import Settlement
from training.demo.sittings import Room
from training.world.chance import key_number, stream
from training.world.decisions import Truth, right_answer, wrong_answer

HOST = "mg01"
#: Who takes part: agents of two teams, graders, and the owner of the policies.
PEOPLE = ("ag02", "ag04", "ag05", "ag17", "ag19", "gr01", "gr02", "po01")
#: Of so many votes one is not what the listed acts say.
ONE_IN = 3
#: Cases of a session, and known answers that an expert gave.
CASES, KNOWN = 5, 12


def hold(room: Room, moment: datetime) -> None:
    """A session that runs over two days and leaves a precedent, a known answer and an archive."""
    with clock.fixed(moment):
        session = write(lambda: _opened(room, "Where does a threat begin?", moment, days=2))
    truths = _vote(room, session, moment + timedelta(hours=20), PEOPLE)
    with clock.fixed(moment + timedelta(days=2)):
        write(lambda: _discussed(room.cast[HOST], session, truths))
        write(lambda: _put_away(room.cast[HOST], session))


def begin(room: Room, moment: datetime) -> None:
    """A session that half of the people have voted in, and the stock of known answers."""
    with clock.fixed(moment):
        session = write(lambda: _opened(room, "This week's five", moment, days=4))
        write(lambda: _know(room, moment))
    _vote(room, session, moment + timedelta(hours=1), PEOPLE[::2])


def _opened(room: Room, title: str, moment: datetime, *, days: int) -> str:
    host = room.cast[HOST]
    row = sessions.create(
        host, title=title, deadline_at=moment + timedelta(days=days), tolerance={"section": "exact"}, names_shown=True
    )
    session_cases.add(host, row.public_id, how="hand", names=_names(room, moment, CASES))
    session_people.invite(host, row, names=[room.cast[name].public_id for name in PEOPLE])
    sessions.start(host, row.public_id)
    return row.public_id


def _names(room: Room, moment: datetime, count: int) -> Sequence[str]:
    """Cases of the last weeks that no plan has drawn and nobody here has met, the same for the same seed."""
    drawn = exists().where(Settlement.case_id == ClosedCase.id)
    query = select(ClosedCase.id, ClosedCase.external_id).where(
        ~drawn, ClosedCase.closed_at >= moment - timedelta(weeks=3), ClosedCase.closed_at < moment - timedelta(days=7),
        ClosedCase.workflow == "abuse_report", ClosedCase.agent_team_id == room.cast["ag02"].team_id,
        ClosedCase.replaced_at.is_(None),
    )  # fmt: skip
    known = {row.id: row.external_id for row in db.session.execute(query)}
    met = {case for name in PEOPLE for case in touches.met_among(room.cast[name].id, known)}
    found = [name for case, name in known.items() if case not in met and room.truth(name).section is not None]
    return sorted(found, key=lambda name: key_number(room.world.seed, "meeting", name))[:count]


def _vote(room: Room, session: str, moment: datetime, people: Sequence[str]) -> list[Truth]:
    """Let each of *people* vote on every case; what is true of the cases, in their order."""
    query = select(ClosedCase.external_id).join(SessionCase, SessionCase.case_id == ClosedCase.id)
    query = query.join(CalibrationSession, CalibrationSession.id == SessionCase.session_id)
    names = db.session.scalars(query.where(CalibrationSession.public_id == session).order_by(SessionCase.place)).all()
    db.session.rollback()
    truths = [room.truth(name) for name in names]
    for number, person in enumerate(people):
        with clock.fixed(moment + timedelta(minutes=7 * number)):
            write(lambda person=person: _vote_as(room, person, session, truths))
    return truths


def _vote_as(room: Room, person: str, session: str, truths: Sequence[Truth]) -> None:
    for place, truth in enumerate(truths, start=1):
        rng = stream(room.world.seed, "vote", truth.case_id, person)
        errs = key_number(room.world.seed, "errs", truth.case_id, person) % ONE_IN == 0
        answer = wrong_answer(rng, truth) if errs else right_answer(rng, truth)
        given = answers.Given(answer.verdict, answer.section, answer.action, answer.confidence, {}, "")
        voting.vote(room.cast[person], session, place, given)


def _discussed(host: Actor, session: str, truths: Sequence[Truth]) -> None:
    """Close, reveal, and agree on what the policy says."""
    sessions.close(host, session)
    sessions.reveal(host, session)
    for place, truth in enumerate(truths, start=1):
        consensus.record(
            host, session, place, verdict=truth.verdict, section_key=truth.section, action=truth.action,
            reason="The act stands on the section's list; what was meant by it does not change that.",
        )  # fmt: skip
    consensus.take_notes(host, session, 1, notes="Some read the exception too widely. It needs both of its conditions.")
    sessions.agree(host, session)


def _put_away(host: Actor, session: str) -> None:
    precedents.keep(host, session, 1, title="On the list, whatever was meant by it")
    gold.keep(host, session, 2)
    sessions.archive(host, session)


def _know(room: Room, moment: datetime) -> None:
    """Known answers by an expert, of cases that no plan has drawn."""
    for name in _names(room, moment, CASES + KNOWN)[CASES:]:
        truth = room.truth(name)
        gold.add(
            room.cast[HOST], case=name, verdict=truth.verdict, section_key=truth.section, action=truth.action,
            reason="A listed act, word for word.",
        )  # fmt: skip
