"""Walking paths: whoever starts joins, and the next training opens when the one before is passed.

Whoever imports this waits for all that builds modules; pages import `training.paths.paths` instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.leave import days_off
from qa.core.models import Person, RoleGrant, TeamMember
from training import assigning, modules, sources, targeting
from training.assigning import Cause
from training.leads import tell, tell_leads
from training.models.learning import Assignment, AssignmentCause
from training.models.paths import PathPlace, PathStep, TrainingPath
from training.paths import paths

#: Somebody who started so long before a path for new agents began walks it too.
STILL_NEW = timedelta(days=30)
#: Kind of a path -> kind of the cause of its assignments. What a policy changed comes first in everybody's week.
CAUSES = {"onboarding": "onboarding", "policy": "policy"}
PASSED, OVER = ("passed", "closed"), ("withdrawn",)


@dataclass(frozen=True, slots=True)
class Next:
    """A step that somebody is to be given."""

    place_id: int
    person_id: int
    path: str
    title: str
    kind: str
    why: str
    by_id: int | None
    no: int
    sections: tuple[str, ...]
    due_on: date


def follow(actor: Actor) -> int:
    """Let new agents join, move on whoever passed, build what is open; how many trainings were given out.

    Opens its own transactions: one to move everybody on, then one for each training, built between them.
    """
    write(lambda: _joined(actor))
    write(lambda: _moved(actor))
    waiting = _next()
    known = sources.in_force(clock.now().date()) if waiting else ()
    made = 0
    for one in waiting:
        target = targeting.of_sections(one.person_id, one.sections, known)
        if not target.sections:
            write(lambda one=one: _skip(one))
            continue
        drafted = modules.draft(target, known)
        made += write(lambda one=one, target=target, drafted=drafted: _give(actor, one, target, drafted))
    return made


def _joined(actor: Actor) -> int:
    """Agents who started lately join the paths for new agents of their team."""
    today, joined = clock.now().date(), 0
    open_paths = select(TrainingPath).where(TrainingPath.ended_at.is_(None), TrainingPath.starters_from.is_not(None))
    for path in db.session.scalars(open_paths.order_by(TrainingPath.id)).all():
        new = (
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == "agent", RoleGrant.to_at.is_(None), Person.active, Person.erased_at.is_(None))
            .where(Person.started_on.between(path.starters_from - STILL_NEW, today))
            .where(Person.id.not_in(select(PathPlace.person_id).where(PathPlace.path_id == path.id)))
        )
        if path.team_id is not None:
            new = new.join(TeamMember, TeamMember.person_id == Person.id)
            new = new.where(TeamMember.team_id == path.team_id, TeamMember.to_on.is_(None))
        for person_id in db.session.scalars(new.distinct().order_by(Person.id)).all():
            joined += paths.join(path.id, person_id)
    db.session.flush()
    if joined:
        audit.note(actor, "joined", "training_path", "", people=joined)
    return joined


def _moved(actor: Actor) -> int:
    """Whose training is passed goes on to the next step, whose was taken back leaves the path."""
    query = (
        select(PathPlace, Assignment.state, TrainingPath.public_id, TrainingPath.title)
        .join(Assignment, Assignment.id == PathPlace.assignment_id)
        .join(TrainingPath, TrainingPath.id == PathPlace.path_id)
        .where(PathPlace.state == "open", Assignment.state.in_((*PASSED, *OVER)))
        .order_by(PathPlace.id)
    )
    rows = db.session.execute(query.with_for_update(of=PathPlace)).all()
    last = dict(db.session.execute(_LAST).all())
    for place, state, path, title in rows:
        if state in OVER:
            place.state = "ended"
        else:
            _on(place, last[place.path_id])
        audit.note(actor, "moved", "training_path", path, step=place.step, state=place.state)
        if place.state == "done":
            _tell_done(place.person_id, path, title)
    db.session.flush()
    return len(rows)


_LAST = select(PathStep.path_id, func.max(PathStep.no)).group_by(PathStep.path_id)


def _on(place: PathPlace, last: int) -> None:
    if place.step < last:
        place.step, place.assignment_id = place.step + 1, None
    else:
        place.state = "done"


def _tell_done(person_id: int, path: str, title: str) -> None:
    name = db.session.scalars(select(Person.name).where(Person.id == person_id)).one()
    tell_leads(person_id, "path_done", f"{path}:{person_id}", f"{name} has passed all of “{title}”.", f"/paths/{path}")


def _next() -> list[Next]:
    """What is open and was not built yet, with its day."""
    query = (
        select(PathPlace, TrainingPath, PathStep, Person.started_on)
        .join(TrainingPath, TrainingPath.id == PathPlace.path_id)
        .join(PathStep, (PathStep.path_id == PathPlace.path_id) & (PathStep.no == PathPlace.step))
        .join(Person, Person.id == PathPlace.person_id)
        .where(PathPlace.state == "open", PathPlace.assignment_id.is_(None), TrainingPath.ended_at.is_(None))
        .where(Person.active)
        .order_by(PathPlace.id)
    )
    rows = [
        Next(place.id, place.person_id, path.public_id, path.title, path.kind, path.why, path.by_id, step.no,
             tuple(step.sections), _due(place.person_id, step.days, started if path.starters_from else None))
        for place, path, step, started in db.session.execute(query).all()
    ]  # fmt: skip
    db.session.rollback()
    return rows


def _due(person_id: int, days: int, started: date | None) -> date:
    """So many working days from now; of a new agent from the first day at work on, and never before tomorrow's end."""
    soonest = days_off.working_days_after(person_id, clock.now(), 1).date()
    since = clock.now() if started is None else datetime.combine(started, time(12), UTC)
    return max(soonest, days_off.working_days_after(person_id, since, days).date())


def _give(actor: Actor, one: Next, target: targeting.Target, drafted: modules.Draft) -> int:
    place = db.session.scalars(select(PathPlace).where(PathPlace.id == one.place_id).with_for_update()).one()
    if place.state != "open" or place.assignment_id is not None:
        return 0
    kind, ref = CAUSES.get(one.kind, "hand"), f"path:{one.path}:{one.no}"
    why = f"Step {one.no} of “{one.title}”. {one.why}".strip()
    cause = Cause(kind, ref, why, assigned_by_id=one.by_id, due_on=one.due_on)
    made = assigning.place(actor, target, drafted, cause)
    known = select(AssignmentCause.assignment_id).where(
        AssignmentCause.kind == kind, AssignmentCause.ref == ref, AssignmentCause.person_id == one.person_id
    )
    place.assignment_id = db.session.scalars(known).one()
    db.session.flush()
    return int(made is not None)


def _skip(one: Next) -> None:
    """What a step taught is in no policy any more: the next one opens."""
    place = db.session.scalars(select(PathPlace).where(PathPlace.id == one.place_id).with_for_update()).one()
    last = dict(db.session.execute(_LAST).all())[place.path_id]
    _on(place, last)
    db.session.flush()
    line = f"Step {one.no} of “{one.title}” was left out: no policy in force has its sections."
    tell_leads(one.person_id, "path_step", f"{one.path}:{one.no}:{one.person_id}", line, f"/paths/{one.path}")
    tell(one.person_id, "path_step", f"{one.path}:{one.no}", line, "/training")
