"""Calibration sessions: several people decide the same cases blind, then look at the spread and agree on an answer.

draft > voting > closed > revealed > agreed > archived: each move is one function with a guarded UPDATE. Votes are seen
by nobody before the reveal, and never change after it.
"""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import func, select, update

from calibration.models.sessions import CalibrationSession, Consensus, SessionCase, SessionPerson
from calibration.sessions import covert, gone, severity, voting
from calibration.sessions import notices as session_notices
from calibration.sessions import people as session_people
from qa import touches
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.models.cases import ClosedCase

#: How far an answer may lie from the agreed one and still be the same; the first of each is what holds if none is said.
TOLERANCE = {
    "section": ("exact", "policy", "ignored"),
    "action": ("ignored", "exact", "step"),
    "severity": ("ignored", "exact", "step"),
}
#: Fewer people make no session, and more cases no discussion.
LEAST_PEOPLE, MOST_CASES = 2, 20


def create(
    actor: Actor,
    *,
    title: str,
    deadline_at: datetime,
    kind: str = "open",
    names_shown: bool = False,
    tolerance: dict[str, str] | None = None,
    series_id: int | None = None,
) -> CalibrationSession:
    """Begin a session, with *actor* as its host."""
    if deadline_at <= clock.now():
        raise BadInput(Problem("a moment that is still to come", field="deadline"))
    tolerance = checked_tolerance(tolerance or {})
    if kind == "covert" and severity.is_compared(tolerance):
        raise BadInput(Problem("not compared: cases in the queue ask for none", field=severity.NAME))
    row = CalibrationSession(
        title=title.strip(), kind=kind, state="draft", host_id=actor.id, deadline_at=deadline_at,
        names_shown=names_shown, tolerance=tolerance, series_id=series_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "began", "session", row.public_id, covert=kind == "covert")
    return row


def checked_tolerance(given: dict[str, str]) -> dict[str, str]:
    """*given* with what was left open filled in. Raises BadInput for a word that there is not."""
    wrong = [key for key, word in given.items() if word not in TOLERANCE.get(key, ())]
    if wrong:
        raise BadInput(*(Problem("one of " + ", ".join(TOLERANCE.get(key, ())), field=key) for key in wrong))
    return {key: given.get(key, offered[0]) for key, offered in TOLERANCE.items()}


def led(actor: Actor, public_id: str) -> CalibrationSession:
    """A session that *actor* leads: the own one, or for a lead who is given no blind cases everybody's."""
    row = db.session.scalar(select(CalibrationSession).where(CalibrationSession.public_id == public_id))
    may = row is not None and actor.has("manager", "admin")
    if row is None or not may or (row.host_id != actor.id and actor.can_be_given_blind_tasks):
        raise NotFound("session")
    return row


def set_expert(actor: Actor, public_id: str, *, person: str) -> None:
    """Whose vote is the expert baseline; empty for nobody's."""
    row = led(actor, public_id)
    if row.state != "draft":
        raise Refused("Voting has begun: whose votes are the baseline stays as it was said before.")
    row.expert_id = session_people.member(row.id, person) if person else None
    db.session.flush()
    audit.note(actor, "named_expert", "session", public_id)


def put_off(actor: Actor, public_id: str, *, deadline_at: datetime) -> None:
    """Let voting end at another moment; whoever is late then is reminded once more."""
    row = led(actor, public_id)
    if row.state not in ("draft", "voting"):
        raise Refused("Voting has ended.")
    if deadline_at <= clock.now():
        raise BadInput(Problem("a moment that is still to come", field="deadline"))
    _move(row, row.state, (row.state,), "The session has moved on meanwhile.", deadline_at=deadline_at,
          reminded_at=None)  # fmt: skip
    session_people.keep_links_until(row)
    audit.note(actor, "put_off", "session", public_id)


def start(actor: Actor, public_id: str) -> None:
    """Open the voting, and tell whoever takes part; in a covert session nobody is told."""
    row = led(actor, public_id)
    people, cases = _count(SessionPerson, row.id), _count(SessionCase, row.id)
    if people < LEAST_PEOPLE or not cases:
        raise Refused("A session needs at least two people and one case.")
    if row.deadline_at <= clock.now():
        raise Refused("The deadline has passed. Set a new one.")
    _move(row, "voting", ("draft",), "This session is open for votes already.", opened_at=clock.now())
    if row.kind == "covert":
        covert.send_out(row)
    else:
        session_notices.tell(row, "opened")
    audit.note(actor, "opened", "session", public_id, people=people, cases=cases)


