"""Retention: what was passed is asked again on day 3, 10, 30 and 90, three questions at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from qa import questions, touches
from qa.core import access, audit, clock, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import NotFound, Refused
from qa.core.leave import days_off
from qa.core.models import Person
from qa.policies import queries as policy_queries
from training import asking, mastery, skill_keys
from training.generation.material import SITUATION_KINDS
from training.generation.skills import SkillKey
from training.leads import tell, tell_leads
from training.learning import OPEN_FOR, Told
from training.models.learning import Mastery
from training.models.modules import SkillKey as SkillKeyRow
from training.models.retention import CheckAnswer, RetentionCheck
from training.queries import evidence, unseen

#: What is due and was not asked, or has no question left, waits so long.
LATER = timedelta(days=14)


def offer_due(actor: Actor) -> int:
    """Put checks before everybody to whom one is due; how many. Opens its own transactions, one for each person."""
    people = unseen.people_due(clock.now().date())
    db.session.rollback()
    return sum(write(lambda one=one: offer(actor, one)) is not None for one in people)


def offer(actor: Actor, person_id: int) -> str | None:
    """Put a check before a person for what is due; its address. None when there is one, or nothing to be asked."""
    today = clock.now().date()
    due = unseen.due_skills(person_id, today)
    if not due:
        return None
    if not unseen.questions(person_id, due):
        _put_off([one.mastery_id for one in due])
        return None
    days = int(preferences.get("training_due_days"))
    due_on = days_off.working_days_after(person_id, clock.now(), days).date()
    row = RetentionCheck(person_id=person_id, due_on=due_on, state="due", snapshot=[])
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return None
    audit.note(actor, "offered", "retention_check", row.public_id)
    line = "A short check on what you passed: three questions."
    tell(person_id, "retention_check", row.public_id, line, f"/checks/{row.public_id}")
    return row.public_id


def expire(actor: Actor) -> int:
    """Close the checks that were begun a day ago and not answered to the end; how many. What was answered counts."""
    query = select(RetentionCheck).where(
        RetentionCheck.state == "open", RetentionCheck.opened_at < clock.now() - OPEN_FOR
    )
    rows = list(db.session.scalars(query.with_for_update(skip_locked=True)))
    for row in rows:
        _close(actor, row, "expired")
    return len(rows)


def own(actor: Actor, public_id: str) -> RetentionCheck:
    """The actor's own check, locked; any other is not there."""
    query = select(RetentionCheck).where(RetentionCheck.public_id == public_id, RetentionCheck.person_id == actor.id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("check")
    return row


def begin(actor: Actor, public_id: str) -> None:
    """Begin a check: what is asked is chosen now, and its cases are never given to the actor to judge."""
    row = own(actor, public_id)
    if row.state == "open":
        return
    if row.state != "due":
        raise Refused("This check has ended.")
    due = unseen.due_skills(row.person_id, clock.now().date())
    items = unseen.questions(row.person_id, due)
    if not items:
        raise Refused("There are no new questions for this check now. You need not do anything.")
    _move(row, "open", "due", opened_at=clock.now(), snapshot=[asking.asked(item) for item in items])
    for case_id in evidence.case_ids({item.case_ref for item in items if item.case_ref is not None}):
        touches.touch(case_id, row.person_id, "opened")
    today, asked = clock.now().date(), {item.skill for item in items}
    _put_off([one.mastery_id for one in due if one.written not in asked and one.next_check_on <= today])
    audit.note(actor, "opened", "retention_check", row.public_id, questions=len(items))


def answer(actor: Actor, public_id: str, *, question: int, option: str, ms: int | None = None) -> Told:
    """Take one answer, in order, once; the last one closes the check. The same answer again is told the same."""
    row = own(actor, public_id)
    if not 1 <= question <= len(row.snapshot):
        raise NotFound("question")
    given = {one.ordinal: one for one in db.session.scalars(select(CheckAnswer).where(CheckAnswer.check_id == row.id))}
    known = asking.known_answer(given, question, option)
    if known is not None:
        return Told(known, row.state == "closed")
    if row.state != "open" or row.opened_at is None or clock.now() > row.opened_at + OPEN_FOR:
        raise Refused("This check is closed. Your answer was not counted.")
    asking.check_turn(row.snapshot, question, len(given), option)
    asked = row.snapshot[question - 1]
    right = [option] == list(asked["key"])
    db.session.add(
        CheckAnswer(
            check_id=row.id, ordinal=question, item_ref=asked["item"], chosen=[option], right=right, ms=ms,
            answered_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    is_last = question == len(row.snapshot)
    if is_last:
        _close(actor, row, "closed")
    return Told(right, is_last)


def _close(actor: Actor, row: RetentionCheck, state: str) -> None:
    """Move each skill that was answered: up when all its answers are right, else back."""
    given = list(db.session.scalars(select(CheckAnswer).where(CheckAnswer.check_id == row.id)))
    right = sum(one.right for one in given)
    _move(row, state, "open", closed_at=clock.now(), right=right, of=len(row.snapshot))
    audit.note(actor, state, "retention_check", row.public_id, right=right, of=len(row.snapshot))
    by_skill: dict[str, list[CheckAnswer]] = defaultdict(list)
    for one in given:
        by_skill[row.snapshot[one.ordinal - 1]["skill"]].append(one)
    for written, answers in sorted(by_skill.items()):
        held = _mastery(row.person_id, skill_keys.read(written))
        if held is None or held.state not in unseen.CHECKED:
            continue
        if all(one.right for one in answers):
            kinds = {row.snapshot[one.ordinal - 1]["kind"] for one in answers}
            mastery.hit(actor, held, on_case=bool(kinds & SITUATION_KINDS))
        elif mastery.miss(actor, held):
            _ask_people(actor, row, skill_keys.read(written))


def _ask_people(actor: Actor, row: RetentionCheck, key: SkillKey) -> None:
    """Missed twice: the lead talks it over, and the clause's owner is asked whether the clause is at fault."""
    person = db.session.get_one(Person, row.person_id)
    where = policy_queries.labels([key.a])[key.a]
    line = f"{person.name} has missed checks on “{where}” twice: please talk it over."
    tell_leads(row.person_id, "check_missed", row.public_id, line)
    questions.open_question(
        actor, section_key=key.a, origin_kind="training", origin_ref=row.public_id, evidence={"errors": mastery.LEECH}
    )


def read_again(actor: Actor, section: str) -> None:
    """The actor has read a section again that a missed check had opened."""
    keys = select(SkillKeyRow.id).where(SkillKeyRow.section_key_a == section)
    read = update(Mastery).where(Mastery.person_id == actor.id, Mastery.skill_key_id.in_(keys))
    read = read.where(Mastery.reopened_at.is_not(None))
    if not db.session.execute(read.values(reopened_at=None).returning(Mastery.id)).all():
        raise NotFound("section")
    audit.note(actor, "read_again", "section", section)


def talked_over(actor: Actor, *, person_id: str, section: str) -> None:
    """The lead has talked over what a person missed twice: the checks begin anew. NotFound for whom *actor* does not
    lead, and where nothing waits."""
    person = db.session.scalar(select(Person.id).where(Person.public_id == person_id, Person.active))
    learner = access.actor(person) if person is not None else None
    if learner is None or learner.id == actor.id or not actor.sees_team(learner.team_id):
        raise NotFound("person")
    query = select(Mastery).join(SkillKeyRow, SkillKeyRow.id == Mastery.skill_key_id)
    query = query.where(Mastery.person_id == learner.id, SkillKeyRow.section_key_a == section)
    query = query.where(Mastery.state == "needs_recheck", Mastery.misses >= mastery.LEECH)
    rows = list(db.session.scalars(query.with_for_update(of=Mastery)))
    if not rows:
        raise NotFound("section")
    for row in rows:
        mastery.start_over(actor, row)


def _mastery(person_id: int, key: SkillKey) -> Mastery | None:
    query = select(Mastery).where(Mastery.person_id == person_id, Mastery.skill_key_id == skill_keys.stored(key))
    return db.session.scalar(query.with_for_update())


def _put_off(mastery_ids: list[int]) -> None:
    later = (clock.now() + LATER).date()
    db.session.execute(update(Mastery).where(Mastery.id.in_(mastery_ids)).values(next_check_on=later))


def _move(row: RetentionCheck, to: str, source: str, **values: object) -> None:
    """Move a check from *source* to *to*. Raises Refused when it stands elsewhere."""
    guarded = update(RetentionCheck).where(RetentionCheck.id == row.id, RetentionCheck.state == source)
    moved = db.session.execute(guarded.values(state=to, **values).returning(RetentionCheck.id)).all()
    if not moved:
        raise Refused("This check has moved on; that is not possible any more.")
    db.session.refresh(row)
