"""Learning: reading the lessons, sitting the quiz. The key of a question stays on the server until it is answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from qa import touches
from qa.core import audit, clock, formats
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound, Refused
from training import asking, giving, mastery, skill_keys
from training.generation import quiz_forms
from training.generation.quiz_forms import Answered
from training.leads import tell_leads
from training.models.learning import Answer, Assignment, Attempt, AttemptScore, BlockRead
from training.models.modules import Item, LessonBlock, Module, ModuleVersion, QuizForm
from training.queries import evidence, quiz

#: The forms of an assignment in their order: two retakes, each with other items.
PURPOSES = ("initial", "retake-1", "retake-2")
#: Of an assignment about what a policy's new version changed.
PURPOSES_OF_CHANGE = ("delta", "retake-1", "retake-2")
#: How long a sitting stays open. What comes later is not taken.
OPEN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer came to: whether it was right, and how the sitting stands."""

    right: bool
    closed: bool


def own(actor: Actor, assignment_id: str, *, lock: bool = False) -> Assignment:
    """The actor's own assignment that was given out; any other is not there."""
    query = select(Assignment).where(Assignment.public_id == assignment_id, Assignment.person_id == actor.id)
    query = query.where(Assignment.state.not_in(("proposed", "withdrawn")))
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("training")
    return row


def start(actor: Actor, assignment_id: str) -> None:
    """Open the lessons. Whoever sees a case with its decision here is never asked to judge that case."""
    row = own(actor, assignment_id, lock=True)
    if row.state != "assigned":
        return
    giving.move(actor, row, "begun", sources=("assigned",))
    touch_cases(row)


def touch_cases(row: Assignment) -> None:
    """Whom a training's cases are shown to is never asked to judge them."""
    shown: set[str] = set()
    for column in (LessonBlock, Item):
        refs = select(column.case_ref).where(column.module_version_id == row.module_version_id)
        shown |= {ref for ref in db.session.scalars(refs) if ref is not None}
    for case_id in evidence.case_ids(shown):
        touches.touch(case_id, row.person_id, "opened")
    db.session.flush()


def read(actor: Actor, assignment_id: str, lesson: str) -> None:
    """The actor has read a lesson: all its blocks."""
    row = own(actor, assignment_id)
    blocks = select(LessonBlock.id).where(
        LessonBlock.module_version_id == row.module_version_id, LessonBlock.lesson == lesson
    )
    wanted = set(db.session.scalars(blocks))
    if not wanted or row.state == "assigned":
        raise NotFound("lesson")
    known = set(db.session.scalars(select(BlockRead.block_id).where(BlockRead.assignment_id == row.id)))
    for block_id in sorted(wanted - known):
        db.session.add(BlockRead(assignment_id=row.id, block_id=block_id))
    db.session.flush()


def begin(actor: Actor, assignment_id: str) -> int:
    """Begin the next sitting, or go on with the open one; its number. Raises Refused when none is possible now."""
    row = own(actor, assignment_id, lock=True)
    if row.state != "begun":
        raise Refused("There is no quiz to sit in this training now.")
    last = db.session.scalar(
        select(Attempt).where(Attempt.assignment_id == row.id).order_by(Attempt.no.desc()).limit(1)
    )
    if last is not None and last.state == "open":
        if clock.now() <= last.due_at:
            return last.no
        _expire(actor, row, last)
        if row.state != "begun":
            raise Refused("That sitting had run out of time, and it was the last one.")
    if last is not None:
        start_at = quiz.retake_from(row.id)
        if start_at is not None and clock.now() < start_at:
            raise Refused(f"The next sitting is possible from {formats.moment(start_at, actor.time_zone)} on.")
    return _open(actor, row, (last.no if last else 0) + 1)


