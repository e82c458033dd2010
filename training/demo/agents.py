"""Agents answer: they read their results, contest one now and then, and do the training that they were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from qa import findings
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.hearings import disputes
from qa.hearings.disputes import Proposed
from qa.policies import section_keys
from training import learning, retention
from training.demo import waiting
from training.demo.sittings import Room
from training.demo.waiting import Result
from training.models.learning import Assignment, Attempt
from training.models.modules import LessonBlock
from training.models.retention import RetentionCheck
from training.world.people import GRADERS

#: Questions that somebody who has understood a module answers wrongly, and somebody who has not.
UNDERSTOOD, GUESSED = 1, 4


def answer_results(room: Room, moment: datetime, *, contest: bool = False, read: bool = True) -> str | None:
    """Acknowledge what was published; with *contest* dispute the first that can be. The disputing agent, if any."""
    contested: str | None = None
    with clock.fixed(moment):
        results = waiting.unread()
        disputed = next((one for one in results if contest and _can_contest(room, one)), None)
        if disputed is not None:
            write(lambda: _dispute(room, disputed))
            contested = room.rows[disputed.case]["agent_id"]
        if read:
            write(lambda: _read(room, [one for one in results if one is not disputed]))
    return contested


def _read(room: Room, results: Sequence[Result]) -> None:
    for one in results:
        findings.acknowledge(_agent(room, one), one.public_id)


def _agent(room: Room, result: Result) -> Actor:
    return room.cast[room.rows[result.case]["agent_id"]]


def _can_contest(room: Room, result: Result) -> bool:
    """By somebody whom no planted fact is about, when somebody who hears disputes had nothing to do with the case."""
    planted, row = room.world.planted, room.rows[result.case]
    heard = [room.cast[name] for name in GRADERS if "decide_dispute" in room.cast[name].skills]
    barred = waiting.barred([one.id or 0 for one in heard], [result.case_id])[result.case_id]
    spared = {planted.drop.agent_id, planted.bad_luck.agent_id}
    return row["locale"] == "en" and row["agent_id"] not in spared and len(barred) < len(heard)


def _dispute(room: Room, result: Result) -> str:
    row = room.rows[result.case]
    none = row["decided_policy"] == section_keys.NONE
    proposed = Proposed("no_violation" if none else "violates", None if none else row["decided_policy"], row["action"])
    text = "The reporter left out what came before. Please read the last lines again: I would decide the same."
    return disputes.open_dispute(_agent(room, result), result.public_id, kind="verdict", text=text, proposed=proposed)


def assignments(person: Actor, *states: str) -> list[str]:
    """A person's assignments in these states, the oldest first."""
    query = select(Assignment.public_id).where(Assignment.person_id == person.id, Assignment.state.in_(states))
    found = list(db.session.scalars(query.order_by(Assignment.id)))
    db.session.rollback()
    return found


def learn(person: Actor, assignment: str, moment: datetime, *, wrong: int) -> None:
    """Read the lessons, then sit the quiz with so many *wrong* answers."""
    with clock.fixed(moment):
        write(lambda: learning.start(person, assignment))
        write(lambda: [learning.read(person, assignment, lesson) for lesson in _lessons(assignment)])
    with clock.fixed(moment + timedelta(minutes=8)):
        no = write(lambda: learning.begin(person, assignment))
        options = _answers(assignment, no, wrong)
        db.session.rollback()
        write(lambda: _answer_all(person, assignment, no, options))


def sit_checks(person: Actor, moment: datetime) -> None:
    """Answer the check that is before a person, all of it right."""
    with clock.fixed(moment):
        query = select(RetentionCheck.public_id).where(RetentionCheck.person_id == person.id)
        check = db.session.scalar(query.where(RetentionCheck.state == "due"))
        db.session.rollback()
        if check is None:
            return
        write(lambda: retention.begin(person, check))
        asked = db.session.scalars(select(RetentionCheck.snapshot).where(RetentionCheck.public_id == check)).one()
        db.session.rollback()
        for number, one in enumerate(asked, 1):
            write(lambda n=number, key=one["key"][0]: retention.answer(person, check, question=n, option=key))


def _answer_all(person: Actor, assignment: str, no: int, options: Sequence[str]) -> None:
    for question, option in enumerate(options, start=1):
        learning.answer(person, assignment, no=no, question=question, option=option, ms=21_000)


def _lessons(assignment: str) -> list[str]:
    query = select(LessonBlock.lesson).join(Assignment, Assignment.module_version_id == LessonBlock.module_version_id)
    found = db.session.scalars(query.where(Assignment.public_id == assignment).order_by(LessonBlock.ordinal))
    return list(dict.fromkeys(found))


def _answers(assignment: str, no: int, wrong: int) -> list[str]:
    """An option for each question of a sitting; the first *wrong* ones are wrong."""
    query = select(Attempt.snapshot).join(Assignment, Assignment.id == Attempt.assignment_id)
    asked = db.session.scalars(query.where(Assignment.public_id == assignment, Attempt.no == no)).one()
    return [
        next(option["id"] for option in question["options"] if (option["id"] in question["key"]) == (place >= wrong))
        for place, question in enumerate(asked)
    ]
