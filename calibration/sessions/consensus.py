"""What a session agrees on, case by case: the answer, its reason, and whether the policy is unclear there."""

from __future__ import annotations

from sqlalchemy import select

from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from calibration.models.sessions import CalibrationSession, Consensus, SessionCase
from calibration.queries import spread
from calibration.sessions import sessions, severity
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
    severity_key: str | None = None,
    reason: str,
    unclear: bool = False,
    before: str | None = None,
) -> Consensus:
    """Keep the agreed answer to a case; until the discussion ends it may be given anew.

    It need not be anybody's vote, and never becomes the case's settled decision. *unclear* asks the clause's owner.
    *before*: the `mark` of the answer that the actor saw. Refused where somebody else has kept another one meanwhile,
    and where the answer was made a precedent or a known answer, which rest on it.
    """
    row, case = of(actor, public_id, place)
    row = db.session.scalars(select(CalibrationSession).where(CalibrationSession.id == row.id).with_for_update()).one()
    if row.state != "revealed":
        raise Refused("An answer is agreed on between the reveal and the end of the discussion.")
    if not reason.strip():
        raise BadInput(Problem("say why", field="reason"))
    if before is not None and before != mark(agreed(case.id)):
        raise BadInput(Problem("look at the agreed answer: somebody else has kept it meanwhile", field="reason"))
    closed = db.session.get_one(ClosedCase, case.case_id)
    given = answers.Given(verdict, section_key, action, "high", {}, "")
    checked = answers.checked(closed.id, workflows.ensure(closed.workflow).id, given, closed_at=closed.closed_at)
    found = agreed(case.id)
    if found is None:
        found = Consensus(session_case_id=case.id)
        db.session.add(found)
    elif _is_kept(found, case):
        raise Refused("This answer was kept as a precedent or a known answer, and changes no more.")
    found.severity = severity.kept(checked.verdict, severity_key, row.tolerance)
    found.verdict, found.section_key, found.action = checked.verdict, checked.section_key, checked.action
    found.reason, found.unclear = reason.strip(), unclear
    found.by_id, found.decided_at = actor.id or 0, clock.now()
    db.session.flush()
    if unclear:
        found.question_id = _ask(actor, row, case, checked.section_key, closed.play_key, reason.strip())
    audit.note(actor, "recorded", "consensus", found.public_id, place=place, unclear=unclear)
    sessions.touch_changed(row)
    return found


def take_notes(actor: Actor, public_id: str, place: int, *, notes: str, before: str | None = None) -> None:
    """Keep what was said about a case. *before*: the notes that the actor saw; what somebody else has written since
    stays, and the actor's new lines follow it."""
    row, case = of(actor, public_id, place)
    if row.state not in ("revealed", "agreed"):
        raise Refused("Notes are taken after the reveal.")
    case = db.session.scalars(select(SessionCase).where(SessionCase.id == case.id).with_for_update()).one()
    case.notes = _together(case.notes, before, notes)
    db.session.flush()
    audit.note(actor, "noted", "session", public_id, place=place)
    sessions.touch_changed(row)


def _together(now: str, before: str | None, given: str) -> str:
    """The notes that stand after *given* was written over *before*, where *now* stands meanwhile.

    >>> _together("A second one.", "", "A first one.")
    'A second one.\\nA first one.'
    >>> _together("As seen.", "As seen.", " As it should be. ")
    'As it should be.'
    """
    if before is None or before.splitlines() == now.splitlines():
        return given.strip()
    known = {*before.splitlines(), *now.splitlines()}
    return "\n".join([*now.splitlines(), *(line for line in given.strip().splitlines() if line not in known)])


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


def mark(one: Consensus | None) -> str:
    """By what a form knows the answer that it was made beside; empty for none."""
    return one.decided_at.isoformat() if one else ""


def _is_kept(one: Consensus, case: SessionCase) -> bool:
    """Whether a precedent or a known answer was made of it."""
    precedent = select(Precedent.id).where(Precedent.consensus_id == one.id)
    known = select(Gold.id).where(Gold.case_id == case.case_id, Gold.basis == "consensus")
    known = known.where(Gold.state.not_in(("retired", "voided")))
    return db.session.scalar(precedent.limit(1)) is not None or db.session.scalar(known.limit(1)) is not None


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
