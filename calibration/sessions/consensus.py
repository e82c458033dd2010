"""What a session agrees on, case by case: the answer, its reason, and whether the policy is unclear there."""

from __future__ import annotations

from sqlalchemy import select

from calibration.models.sessions import CalibrationSession, Consensus, SessionCase
from calibration.queries import spread
from calibration.sessions import sessions
from qa import questions
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.grading import answers, workflows
from qa.models.cases import ClosedCase


def record(
    actor: Actor,
    public_id: str,
    place: int,
    *,
    verdict: str,
    section_key: str | None = None,
    action: str | None = None,
    reason: str,
    unclear: bool = False,
) -> Consensus:
    """Keep the agreed answer to a case; until the discussion ends it may be given anew.

    It need not be anybody's vote, and never becomes the case's settled decision. *unclear* asks the clause's owner.
    """
    row, case = of(actor, public_id, place)
    if row.state != "revealed":
        raise Refused("An answer is agreed on between the reveal and the end of the discussion.")
    if not reason.strip():
        raise BadInput(Problem("say why", field="reason"))
    closed = db.session.get_one(ClosedCase, case.case_id)
    given = answers.Given(verdict, section_key, action, "high", {}, "")
    checked = answers.checked(closed.id, workflows.ensure(closed.workflow).id, given, closed_at=closed.closed_at)
    found = agreed(case.id)
    if found is None:
        found = Consensus(session_case_id=case.id)
        db.session.add(found)
    found.verdict, found.section_key, found.action = checked.verdict, checked.section_key, checked.action
    found.reason, found.unclear = reason.strip(), unclear
    found.by_id, found.decided_at = actor.id or 0, clock.now()
    db.session.flush()
    if unclear:
        found.question_id = _ask(actor, row, case, checked.section_key, closed.play_key, reason.strip())
    audit.note(actor, "recorded", "consensus", found.public_id, place=place, unclear=unclear)
    sessions.touch_changed(row)
    return found


def take_notes(actor: Actor, public_id: str, place: int, *, notes: str) -> None:
    """Keep what was said about a case."""
    row, case = of(actor, public_id, place)
    if row.state not in ("revealed", "agreed"):
        raise Refused("Notes are taken after the reveal.")
    case.notes = notes.strip()
    db.session.flush()
    audit.note(actor, "noted", "session", public_id, place=place)
    sessions.touch_changed(row)


def of(actor: Actor, public_id: str, place: int) -> tuple[CalibrationSession, SessionCase]:
    """A session that *actor* leads, and one of its cases."""
    row = sessions.led(actor, public_id)
    case = db.session.scalar(select(SessionCase).where(SessionCase.session_id == row.id, SessionCase.place == place))
    if case is None:
        raise NotFound("case")
    return row, case


def agreed(session_case_id: int) -> Consensus | None:
    """The agreed answer to a case of a session, if there is one."""
    return db.session.scalar(select(Consensus).where(Consensus.session_case_id == session_case_id))


def _ask(actor: Actor, row: CalibrationSession, case: SessionCase, key: str, play_key: str, reason: str) -> int | None:
    """Ask the owner of the clause: that of the answer, else that of most votes, else the one in play."""
    votes = [vote.section_key for vote in spread.standing_votes(row.id) if vote.session_case_id == case.id]
    named = [one for one in (key, *votes, play_key) if "/" in one]
    if not named:
        return None
    said = [vote for vote in votes if vote != key]
    question = questions.open_question(
        actor, section_key=named[0], origin_kind="session", origin_ref=f"{row.public_id}:{case.place}",
        evidence={"votes": len(votes), "others": len(said)}, text=reason,
    )  # fmt: skip
    return question.id
