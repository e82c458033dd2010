"""Scores once a question is void: each sitting that asked it is scored anew without it, beside the score it had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from qa.core import audit
from qa.core.access import Actor
from qa.core.db import db
from training import giving, mastery, skill_keys
from training.generation import quiz_forms
from training.generation.quiz_forms import Answered
from training.models.learning import Answer, Assignment, Attempt, AttemptScore
from training.models.modules import Item


def without(actor: Actor, version_id: int, ref: str) -> int:
    """Score anew the closed sittings of a version that asked *ref*; how many.

    Whoever passes now has passed. Whoever had passed keeps that: it was not their mistake.
    """
    query = (
        select(Attempt, Assignment)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.module_version_id == version_id, Attempt.state == "closed")
        .order_by(Attempt.id)
        .with_for_update()
    )
    void = frozenset(db.session.scalars(
        select(Item.ref).where(Item.module_version_id == version_id, Item.state == "void")
    ))  # fmt: skip
    count = 0
    for attempt, row in db.session.execute(query).all():
        if any(one["item"] == ref for one in attempt.snapshot):
            _score(actor, attempt, row, void)
            count += 1
    return count


def _score(actor: Actor, attempt: Attempt, row: Assignment, void: frozenset[str]) -> None:
    answers = _answers(attempt, void)
    passed, because = quiz_forms.passed(answers)
    by_key: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in answers:
        counts = by_key[skill_keys.written(one.skill_key)]
        counts[0], counts[1] = counts[0] + one.right, counts[1] + 1
    last = db.session.scalar(select(func.max(AttemptScore.no)).where(AttemptScore.attempt_id == attempt.id)) or 0
    right = sum(one.right for one in answers)
    db.session.add(
        AttemptScore(
            attempt_id=attempt.id, no=last + 1, right=right, of=len(answers), by_key=dict(by_key), passed=passed,
            because=f"{because} A question was withdrawn.",
        )
    )  # fmt: skip
    db.session.flush()
    audit.note(actor, "scored_anew", "attempt", attempt.public_id, right=right, of=len(answers), passed=passed)
    if passed and row.state in ("begun", "coaching"):
        giving.move(actor, row, "passed", sources=("begun", "coaching"))
        mastery.gain(actor, row.person_id, {one.skill_key for one in answers}, because="passed, scored anew")
        giving.report(actor, row, "done")


def _answers(attempt: Attempt, void: frozenset[str]) -> Sequence[Answered]:
    given = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id).order_by(Answer.ordinal))
    asked = attempt.snapshot
    return [
        Answered(
            asked[one.ordinal - 1]["kind"], skill_keys.read(asked[one.ordinal - 1]["skill"]), one.right,
            bool(asked[one.ordinal - 1]["critical"]),
        )
        for one in given
        if asked[one.ordinal - 1]["item"] not in void
    ]  # fmt: skip
