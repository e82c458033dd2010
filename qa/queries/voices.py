"""What somebody asked about clauses, for themselves and for whoever answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from qa import masking
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person
from qa.models.policies import PolicyQuestion, QuestionVoice
from qa.policies import queries as policy_queries
from qa.policies import section_keys

#: Questions of one's own that a page lists.
SHOWN = 20
_WAITING = ("open", "with_owner")
#: Asked beside these, the words may tell how a case came out.
_TELLING = ("result", "reveal")
BESIDE = {
    "hand": "", "result": "beside an own result", "reveal": "after grading a case", "item": "beside a quiz question",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Own:
    """Something that the reader asked; *answer_url* once it is answered."""

    label: str
    place: str
    text: str
    asked_on: datetime
    answer_url: str | None


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who asked, for whoever answers. Without *text* it is not told."""

    text: str | None
    asker: str | None
    beside: str
    asked_on: datetime


def own(reader: Actor) -> list[Own]:
    """What *reader* asked, the newest first; of what waits nothing else is told."""
    query = (
        select(PolicyQuestion.section_key, PolicyQuestion.state, PolicyQuestion.public_id, QuestionVoice)
        .join(PolicyQuestion, PolicyQuestion.id == QuestionVoice.question_id)
        .where(QuestionVoice.person_id == reader.id)
        .order_by(QuestionVoice.id.desc())
        .limit(SHOWN)
    )
    rows = db.session.execute(query).all()
    labels = policy_queries.labels(sorted({row.section_key for row in rows}))
    return [
        Own(
            labels[key], section_keys.address(key), voice.text, voice.created_at,
            None if state in _WAITING else f"/questions/{public_id}",
        )
        for key, state, public_id, voice in rows
    ]  # fmt: skip


def of_questions(reader: Actor, public_ids: Collection[str]) -> dict[str, list[Voice]]:
    """Address of a question -> who asked it, the first first.

    Whoever may be given blind tasks reads neither words nor names where they may tell how a case came out.
    """
    query = (
        select(PolicyQuestion.public_id, QuestionVoice, Person.name)
        .join(PolicyQuestion, PolicyQuestion.id == QuestionVoice.question_id)
        .outerjoin(Person, Person.id == QuestionVoice.person_id)
        .where(PolicyQuestion.public_id.in_(public_ids), or_(QuestionVoice.text != "", QuestionVoice.person_id > 0))
        .order_by(QuestionVoice.id)
    )
    found: dict[str, list[Voice]] = {}
    for public_id, voice, name in db.session.execute(query):
        found.setdefault(public_id, []).append(_voice(reader, voice, name))
    return found


def _voice(reader: Actor, voice: QuestionVoice, name: str | None) -> Voice:
    beside = BESIDE[voice.origin_kind]
    if not reader.can_be_given_blind_tasks:
        return Voice(voice.text, name, beside, voice.created_at)
    if voice.origin_kind in _TELLING:
        return Voice(None, None, "", voice.created_at)
    return Voice(masking.nameless(voice.text), None, beside, voice.created_at)
