"""Paths and how far people are on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Team
from qa.policies import queries as policy_queries
from training.models.learning import Assignment
from training.models.paths import PathPlace, PathStep, TrainingPath
from training.queries import assignments
from training.queries.assignments import WORDS

KINDS = {
    "onboarding": "New agents", "policy": "A policy changed", "process": "A process or product changed",
    "other": "Something else",
}  # fmt: skip
#: Paths and people of one page.
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One path in the list of whoever began it."""

    public_id: str
    title: str
    kind: str
    steps: int
    people: int
    done: int
    begun_at: datetime
    ended_at: datetime | None
    is_for_starters: bool


def listed(actor: Actor) -> list[Line]:
    """The paths that *actor* began, or all for whoever leads every team; the newest first."""
    steps = select(func.count(PathStep.id)).where(PathStep.path_id == TrainingPath.id).scalar_subquery()
    people = select(func.count(PathPlace.id)).where(PathPlace.path_id == TrainingPath.id)
    query = select(
        TrainingPath, steps, people.scalar_subquery(), people.where(PathPlace.state == "done").scalar_subquery()
    )
    if not _sees_all(actor):
        query = query.where(TrainingPath.by_id == actor.id)
    rows = db.session.execute(query.order_by(TrainingPath.id.desc()).limit(MOST))
    return [
        Line(row.public_id, row.title, KINDS[row.kind], count, walking, done, row.begun_at, row.ended_at,
             row.starters_from is not None)
        for row, count, walking, done in rows
    ]  # fmt: skip


def _sees_all(actor: Actor) -> bool:
    return actor.has("admin") or actor.managed_teams is None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: what it teaches, and in how many working days."""

    no: int
    sections: str
    days: int


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody on a path: at which step, how that stands, and until when."""

    person: str
    step: int
    state: str
    due_on: date | None
    is_overdue: bool


def steps_of(path_id: int) -> list[StepLine]:
    """The steps of a path, in order."""
    query = select(PathStep.no, PathStep.sections, PathStep.days).where(PathStep.path_id == path_id)
    rows = db.session.execute(query.order_by(PathStep.no)).all()
    names = policy_queries.labels(sorted({key for row in rows for key in row.sections}))
    return [StepLine(row.no, ", ".join(names[key] for key in row.sections), row.days) for row in rows]


def walkers(actor: Actor, path_id: int) -> list[Walker]:
    """The people on a path whom *actor* leads, by name."""
    led = {one.id: one.name for one in assignments.led(actor)}
    query = (
        select(PathPlace.person_id, PathPlace.step, PathPlace.state, Assignment.state, Assignment.due_on)
        .outerjoin(Assignment, Assignment.id == PathPlace.assignment_id)
        .where(PathPlace.path_id == path_id, PathPlace.person_id.in_(led))
        .order_by(PathPlace.id)
        .limit(MOST)
    )
    today = clock.now().date()
    rows = [
        Walker(led[person_id], step, _said(state, given), due if state == "open" else None,
               given in ("assigned", "begun") and due is not None and due < today)
        for person_id, step, state, given, due in db.session.execute(query)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.person.casefold(), row.step))


def _said(state: str, given: str | None) -> str:
    if state != "open":
        return {"done": "all passed", "ended": "ended"}[state]
    return "is being built" if given is None else WORDS[given].lower()


@dataclass(frozen=True, slots=True)
class Own:
    """One step of the own path: opened, passed, or still to come."""

    path: str
    no: int
    of: int
    sections: str
    state: str
    due_on: date | None


def own(actor: Actor) -> list[Own]:
    """The steps of the paths that *actor* walks, in order."""
    query = (
        select(PathPlace, TrainingPath.title, PathStep.no, PathStep.sections, Assignment.state, Assignment.due_on)
        .join(TrainingPath, TrainingPath.id == PathPlace.path_id)
        .join(PathStep, PathStep.path_id == PathPlace.path_id)
        .outerjoin(Assignment, Assignment.id == PathPlace.assignment_id)
        .where(PathPlace.person_id == actor.id, PathPlace.state == "open")
        .order_by(PathPlace.id, PathStep.no)
        .limit(MOST)
    )
    rows = db.session.execute(query).all()
    names = policy_queries.labels(sorted({key for row in rows for key in row.sections}))
    last: dict[int, int] = {}
    for row in rows:
        last[row.PathPlace.path_id] = max(row.no, last.get(row.PathPlace.path_id, 0))
    return [
        Own(title, no, last[place.path_id], ", ".join(names[key] for key in sections),
            *_own_state(place.step, no, state, due))
        for place, title, no, sections, state, due in rows
    ]  # fmt: skip


def _own_state(step: int, no: int, state: str | None, due: date | None) -> tuple[str, date | None]:
    if no < step:
        return "passed", None
    if no > step:
        return "opens when the one before is passed", None
    return ("is being built", None) if state in (None, "proposed") else (WORDS[str(state)].lower(), due)


def teams_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """(address, name) of the teams that *actor* leads."""
    query = select(Team.public_id, Team.name).order_by(Team.name)
    if not _sees_all(actor):
        query = query.where(Team.id.in_(actor.managed_teams or ()))
    return [(row.public_id, row.name) for row in db.session.execute(query)]