def _open(actor: Actor, row: Assignment, no: int) -> int:
    sat = _counted(row, no)
    purposes = _purposes(row.module_version_id)
    items = _items(row.module_version_id, purposes[sat]) if sat < len(purposes) else []
    if not items:
        raise Refused("There are no further questions for this training. Your lead will talk it over with you.")
    attempt = Attempt(
        assignment_id=row.id,
        no=no,
        purpose=purposes[sat],
        state="open",
        opened_at=clock.now(),
        due_at=clock.now() + OPEN_FOR,
        snapshot=[asking.asked(item) for item in items],
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
            db.session.flush()
    except IntegrityError:
        return no
    audit.note(actor, "opened", "attempt", attempt.public_id, no=no, questions=len(items))
    return no


def _purposes(version_id: int) -> tuple[str, ...]:
    about_change = select(QuizForm.id).where(QuizForm.module_version_id == version_id, QuizForm.purpose == "delta")
    return PURPOSES if db.session.scalar(about_change) is None else PURPOSES_OF_CHANGE


def _counted(row: Assignment, before: int) -> int:
    """How many sittings before number *before* count: one that a policy's new version overtook does not."""
    query = select(func.count(Attempt.id)).where(Attempt.assignment_id == row.id, Attempt.no < before)
    return db.session.scalar(query.where(Attempt.state != "void")) or 0


def _items(version_id: int, purpose: str) -> list[Item]:
    """The items of a form in its order; what was suspended since, or is not so any more, is left out."""
    refs = db.session.scalar(
        select(QuizForm.items).where(QuizForm.module_version_id == version_id, QuizForm.purpose == purpose)
    )
    known = {
        item.ref: item
        for item in db.session.scalars(select(Item).where(Item.module_version_id == version_id))
        if item.state not in ("suspended", "stale", "void")
    }
    return [known[ref] for ref in refs or () if ref in known]


def answer(actor: Actor, assignment_id: str, *, no: int, question: int, option: str, ms: int | None = None) -> Told:
    """Take one answer of sitting *no*, in order, once; the last one closes the sitting.

    The same answer again is told the same. Raises Refused for another answer, for a question out of turn, and for a
    sitting that is closed or out of time.
    """
    row = own(actor, assignment_id, lock=True)
    query = select(Attempt).where(Attempt.assignment_id == row.id, Attempt.no == no).with_for_update()
    attempt = db.session.scalar(query)
    if attempt is None or not 1 <= question <= len(attempt.snapshot):
        raise NotFound("question")
    given = {one.ordinal: one for one in db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))}
    known = asking.known_answer(given, question, option)
    if known is not None:
        return Told(known, attempt.state == "closed")
    if attempt.state != "open" or clock.now() > attempt.due_at:
        raise Refused("This sitting is closed. Your answer was not counted.")
    asking.check_turn(attempt.snapshot, question, len(given), option)
    asked = attempt.snapshot[question - 1]
    right = [option] == list(asked["key"])
    db.session.add(
        Answer(
            attempt_id=attempt.id, ordinal=question, item_ref=asked["item"], chosen=[option], right=right, ms=ms,
            answered_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    return Told(right, question == len(attempt.snapshot) and close(actor, row, attempt))


def close(actor: Actor, row: Assignment, attempt: Attempt) -> bool:
    """Close a sitting that is answered to the end, and score it; whether this call did it."""
    if not _ended(attempt, "closed"):
        return False
    answers = _answers(attempt)
    passed, because = quiz_forms.passed(answers)
    by_key: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in answers:
        counts = by_key[skill_keys.written(one.skill_key)]
        counts[0], counts[1] = counts[0] + one.right, counts[1] + 1
    right = sum(one.right for one in answers)
    db.session.add(
        AttemptScore(
            attempt_id=attempt.id, right=right, of=len(answers), by_key=dict(by_key), passed=passed, because=because
        )
    )
    audit.note(actor, "closed", "attempt", attempt.public_id, right=right, of=len(answers), passed=passed)
    if passed:
        _pass(actor, row, answers)
    elif not _has_next(row, attempt):
        _coach(actor, row)
    db.session.flush()
    return True


def _ended(attempt: Attempt, to: str) -> bool:
    """Move an open sitting to its end; False when somebody else did."""
    guarded = update(Attempt).where(Attempt.id == attempt.id, Attempt.state == "open")
    moved = db.session.execute(guarded.values(state=to, closed_at=clock.now()).returning(Attempt.id)).all()
    db.session.refresh(attempt)
    return bool(moved)


def _answers(attempt: Attempt) -> list[Answered]:
    given = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id).order_by(Answer.ordinal))
    asked = attempt.snapshot
    return [
        Answered(
            asked[one.ordinal - 1]["kind"],
            skill_keys.read(asked[one.ordinal - 1]["skill"]),
            one.right,
            bool(asked[one.ordinal - 1]["critical"]),
        )
        for one in given
    ]


def _pass(actor: Actor, row: Assignment, answers: list[Answered]) -> None:
    giving.move(actor, row, "passed", sources=("begun",))
    keys = {one.skill_key for one in answers}
    if _purposes(row.module_version_id) == PURPOSES_OF_CHANGE:
        focus = select(Module.focus).join(ModuleVersion, ModuleVersion.module_id == Module.id)
        taught = db.session.scalars(focus.where(ModuleVersion.id == row.module_version_id)).one()["sections"]
        keys -= mastery.show_again(actor, row.person_id, taught)
    mastery.gain(actor, row.person_id, keys, because="passed a quiz")
    giving.report(actor, row, "done")


def _has_next(row: Assignment, attempt: Attempt) -> bool:
    purposes, sat = _purposes(row.module_version_id), _counted(row, attempt.no + 1)
    return sat < len(purposes) and bool(_items(row.module_version_id, purposes[sat]))


def _expire(actor: Actor, row: Assignment, attempt: Attempt) -> None:
    """A sitting that ran out of time counts as one, unscored."""
    if _ended(attempt, "expired"):
        attempt.closed_at = attempt.due_at
        audit.note(actor, "expired", "attempt", attempt.public_id)
        if not _has_next(row, attempt):
            _coach(actor, row)
        db.session.flush()


def _coach(actor: Actor, row: Assignment) -> None:
    """No sitting is left: the lead talks it over."""
    giving.move(actor, row, "coaching", sources=("begun",))
    line = f"{actor.name} has used all sittings of a training: please talk it over."
    tell_leads(row.person_id, "training_coaching", row.public_id, line)
