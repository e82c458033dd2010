"""Where all answers differ: somebody who was not in it grades blind, then rules on the nameless, shuffled answers.

Where a panel is asked, two of its members who rule the same decide; each rules without knowing of the others.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select, update

from qa import settlement, touches
from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.grading import asking
from qa.models.cases import ClosedCase
from qa.models.grading import Adjudication, Grade, Task
from qa.policies import section_keys
from qa.standing import Vote, matches


def looked(task_id: int) -> None:
    """The adjudicator's blind grade is committed: from now on the answers may be shown, in an order fixed here."""
    row = db.session.scalar(select(Adjudication).where(Adjudication.task_id == task_id))
    if row is None or row.state not in ("waiting", "blind"):
        return
    row.person_id = db.session.scalar(select(Task.person_id).where(Task.id == task_id))
    row.shown = _shuffled(row.case_id)
    row.state = "committed"
    db.session.flush()


def moved(task_id: int, to_task_id: int) -> None:
    """The look was passed on: the ruling waits for the next one."""
    db.session.execute(update(Adjudication).where(Adjudication.task_id == task_id).values(task_id=to_task_id))


def _shuffled(case_id: int) -> list[dict[str, Any]]:
    """The different answers to a case in random order, each with whose it is (never shown).

    An answer is said only as far as a look settles it, and if one names a policy alone, then none is said more exactly
    as long as they differ even so: what only the decision has, or has not, would tell which one it is.
    """
    case, levels = db.session.get_one(ClosedCase, case_id), settlement.levels_of(case_id)
    votes = [("decision", settlement.decision_of(case))]
    votes += [(f"grade {look.grade_id}", look.vote) for look in settlement.committed_looks(case_id)]
    whose: dict[tuple[str, str, str | None], list[str]] = {}
    for name, vote in votes:
        if vote.verdict != "cannot_tell":
            action = vote.action if "action" in levels else None
            whose.setdefault((vote.verdict, vote.section_key, action), []).append(name)
    said = _said_alike(list(whose))
    answers = [
        {"verdict": verdict, "section_key": key, "action": action, "said_key": said[verdict, key, action],
         "whose": names}
        for (verdict, key, action), names in whose.items()
    ]  # fmt: skip
    secrets.SystemRandom().shuffle(answers)
    return answers


def _said_alike(answers: list[tuple[str, str, str | None]]) -> dict[tuple[str, str, str | None], str]:
    """Answer -> the section that it is said to name."""
    exact = {answer: answer[1] for answer in answers}
    if not any(section_keys.is_coarse(key) for _, key, _ in answers):
        return exact
    coarse = {(verdict, key, action): section_keys.policy_of(key) for verdict, key, action in answers}
    told = {(verdict, coarse[verdict, key, action], action) for verdict, key, action in answers}
    return coarse if len(told) == len(answers) else exact


def own(actor: Actor, ruling_id: str) -> Adjudication:
    """The adjudication of *actor*'s committed look; every other is not there."""
    row = db.session.scalar(select(Adjudication).where(Adjudication.public_id == ruling_id))
    if row is None or row.person_id != actor.id or row.state not in ("committed", "ruled"):
        raise NotFound("ruling")
    return row


def own_answer(task_id: int) -> Vote:
    """The committed answer to a task."""
    query = select(Grade).where(Grade.task_id == task_id, Grade.committed_at.is_not(None))
    grade = db.session.scalars(query).one()
    return Vote(grade.verdict, grade.section_key, grade.action)


def decide(actor: Actor, ruling_id: str, *, ruling: str, reason: str) -> str:
    """Rule: "own", "shown:N" (from 0) or "both_defensible"; the settlement's state then. Of a panel, two who rule the
    same settle it; where all three differ, a lead is asked to name one more person, or to settle it.

    Raises NotFound for a ruling that is not theirs, Refused when it was ruled already, BadInput for another word.
    """
    row = own(actor, ruling_id)
    if row.state == "ruled":
        raise Refused("This case was ruled on already.")
    answer, basis = _meant(row, ruling)
    done = update(Adjudication).where(Adjudication.id == row.id, Adjudication.state == "committed")
    values = {"state": "ruled", "ruling": ruling, "reason": reason.strip(), "ruled_at": clock.now()}
    if not db.session.execute(done.values(**values)).rowcount:
        raise Refused("This case was ruled on already.")
    touches.touch(row.case_id, row.person_id or 0, "adjudicated")
    audit.note(actor, "ruled", "adjudication", row.public_id, ruling=ruling)
    db.session.refresh(row)
    if row.seats > 1 and not _is_seconded(row, answer, basis):
        return _not_yet(row)
    asking.drop(row.case_id)
    if answer.verdict == "cannot_tell":
        return settlement.give_up(row.case_id, "ungradable", "the adjudicator could not tell")
    return settlement.ruled(row.case_id, answer, basis=basis, by=actor)


def _is_seconded(row: Adjudication, answer: Vote, basis: str) -> bool:
    """Whether another member of the panel ruled the same."""
    others = select(Adjudication).where(Adjudication.case_id == row.case_id, Adjudication.round == row.round)
    others = others.where(Adjudication.id != row.id, Adjudication.state == "ruled")
    levels = settlement.levels_of(row.case_id)
    ruled = (_meant(other, other.ruling or "") for other in db.session.scalars(others))
    return any(basis == theirs and matches(answer, other, levels) for other, theirs in ruled)


def _not_yet(row: Adjudication) -> str:
    """Wait for the others of the panel, or ask a lead once all of them have ruled."""
    left = select(Adjudication.id).where(Adjudication.case_id == row.case_id, Adjudication.round == row.round)
    everybody_ruled = db.session.scalar(left.where(Adjudication.state.not_in(asking.ENDED)).limit(1)) is None
    return settlement.left_open(row.case_id, needs_person=everybody_ruled)


def _meant(row: Adjudication, ruling: str) -> tuple[Vote, str]:
    """The answer that a ruling lets stand, and on what basis."""
    if ruling == "both_defensible":
        return settlement.decision_of(db.session.get_one(ClosedCase, row.case_id)), "both_defensible"
    if ruling == "own":
        return own_answer(row.task_id), "adjudicated"
    shown = {f"shown:{at}": one for at, one in enumerate(row.shown or [])}
    if ruling not in shown:
        raise BadInput(Problem("choose one of the answers", field="ruling", value=ruling or None))
    one = shown[ruling]
    return Vote(one["verdict"], one["section_key"], one["action"]), "adjudicated"
