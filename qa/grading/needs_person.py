"""What finds nobody who may be given it: it goes to the leads, who name somebody or settle it in sight."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from qa import case_addresses, settlement
from qa.core import audit, clock, leading, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.leave import days_off
from qa.core.models import Person, RoleGrant, Skill
from qa.grading import asking, blind, conflicts
from qa.hearings import challenges, disputes
from qa.hearings.disputes import Proposed
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Adjudication, CaseHarm, Task
from qa.models.policies import Workflow
from qa.models.truth import Challenge, Dispute, Settlement


def mark() -> int:
    """Mark the cases whose waiting task nobody may be given, unmark those that found somebody; how many are marked."""
    stuck = _stuck_cases() | set(db.session.scalars(_split_panels()))
    gone = update(Settlement).where(Settlement.needs_person, Settlement.case_id.not_in(stuck | _unasked_hearings()))
    db.session.execute(gone.values(needs_person=False).execution_options(synchronize_session=False))
    found = update(Settlement).where(Settlement.case_id.in_(stuck), ~Settlement.needs_person)
    db.session.execute(found.values(needs_person=True).execution_options(synchronize_session=False))
    return db.session.scalar(select(func.count()).select_from(Settlement).where(Settlement.needs_person)) or 0


def _stuck_cases() -> set[int]:
    due = and_(Task.state == "waiting", Task.release_at <= clock.now())
    query = (
        select(Task.case_id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .join(Workflow, Workflow.id == Task.workflow_id)
        .outerjoin(CaseText, CaseText.case_id == Task.case_id)
        .where(due, ~exists().where(may_be_given()).correlate(Task, ClosedCase, Workflow, CaseText))
    )
    return set(db.session.scalars(query))


def _split_panels() -> Select[tuple[int]]:
    """Cases on which all members of a panel ruled differently: nobody is left who is asked."""
    asked = exists().where(Adjudication.case_id == Settlement.case_id, Adjudication.state.not_in(asking.ENDED))
    ruled = exists().where(Adjudication.case_id == Settlement.case_id, Adjudication.state == "ruled")
    return select(Settlement.case_id).where(Settlement.state == "adjudication", ruled, ~asked)


def _unasked_hearings() -> set[int]:
    """Disputed and challenged cases whose look was passed on until nobody was left."""
    found: set[int] = set()
    for kind in (Dispute, Challenge):
        lost = select(Task.case_id).join(kind, kind.task_id == Task.id)
        found |= set(db.session.scalars(lost.where(kind.state == "blind_look", Task.state == "skipped")))
    return found


def may_be_given() -> ColumnElement[bool]:
    """Person and task: an active grader at work, without a conflict, who has the skills and the language, or for whom
    the task is kept."""
    other = aliased(Task)
    met = exists().where(other.case_id == Task.case_id, other.person_id == Person.id, other.id != Task.id)
    met = met.correlate(Task, Person)
    readable = [CaseText.language.is_(None), ~_any("language"), _skill(literal("language"), CaseText.language)]
    if preferences.get("grade_translations"):
        readable.append(CaseText.translation.is_not(None))
    strange = exists().where(CaseHarm.case_id == Task.case_id, ~_skill(literal("harm_class"), CaseHarm.harm_class))
    fits = and_(
        or_(Task.needs_skill.is_(None), _skill(Task.needs_skill, literal(""))),
        or_(~_any("workflow"), _skill(literal("workflow"), Workflow.key)),
        or_(*readable),
        or_(~_any("harm_class"), ~strange.correlate(Task, Person)),
    )
    return and_(
        is_grader(),
        days_off.at_work(),
        or_(Task.person_id.is_(None), Task.person_id == Person.id),
        ~conflicts.has_conflict(Person.id),
        ~met,
        or_(fits, and_(Task.reserved, Task.person_id == Person.id)),
    )


def is_grader() -> ColumnElement[bool]:
    """Whether a person may be given blind tasks at all."""
    role = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None))
    return and_(Person.active, Person.erased_at.is_(None), role)


def _skill(kind: object, value: object) -> ColumnElement[bool]:
    held = exists().where(Skill.person_id == Person.id, Skill.kind == kind, Skill.value == value, _holds())
    return held.correlate(Person, Task, Workflow, CaseText, CaseHarm)


def _any(kind: str) -> ColumnElement[bool]:
    return exists().where(Skill.person_id == Person.id, Skill.kind == kind, _holds()).correlate(Person)


def _holds() -> ColumnElement[bool]:
    return or_(Skill.to_on.is_(None), Skill.to_on > clock.now().date())


def name_somebody(actor: Actor, case_id: str, *, person_id: str) -> str:
    """A lead keeps the waiting look for one grader, whatever their skills and languages; the task's address."""
    case, row = _waiting(actor, case_id)
    named = select(Person.id).where(Person.public_id == person_id, is_grader(), leading.in_reach(actor))
    chosen = db.session.scalar(named)
    if chosen is None or chosen == case.agent_id:
        raise BadInput(Problem("choose a grader who was not in it", field="person", value=None))
    _ask_for_hearing(case.id)
    if db.session.scalar(_split_panels().where(Settlement.case_id == case.id)) is not None:
        asking.ask_for_adjudication(case.id, seats=1)
    row.needs_person = False
    return blind.hand_to(actor, case_id=case.id, person_id=chosen)


