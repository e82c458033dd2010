"""A grader who was adjudicated against asks for the ruling to be heard again, once a case, by somebody new to it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from qa import settlement, touches, truths
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.grading import asking
from qa.hearings import adjudication
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.truth import Challenge, Finding, Truth
from qa.standing import Vote, matches

#: What an adjudicator lets stand.
RULINGS = ("adjudicated", "both_defensible")
#: Days after a ruling in which it can be challenged.
WITHIN = timedelta(days=14)
#: The reveal of the further look waits for its ruling; longer than any of them takes.
_HELD = timedelta(days=365)


def open_challenge(actor: Actor, task_id: str, *, text: str) -> str:
    """Challenge the ruling on a case that *actor* graded otherwise; the challenge's address.

    Raises NotFound for a look that is not theirs or not ruled on, Refused when it cannot be challenged (any more).
    """
    query = select(Task.case_id, Grade).join(Grade, Grade.task_id == Task.id).join(TaskPurpose)
    own = query.where(
        Task.public_id == task_id, Task.person_id == actor.id, Grade.committed_at.is_not(None),
        Task.state == "revealed", TaskPurpose.purpose.in_(settlement.VOTING),
    )  # fmt: skip
    row = db.session.execute(own).first()
    truth = truths.current(row.case_id) if row else None
    if row is None or truth is None or not is_ruled_otherwise(truth, row.Grade, settlement.levels_of(row.case_id)):
        raise NotFound("difference")
    why_not = refusal(truth)
    if why_not is not None:
        raise Refused(why_not)
    if not text.strip():
        raise BadInput(Problem("say why", field="text"))
    challenge = Challenge(case_id=row.case_id, truth_id=truth.id, by_id=actor.id, text=text.strip(), state="blind_look")
    challenge.task_id = ask_for_look(row.case_id)
    db.session.add(challenge)
    db.session.flush()
    audit.note(actor, "challenged", "challenge", challenge.public_id)
    return challenge.public_id


def ask_for_look(case_id: int) -> int:
    """Ask somebody who was not in it for the look that a challenge is heard by; the task's inside number."""
    return asking.ask_for(case_id, "adjudication", needs_skill="adjudicate", origin="challenge")


def is_ruled_otherwise(truth: Truth, grade: Grade, levels: list[str]) -> bool:
    """Whether an adjudicator let another answer stand than this grade."""
    answer = Vote(truth.verdict, truth.section_key, truth.action)
    given = Vote(grade.verdict, grade.section_key, grade.action)
    return truth.basis in RULINGS and grade.verdict != "cannot_tell" and not matches(given, answer, levels)


def refusal(truth: Truth) -> str | None:
    """Why a ruling cannot be challenged now; None when it can."""
    if db.session.scalar(select(Challenge.id).where(Challenge.case_id == truth.case_id)) is not None:
        return "This ruling was challenged already; that is possible once."
    if truth.settled_at < clock.now() - WITHIN:
        return "The time to challenge this ruling is over."
    disputed = select(Finding.id).where(Finding.case_id == truth.case_id, Finding.state == "disputed")
    if db.session.scalar(disputed) is not None:
        return "The result is looked at again already."
    return None


def looked(task_id: int) -> None:
    """The further blind look is committed: the argument may be read now; the decision stays hidden until the end."""
    row = db.session.scalar(select(Challenge).where(Challenge.task_id == task_id, Challenge.state == "blind_look"))
    if row is None:
        return
    task = db.session.get_one(Task, task_id)
    row.state, row.decider_id = "argument_read", task.person_id
    hidden = update(Task).where(Task.id == task_id)
    db.session.execute(hidden.values(state="committed", reveal_after=clock.now() + _HELD))
    db.session.flush()


def moved(task_id: int, to_task_id: int) -> None:
    """The look was passed on: the challenge waits for the next one."""
    db.session.execute(update(Challenge).where(Challenge.task_id == task_id).values(task_id=to_task_id))


def own(actor: Actor, challenge_id: str) -> Challenge:
    """The challenge of *actor*'s committed look; every other is not there."""
    row = db.session.scalar(select(Challenge).where(Challenge.public_id == challenge_id))
    if row is None or row.decider_id != actor.id or row.state not in ("argument_read", "upheld", "reopened"):
        raise NotFound("challenge")
    return row


def decide(actor: Actor, challenge_id: str, *, choice: str, reason: str) -> str:
    """End a challenge: "standing" (the ruling stays), "challenger", "own" or "both_defensible"; its state then.

    Raises NotFound for a challenge that is not theirs, Refused when it was decided already, BadInput for another word.
    """
    row = own(actor, challenge_id)
    if row.state != "argument_read":
        raise Refused("This challenge was decided already.")
    truth = truths.current(row.case_id)
    if truth is None:
        raise NotFound("challenge")
    answer, basis = _meant(row, truth, choice)
    same = matches(Vote(truth.verdict, truth.section_key, truth.action), answer, settlement.levels_of(row.case_id))
    row.state = "upheld" if choice == "standing" or (same and basis == truth.basis) else "reopened"
    row.reason, row.decided_at = reason.strip(), clock.now()
    touches.touch(row.case_id, actor.id or 0, "adjudicated")
    if row.task_id is not None:
        shown = update(Task).where(Task.id == row.task_id, Task.state == "committed")
        db.session.execute(shown.values(state="revealed", reveal_after=clock.now()))
    audit.note(actor, "heard", "challenge", row.public_id, state=row.state)
    if row.state == "reopened":
        settlement.ruled(row.case_id, answer, basis=basis, by=actor)
    db.session.flush()
    return row.state


def lapse(case_id: int) -> None:
    """The agent contests the result: the dispute takes the place of a challenge that waits."""
    waiting = update(Challenge).where(Challenge.case_id == case_id, Challenge.state == "blind_look")
    task_id = db.session.scalar(waiting.values(state="lapsed", decided_at=clock.now()).returning(Challenge.task_id))
    if task_id is not None:
        void = update(Task).where(Task.id == task_id, Task.state == "waiting").values(state="void")
        db.session.execute(void.execution_options(synchronize_session=False))


def challengers_answer(row: Challenge) -> Vote:
    """What whoever challenges answered."""
    query = select(Grade).join(Task, Task.id == Grade.task_id).where(Task.case_id == row.case_id)
    grade = db.session.scalars(query.where(Grade.person_id == row.by_id, Grade.committed_at.is_not(None))).first()
    if grade is None:
        raise NotFound("challenge")
    return Vote(grade.verdict, grade.section_key, grade.action)


def _meant(row: Challenge, truth: Truth, choice: str) -> tuple[Vote, str]:
    """The answer that a choice lets stand, and on what basis."""
    if choice == "standing":
        return Vote(truth.verdict, truth.section_key, truth.action), truth.basis
    if choice == "both_defensible":
        return settlement.decision_of(db.session.get_one(ClosedCase, row.case_id)), "both_defensible"
    answer = None
    if choice == "challenger":
        answer = challengers_answer(row)
    elif choice == "own" and row.task_id is not None:
        answer = adjudication.own_answer(row.task_id)
    if answer is None or answer.verdict == "cannot_tell":
        raise BadInput(Problem("choose one of the answers", field="choice", value=choice or None))
    return answer, "adjudicated"
