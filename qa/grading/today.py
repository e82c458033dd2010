"""Would today's text lead elsewhere? Asked after the reveal where a clause of the case has changed since its day.

A case is graded by the policy of its day; this is a second question, kept apart. It changes no grade and no truth, and
says of a policy's change how many cases it would have ended otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.registries import PersonHolder
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task
from qa.models.today import TodayAnswer
from qa.policies import queries as policy_queries
from qa.policies import section_changes, section_keys

ANSWERS = {"same": "The same", "other": "Another answer", "cannot_tell": "I cannot tell"}
#: Changes by which an answer can change.
TELLING = ("wording", "new", "material", "removed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A clause that has changed since the day of a case; *answer* in words, once it was given."""

    section_key: str
    label: str
    then: str
    now: str
    then_id: int
    now_id: int
    #: Where both texts stand beside each other.
    url: str
    answer: str | None


def asked(actor: Actor, task_id: str) -> Asked | None:
    """What is asked about an own look whose reveal is open; None where no clause of it has changed in substance."""
    task, grade, case = _own(actor, task_id)
    given = db.session.scalar(select(TodayAnswer.answer).where(TodayAnswer.task_id == task.id))
    found = _changed((grade.section_key, case.decided_key, case.play_key), case.closed_at)
    if found is None:
        return None
    key, label, then, now = found
    url = f"/policies/{section_keys.policy_of(key)}/{now.number}/changes?against={then.number}"
    return Asked(key, label, then.number, now.number, then.id, now.id, url, ANSWERS.get(given) if given else None)


def answer(actor: Actor, task_id: str, said: str) -> None:
    """Keep what *actor* would answer by today's text; once. Raises NotFound, BadInput, Refused."""
    task, _grade, _case = _own(actor, task_id)
    about = asked(actor, task_id)
    if about is None:
        raise NotFound("question")
    if about.answer is not None:
        raise Refused("You have answered this already.")
    if said not in ANSWERS:
        raise BadInput(Problem("choose one", field="answer", value=said))
    row = TodayAnswer(
        task_id=task.id, person_id=actor.id, section_key=about.section_key, then_id=about.then_id,
        now_id=about.now_id, answer=said,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "answered_by_today", "task", task.public_id)


def _own(actor: Actor, task_id: str) -> tuple[Task, Grade, ClosedCase]:
    """An own look whose reveal is open, its grade and its case."""
    query = (
        select(Task, Grade, ClosedCase)
        .join(Grade, Grade.task_id == Task.id)
        .join(ClosedCase, ClosedCase.id == Task.case_id)
        .where(Task.public_id == task_id, Task.person_id == actor.id, Task.state == "revealed")
        .where(Grade.committed_at.is_not(None))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("case")
    return row[0], row[1], row[2]


def _changed(
    keys: tuple[str, ...], closed_at: datetime
) -> tuple[str, str, policy_queries.VersionRow, policy_queries.VersionRow] | None:
    """The first of *keys* that has changed since the day of a case: key, label, the text then and the text now."""
    for key in dict.fromkeys(one for one in keys if one != section_keys.NONE):
        slug = section_keys.policy_of(key)
        then = policy_queries.version_in_force(slug, closed_at.date())
        now = policy_queries.version_in_force(slug, clock.now().date())
        if then is None or now is None or then.id == now.id:
            continue
        if section_changes.since(slug, then.number, now.number).get(key) in TELLING:
            return key, policy_queries.labels([key])[key], then, now
    return None


def holder() -> PersonHolder:
    """Whose answers these were."""
    return PersonHolder("Answers by today's text", "The person is taken out, the counts stay.", _count, _lose)


def _over(before: datetime) -> ColumnElement[bool]:
    return TodayAnswer.person_id.is_not(None) & (TodayAnswer.created_at < before)


def _count(before: datetime) -> int:
    return db.session.scalar(select(func.count(TodayAnswer.id)).where(_over(before))) or 0


def _lose(before: datetime) -> int:
    lost = update(TodayAnswer).where(_over(before)).values(person_id=None)
    return int(db.session.execute(lost.execution_options(synchronize_session=False)).rowcount)
