"""Graders at the grading page: each case is taken up and graded there, some are guessed on, some get a scorecard.

Most of the demonstration's looks are handed in as whole sittings; who sits before a page is asked more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.grading import blind, guesses, scorecards
from qa.grading.handing_in import HandedIn
from qa.grading.scorecards import Marked
from qa.models.grading import Grade, Task
from qa.models.guesses import Guess
from qa.models.scorecards import Score
from training.demo import waiting
from training.demo.waiting import Look
from training.world.chance import key_number

#: Of so many guesses one is not the grader's own answer, and of so many marks one is not met.
ELSE, FAULT = 3, 11
#: Why a criterion was not met.
CAUSES = ("step_missed", "evidence_missed")


def reserve(cast: Mapping[str, Actor], given: Mapping[str, Sequence[Look]]) -> None:
    """Keep each look for whoever is to have it: a page hands out by chance."""
    for name in sorted(given):
        for look in given[name]:
            blind.hand_to(SYSTEM, case_id=look.case_id, person_id=cast[name].id or 0)


def grade_all(actor: Actor, answers: Mapping[str, HandedIn], moment: datetime) -> None:
    """Take up and grade what is kept for somebody, case by case (case -> answer), and close the batch."""
    for number in range(len(answers)):
        with clock.fixed(moment + timedelta(minutes=2 * number)):
            task = blind.claim(actor)
            if task is None:
                break
            one = answers[waiting.case_of(task)]
            blind.grade(
                actor, task, verdict=one.verdict, section_key=one.section_key, action=one.action,
                confidence=one.confidence, note=one.note, seconds_shown=one.seconds_shown, claim_next=False,
            )  # fmt: skip
    with clock.fixed(moment + timedelta(minutes=2 * len(answers))):
        if waiting.has_batch(actor):
            blind.close_batch(actor)


def look_back(actor: Actor, seed: int, moment: datetime) -> None:
    """Guess where a guess is asked for, then fill in the scorecards of what has opened."""
    with clock.fixed(moment):
        write(lambda: _guess(actor, seed))
        write(lambda: _score(actor, seed))


def _guess(actor: Actor, seed: int) -> None:
    """What the grader thinks was decided: mostly the own answer, and else anything."""
    query = select(Task.public_id, Grade.verdict).join(Guess, Guess.task_id == Task.id)
    query = query.join(Grade, Grade.task_id == Task.id).where(Guess.person_id == actor.id, Guess.state == "asked")
    for task, own in db.session.execute(query.where(Guess.opens_at > clock.now()).order_by(Task.id)).all():
        case = waiting.case_of(task)
        dice = key_number(seed, "guess", case, str(actor.id)) % (2 * ELSE)
        other = "violates" if own == "no_violation" else "no_violation"
        guesses.give(actor, task, verdict=None if dice == 0 else other if dice == 1 else own)


def _score(actor: Actor, seed: int) -> None:
    """Mark what the agent's work shows: nearly all of it is met."""
    query = select(Task.public_id, Task.case_id, Score.scorecard_id).join(Score, Score.task_id == Task.id)
    drawn = (Score.person_id == actor.id, Score.state == "drawn", Task.state == "revealed")
    for task, case_id, card in db.session.execute(query.where(*drawn).order_by(Task.id)).all():
        chance = _chance(seed, waiting.case_of(task))
        marks = {one.key: _mark(chance(one.key), partly=one.partly) for one in scorecards.criteria_of(card, case_id)}
        scorecards.give(actor, task, marks)


def _chance(seed: int, case: str) -> Callable[[str], int]:
    return lambda key: key_number(seed, "score", case, key)


def _mark(number: int, *, partly: bool) -> Marked:
    if number % FAULT:
        return Marked("met")
    return Marked("partly" if partly else "missed", CAUSES[number // FAULT % len(CAUSES)])