def _ask_for_hearing(case_id: int) -> None:
    """Put the look of a dispute or a challenge that everybody passed on into the queue once more."""
    passed_on = (Task.case_id == case_id, Task.state == "skipped")
    lost = select(Dispute.task_id).join(Task, Task.id == Dispute.task_id)
    task_id = db.session.scalar(lost.where(*passed_on, Dispute.state == "blind_look"))
    if task_id is not None:
        disputes.moved(task_id, asking.ask_for(case_id, "dispute", needs_skill="decide_dispute"))
    lost = select(Challenge.task_id).join(Task, Task.id == Challenge.task_id)
    task_id = db.session.scalar(lost.where(*passed_on, Challenge.state == "blind_look"))
    if task_id is not None:
        challenges.moved(task_id, challenges.ask_for_look(case_id))


def _waiting(actor: Actor, case_id: str) -> tuple[ClosedCase, Settlement]:
    """A case of the teams led that needs a person."""
    query = select(ClosedCase, Settlement).join(Settlement, Settlement.case_id == ClosedCase.id)
    found = db.session.execute(query.where(case_addresses.at(case_id))).first()
    if found is None or not actor.sees_team(found[0].agent_team_id):
        raise NotFound("case")
    if not found[1].needs_person:
        raise Refused("This case does not wait for you to name somebody.")
    return found[0], found[1]


def settle_in_sight(actor: Actor, case_id: str, answer: Proposed, *, reason: str) -> str:
    """A lead decides with the decision in sight, because nobody was left to look blind; the settlement's state then.

    It counts, and its share is printed: basis `not_blind`.
    """
    case, row = _waiting(actor, case_id)
    if row.state not in ("open", "difference", "adjudication") or case.agent_id == actor.id:
        raise Refused("This case does not wait for you to settle it.")
    if not reason.strip():
        raise BadInput(Problem("give the reason", field="reason"))
    vote = disputes.checked(case, answer)
    void = update(Task).where(Task.case_id == case.id, Task.state == "waiting").values(state="void")
    db.session.execute(void.execution_options(synchronize_session=False))
    ended = update(Adjudication).where(Adjudication.case_id == case.id, Adjudication.state.not_in(asking.ENDED))
    ended = ended.values(state="ruled", reason=reason.strip(), ruled_at=clock.now(), person_id=actor.id)
    db.session.execute(ended.execution_options(synchronize_session=False))
    audit.note(actor, "settled_in_sight", "case", case.public_id)
    return settlement.ruled(case.id, vote, basis="not_blind", by=actor)
