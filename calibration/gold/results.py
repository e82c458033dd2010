"""What known-answer cases say of graders: counted from their committed looks each time, those of voided ones never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from calibration.gold import gold
from calibration.gold import queue as gold_queue
from calibration.models.gold import Gold
from calibration.paged import PAGE, Paged
from calibration.queries.sessions import beginning
from calibration.sessions import gone
from calibration.stats.intervals import wilson
from qa import masking
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person, RoleGrant
from qa.models.cases import CaseText, ClosedCase
from qa.models.grading import Grade, Task, TaskPurpose
from qa.models.policies import Action, PolicyVersion
from qa.policies import queries as policy_queries
from qa.policies import section_keys
from qa.queries import reveals
from qa.standing import Vote, matches

#: What an answer has to match: a known answer is about the clause.
LEVELS = ("verdict", "policy")
#: A case that so many had, and so large a share got wrong, is looked at for its own answer.
DOUBTED_FROM, DOUBTED_SHARE = 4, 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """A committed look at a known-answer case."""

    gold_id: int
    person_id: int
    right: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many looks gave the known answer, with Wilson's interval."""

    right: int
    total: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A known-answer case with its answer in words, and what came of it."""

    public_id: str
    code: str
    start: str
    state: str
    basis: str
    answer: str
    clause: str
    version: str
    reason: str
    challenge: str
    added_at: datetime
    looks: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Stock:
    """How many there are, and until when they last."""

    live: int
    graders: int
    lasts_until: date | None


def _is_doubted(looks: int, wrong: int) -> bool:
    """Whether so many gave another answer that the known one should be looked at."""
    return looks >= DOUBTED_FROM and wrong >= DOUBTED_SHARE * looks


def _code(gold_id: int) -> str:
    """What people call it."""
    return f"K-{gold_id}"


def looks(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Look]:
    """Every committed look at a known-answer case that counts."""
    query = (
        select(Gold, Grade.person_id, Grade.verdict, Grade.section_key)
        .join(Task, Task.case_id == Gold.case_id)  # few, by an index; purposes have none
        .join(TaskPurpose, and_(TaskPurpose.task_id == Task.id, TaskPurpose.origin == Gold.public_id))
        .join(Grade, Grade.task_id == Task.id)
        .where(TaskPurpose.purpose == "gold", Grade.committed_at.is_not(None), Gold.state.in_(gold.COUNTED))
        .order_by(Grade.id)
    )
    if since is not None:
        query = query.where(Grade.committed_at >= since)
    if until is not None:
        query = query.where(Grade.committed_at < until)
    for row, person_id, verdict, section_key in db.session.execute(query):
        same = matches(Vote(row.verdict, row.section_key), Vote(verdict, section_key), LEVELS)
        yield Look(row.id, person_id, same)


def share_of(found: Sequence[Look]) -> Share:
    """The share of right looks with its 95% interval; nan limits without a look."""
    right = sum(one.right for one in found)
    low, high = wilson(right, len(found))
    return Share(right, len(found), low, high)


def by_grader() -> dict[int, Share]:
    """Grader -> the share of own looks at known-answer cases that were right."""
    found: dict[int, list[Look]] = {}
    for one in looks():
        found.setdefault(one.person_id, []).append(one)
    return {person: share_of(mine) for person, mine in found.items()}


def own(actor: Actor) -> Share | None:
    """What *actor* may know of the own looks: the last finished quarter's share, never which cases these were."""
    first, _ = gold_queue.quarter(clock.now().date())
    before, _ = gold_queue.quarter(first - timedelta(days=1))
    found = [one for one in looks(since=_at(before), until=_at(first)) if one.person_id == actor.id]
    return share_of(found) if found else None


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def listed(reader: Actor, first: int = 0) -> tuple[list[Line], Paged, list[str]]:
    """A page of the known-answer cases, those that want a ruling first, and the codes of all in use whose answer should
    be looked at. NotFound for whoever may be given one."""
    keep_out(reader)
    found: dict[int, list[Look]] = {}
    for one in looks():
        found.setdefault(one.gold_id, []).append(one)
    order = {"challenged": 0, "stale": 1, "live": 2, "retired": 3, "voided": 4}
    known = [(row.id, row.state) for row in db.session.execute(select(Gold.id, Gold.state).order_by(Gold.id.desc()))]
    doubted = {gold_id for gold_id, mine in found.items() if _is_doubted(len(mine), sum(not one.right for one in mine))}
    known.sort(key=lambda one: (order[one[1]], one[0] not in doubted))
    shown = [gold_id for gold_id, _ in known[first : first + PAGE]]
    lines = _lines(shown, found)
    codes = [_code(gold_id) for gold_id, state in known if state == "live" and gold_id in doubted]
    return lines, Paged(len(known), first), codes


def _lines(shown: Sequence[int], found: dict[int, list[Look]]) -> list[Line]:
    query = (
        select(Gold, CaseText.text, ClosedCase.workflow, PolicyVersion.number)
        .join(ClosedCase, ClosedCase.id == Gold.case_id)
        .outerjoin(CaseText, CaseText.case_id == Gold.case_id)
        .outerjoin(PolicyVersion, PolicyVersion.id == Gold.version_id)
        .where(Gold.id.in_(shown))
    )
    rows = db.session.execute(query).all()
    keys = {key for row in rows for key in (row[0].section_key, row[0].clause_key)}
    words, labels = reveals.words(keys), policy_queries.labels(sorted(keys))
    covers = masking.covers([row[0].case_id for row in rows])
    lines = {
        row[0].id: _line(
            row, words, labels, found.get(row[0].id, []), covers[row[0].case_id].text(masking.TEXT, row[1])
        )
        for row in rows
    }
    return [lines[gold_id] for gold_id in shown]


def _line(row: Any, words: reveals.Words, labels: dict[str, str], found: list[Look], text: str | None) -> Line:
    one, _, workflow, version = row
    said = words.say(workflow, one.verdict, one.section_key, one.action)
    answer = " · ".join(part for part in (said.verdict, said.section, said.action) if part)
    clause = labels[one.clause_key] if one.clause_key != section_keys.NONE else ""
    return Line(
        one.public_id, _code(one.id), beginning(text), one.state, one.basis, answer, clause, version or "", one.reason,
        one.challenge, one.created_at, len(found), sum(not look.right for look in found),
    )  # fmt: skip


def graders(reader: Actor) -> list[tuple[str, Share]]:
    """(name, share) of every grader with such a look, by name."""
    keep_out(reader)
    found = by_grader()
    names = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(list(found))).order_by(Person.name))
    return [(row.name, found[row.id]) for row in names]


def stock() -> Stock:
    """How many can be given out now, to how many graders, and until when that lasts."""
    readable = select(func.count(Gold.id)).join(ClosedCase, ClosedCase.id == Gold.case_id)
    live = db.session.scalar(readable.where(Gold.state == "live", ~gone.is_gone())) or 0
    holds = select(func.count()).select_from(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    holds = holds.where(RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None), Person.active.is_(True))
    people = db.session.scalar(holds) or 0
    return Stock(live, people, gold_queue.lasts_until(live, people))


def actions() -> list[tuple[str, str]]:
    """(key, label) of every action that cases may end with."""
    query = select(Action.key, func.min(Action.label)).group_by(Action.key).order_by(func.min(Action.rank), Action.key)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def keep_out(reader: Actor) -> None:
    """Whoever may be given blind cases must not know which of them are known."""
    if reader.can_be_given_blind_tasks:
        raise NotFound("page")
