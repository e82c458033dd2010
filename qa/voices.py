"""Who asked about a clause, in their own words: anybody may ask, and several people may ask what is one question.

Whoever asks learns nothing by it, not even whether others asked before: they are told of the answer like those.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound, Refused
from qa.core.registries import PersonHolder
from qa.models.grading import Task
from qa.models.policies import PolicyQuestion, QuestionVoice
from qa.models.truth import Finding

#: Beside what a question may be asked, and nothing.
ORIGINS = ("hand", "result", "reveal", "item")
#: Questions of one person that may wait at a time: what comes in must be read by somebody.
MOST_WAITING = 5
_WAITING = ("open", "with_owner")
_SHOWN = ("published", "acknowledged", "disputed")


def add(actor: Actor, question: PolicyQuestion, *, text: str, origin: tuple[str, str] = ("hand", "")) -> None:
    """Let *actor* have asked this question too; said again in the same words it changes nothing."""
    said = QuestionVoice.question_id == question.id, QuestionVoice.person_id == actor.id, QuestionVoice.text == text
    if db.session.scalar(select(QuestionVoice.id).where(*said).limit(1)) is None:
        kind, ref = origin
        row = QuestionVoice(
            question_id=question.id, person_id=actor.id, text=text, origin_kind=kind, origin_ref=ref
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()


def check(actor: Actor, origin: tuple[str, str]) -> None:
    """Raise NotFound for a result or reveal that is none of *actor*'s, Refused for one question too many."""
    kind, ref = origin
    own = {
        "result": select(Finding.id).where(
            Finding.public_id == ref, Finding.agent_id == actor.id, Finding.state.in_(_SHOWN)
        ),
        "reveal": select(Task.id).where(Task.public_id == ref, Task.person_id == actor.id, Task.state == "revealed"),
    }
    if kind in own and db.session.scalar(own[kind]) is None:
        raise NotFound(kind)
    waiting = select(func.count(QuestionVoice.id)).join(PolicyQuestion, PolicyQuestion.id == QuestionVoice.question_id)
    waiting = waiting.where(QuestionVoice.person_id == actor.id, PolicyQuestion.state.in_(_WAITING))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refused(f"{MOST_WAITING} of your questions wait for an answer. Ask again when one is answered.")


def people(question: PolicyQuestion) -> set[int]:
    """Whoever asked this question in words of their own."""
    query = select(QuestionVoice.person_id).where(QuestionVoice.question_id == question.id)
    return {person_id for person_id in db.session.scalars(query) if person_id is not None}


def holder() -> PersonHolder:
    """Who asked is known as long as figures know people, and no longer than until the answer after that."""
    return PersonHolder(
        "Questions about clauses", "The answer stays; who asked, and in which words, goes.", _count, _lose
    )


def _over(before: datetime) -> ColumnElement[bool]:
    ended = select(PolicyQuestion.id).where(PolicyQuestion.state.not_in(_WAITING))
    return QuestionVoice.question_id.in_(ended) & (QuestionVoice.created_at < before)


def _asked_over(before: datetime) -> ColumnElement[bool]:
    ended = PolicyQuestion.state.not_in(_WAITING) & PolicyQuestion.asked_by_id.is_not(None)
    return ended & (PolicyQuestion.created_at < before)


def _count(before: datetime) -> int:
    voices = db.session.scalar(select(func.count(QuestionVoice.id)).where(_over(before))) or 0
    return voices + (db.session.scalar(select(func.count(PolicyQuestion.id)).where(_asked_over(before))) or 0)


def _lose(before: datetime) -> int:
    gone = delete(QuestionVoice).where(_over(before))
    lost = update(PolicyQuestion).where(_asked_over(before)).values(asked_by_id=None)
    done = (db.session.execute(one.execution_options(synchronize_session=False)) for one in (gone, lost))
    return sum(int(one.rowcount) for one in done)
