"""Retention checks as their person sees them, and what a lead is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person
from qa.policies import queries as policy_queries
from training.mastery import LEECH
from training.models.learning import Assignment, Mastery
from training.models.modules import LessonBlock, SkillKey
from training.models.retention import CheckAnswer, RetentionCheck
from training.queries import assignments, citations
from training.queries.asked import Feedback, Question, next_question, told
from training.queries.citations import Chip
from training.queries.unseen import SIZE

WORDS = {"due": "To do", "open": "Begun", "closed": "Done", "expired": "Ran out of time"}
STATES = {
    "provisional": "Passed",
    "needs_recheck": "Missed a check",
    "retained": "Passed all checks",
    "retired": "No longer in the policy",
}
#: A check of which nobody can choose the number of questions is one sitting.
NO = 1


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check in a list."""

    public_id: str
    state: str
    due_on: date
    closed_at: datetime | None
    right: int | None
    of: int | None

    @property
    def word(self) -> str:
        """The state as a page says it."""
        return WORDS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether there is still something to answer."""
        return self.state in ("due", "open")


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A section that a missed check has opened again."""

    section: str
    label: str
    url: str
    #: The person's training that teaches it, if it is still there.
    training: str | None
    is_with_lead: bool


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One section with what was learnt about it, and when it is asked again."""

    label: str
    word: str
    next_check_on: date | None


@dataclass(frozen=True, slots=True)
class OwnChecks:
    """The page of one's own checks."""

    checks: tuple[CheckLine, ...]
    again: tuple[ReadAgain, ...]
    skills: tuple[SkillLine, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One check: before it, in it, or after it."""

    line: CheckLine
    size: int
    question: Question | None
    #: Once it has ended, of each question: whether it was answered right, or not at all, and its clause.
    results: tuple[tuple[bool | None, tuple[Chip, ...]], ...]
    again: tuple[ReadAgain, ...]


@dataclass(frozen=True, slots=True)
class MissedTwice:
    """What somebody whom one leads has missed twice."""

    person_id: str
    person: str
    section: str
    label: str


def own(actor: Actor) -> OwnChecks:
    """The actor's checks, the sections to read again, and what is known of every section that was passed."""
    return OwnChecks(tuple(_lines(actor)), tuple(to_read_again(actor)), tuple(_skills(actor)))


def waiting(actor: Actor) -> CheckLine | None:
    """The check that is before the actor."""
    return next((line for line in _lines(actor) if line.is_open), None)


def _lines(actor: Actor) -> list[CheckLine]:
    rows = db.session.scalars(
        select(RetentionCheck).where(RetentionCheck.person_id == actor.id).order_by(RetentionCheck.id.desc())
    )
    return [CheckLine(row.public_id, row.state, row.due_on, row.closed_at, row.right, row.of) for row in rows]


def to_read_again(actor: Actor) -> list[ReadAgain]:
    """The sections that missed checks have opened, each once."""
    query = (
        select(SkillKey.section_key_a, Mastery.misses)
        .join(SkillKey, SkillKey.id == Mastery.skill_key_id)
        .where(Mastery.person_id == actor.id, Mastery.reopened_at.is_not(None))
        .order_by(Mastery.reopened_at, Mastery.id)
    )
    misses: dict[str, int] = {}
    for section, count in db.session.execute(query):
        misses[section] = max(count, misses.get(section, 0))
    names = policy_queries.labels(list(misses))
    taught = _trainings(actor, list(misses))
    return [ReadAgain(key, names[key], _clause(key), taught.get(key), count >= LEECH) for key, count in misses.items()]


def _clause(section: str) -> str:
    slug, _, key = section.partition("/")
    return f"/policies/{slug}#s-{key}" if key else f"/policies/{slug}"


def _trainings(actor: Actor, sections: list[str]) -> dict[str, str]:
    """Section -> the newest of the actor's trainings whose lessons quote it."""
    cited = LessonBlock.citation["section"].as_string()
    query = (
        select(cited, Assignment.public_id)
        .join(Assignment, Assignment.module_version_id == LessonBlock.module_version_id)
        .where(Assignment.person_id == actor.id, Assignment.state.not_in(("proposed", "withdrawn")))
        .where(or_(*(cited == key for key in sections)) if sections else cited.is_(None))
        .order_by(Assignment.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _skills(actor: Actor) -> list[SkillLine]:
    """One line a section: the least that is known of it, and the next check."""
    query = (
        select(SkillKey.section_key_a, Mastery.state, Mastery.next_check_on)
        .join(SkillKey, SkillKey.id == Mastery.skill_key_id)
        .where(Mastery.person_id == actor.id, Mastery.state.in_(tuple(STATES)))
    )
    order = ("needs_recheck", "provisional", "retained", "retired")
    found: dict[str, tuple[str, date | None]] = {}
    for section, state, on in db.session.execute(query):
        before, first = found.get(section, (state, on))
        days = [day for day in (first, on) if day is not None]
        found[section] = (min(before, state, key=order.index), min(days, default=None))
    names = policy_queries.labels(sorted(found))
    return [SkillLine(names[key], STATES[state], on) for key, (state, on) in sorted(found.items())]


def shown(actor: Actor, public_id: str) -> CheckPage:
    """An own check. Raises NotFound for every other."""
    row, given = _row(actor, public_id)
    line = CheckLine(row.public_id, row.state, row.due_on, row.closed_at, row.right, row.of)
    question = next_question(row.snapshot, NO, len(given)) if row.state == "open" else None
    ended = row.snapshot if not line.is_open else []
    results = tuple(
        (given[no].right if no in given else None, tuple(citations.chips([asked["citation"]])))
        for no, asked in enumerate(ended, 1)
    )
    return CheckPage(line, len(row.snapshot) or SIZE, question, results, tuple(to_read_again(actor)))


def feedback(actor: Actor, public_id: str, number: int) -> Feedback:
    """An answered question of an own check, with its key. Before the answer it is not there."""
    row, given = _row(actor, public_id)
    if number not in given:
        raise NotFound("answer")
    return told(row.snapshot, NO, number, given[number].chosen)


def _row(actor: Actor, public_id: str) -> tuple[RetentionCheck, dict[int, CheckAnswer]]:
    query = select(RetentionCheck).where(RetentionCheck.public_id == public_id, RetentionCheck.person_id == actor.id)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("check")
    answers = db.session.scalars(select(CheckAnswer).where(CheckAnswer.check_id == row.id))
    return row, {one.ordinal: one for one in answers}


def missed_twice(actor: Actor) -> list[MissedTwice]:
    """What those whom a manager leads have missed twice and nobody has talked over, by name."""
    query = (
        select(Person.public_id, Person.name, SkillKey.section_key_a)
        .join(Mastery, Mastery.person_id == Person.id)
        .join(SkillKey, SkillKey.id == Mastery.skill_key_id)
        .where(Mastery.state == "needs_recheck", Mastery.misses >= LEECH)
        .where(Person.id.in_([row.id for row in assignments.led(actor)]))
        .distinct()
        .order_by(Person.name, SkillKey.section_key_a)
    )
    rows = db.session.execute(query).all()
    names = policy_queries.labels(sorted({row[2] for row in rows}))
    return [MissedTwice(row[0], row[1], row[2], names[row[2]]) for row in rows]


def is_checked(actor: Actor) -> bool:
    """Whether a check is still before the actor, now or some day."""
    ahead = select(Mastery.id).where(Mastery.person_id == actor.id, Mastery.next_check_on.is_not(None))
    return db.session.scalar(ahead.limit(1)) is not None or waiting(actor) is not None