def close(actor: Actor, public_id: str) -> None:
    """End the voting: no vote is taken from now on, and none changes."""
    row = led(actor, public_id)
    _close(actor, row)


def close_due(actor: Actor) -> int:
    """End the voting of every session whose deadline has passed; how many."""
    due = CalibrationSession.state == "voting", CalibrationSession.deadline_at <= clock.now()
    rows = db.session.scalars(select(CalibrationSession).where(*due).order_by(CalibrationSession.id)).all()
    for row in rows:
        _close(actor, row)
    return len(rows)


def _close(actor: Actor, row: CalibrationSession) -> None:
    _move(row, "closed", ("voting",), "Voting is not open.", closed_at=clock.now())
    if row.kind == "covert":
        covert.collect(row)
    votes = voting.seal(row.id)
    audit.note(actor, "closed", "session", row.public_id, votes=votes)


def reveal(actor: Actor, public_id: str) -> None:
    """Show the votes to everybody who takes part: from now on none of them is ever given these cases to grade."""
    row = led(actor, public_id)
    _move(row, "revealed", ("closed",), "Votes are shown once voting has been closed.", revealed_at=clock.now())
    cases = db.session.scalars(select(SessionCase.case_id).where(SessionCase.session_id == row.id)).all()
    people = set(db.session.scalars(select(SessionPerson.person_id).where(SessionPerson.session_id == row.id)))
    seeing = {*people, row.host_id, actor.id or row.host_id}
    touches.touch_all(product(cases, seeing), "opened")
    session_notices.tell(row, "revealed")
    audit.note(actor, "revealed", "session", public_id)


def step(actor: Actor, public_id: str, *, to: int) -> None:
    """Show another case to everybody."""
    row = led(actor, public_id)
    to = min(max(to, 1), max(_count(SessionCase, row.id), 1))
    _move(row, row.state, ("revealed", "agreed", "archived"), "Nothing is shown before the reveal.", step=to)


def agree(actor: Actor, public_id: str) -> None:
    """End the discussion: each case that can still be read has its agreed answer."""
    row = led(actor, public_id)
    agreed = select(Consensus.session_case_id)
    open_cases = select(func.count(SessionCase.id)).join(ClosedCase, ClosedCase.id == SessionCase.case_id)
    open_cases = open_cases.where(SessionCase.session_id == row.id, ~gone.is_gone())
    missing = db.session.scalar(open_cases.where(SessionCase.id.not_in(agreed))) or 0
    if missing:
        raise Refused(f"{missing} of the cases {'has' if missing == 1 else 'have'} no agreed answer yet.")
    _move(row, "agreed", ("revealed",), "There is no discussion to end.", agreed_at=clock.now())
    audit.note(actor, "agreed", "session", public_id)


def archive(actor: Actor, public_id: str) -> None:
    """Put the session away; its guests cannot come in any more."""
    row = led(actor, public_id)
    _move(row, "archived", ("draft", "agreed"), "Agree on every case first.")
    session_people.send_guests_home(actor, row.id)
    audit.note(actor, "archived", "session", public_id)


def remind(_actor: Actor, *, before: datetime) -> int:
    """Tell those who have not voted on everything that the deadline of an open session comes before *before*."""
    due = (
        CalibrationSession.state == "voting", CalibrationSession.kind == "open",
        CalibrationSession.reminded_at.is_(None), CalibrationSession.deadline_at <= before,
    )  # fmt: skip
    rows = db.session.scalars(select(CalibrationSession).where(*due).order_by(CalibrationSession.id)).all()
    for row in rows:
        row.reminded_at = clock.now()
        session_notices.tell(row, "reminded", people=voting.late(row.id))
    db.session.flush()
    return len(rows)


def touch_changed(row: CalibrationSession) -> None:
    """Let the pages of everybody see that something was changed by the host."""
    _move(row, row.state, (row.state,), "The session has moved on meanwhile.")


def _move(row: CalibrationSession, to: str, froms: tuple[str, ...], refusal: str, **changed: Any) -> None:
    """Move a session's state from one of *froms*, with what else changes; Refused from any other."""
    still = update(CalibrationSession).where(CalibrationSession.id == row.id, CalibrationSession.state.in_(froms))
    moved = still.values(state=to, changes=CalibrationSession.changes + 1, **changed)
    db.session.flush()
    if not db.session.execute(moved.execution_options(synchronize_session=False)).rowcount:
        raise Refused(refusal)
    db.session.refresh(row)


def _count(table: Any, session_id: int) -> int:
    return db.session.scalar(select(func.count(table.id)).where(table.session_id == session_id)) or 0
