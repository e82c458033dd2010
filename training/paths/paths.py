"""Paths by hand: made, joined and ended by leads. Steps open in the background, by `training.paths.walking`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from qa.core import access, audit, clock, jobs
from qa.core.access import SYSTEM, Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Team
from qa.policies import queries as policy_queries
from training.models.paths import PathPlace, PathStep, TrainingPath
from training.queries import assignments

#: Who walks it: everybody led, whoever starts; a team and a person are named by their addresses.
EVERYBODY, STARTERS = "everybody", "starters"
TEAM, PERSON = "team:", "person:"
MOST_STEPS, MOST_DAYS = 6, 120
WALK = "training.walk"


@dataclass(frozen=True, slots=True)
class Step:
    """One training of a path: what it teaches, and in how many working days."""

    sections: tuple[str, ...]
    days: int


def create(actor: Actor, *, title: str, kind: str, why: str, who: str, steps: Sequence[Step]) -> str:
    """Begin a path for *who*; its address. Raises BadInput for what is missing, NotFound for whom one does not lead."""
    _check(title, steps)
    people, team_id = _who(actor, who)
    row = TrainingPath(
        title=title.strip()[:200], kind=kind, why=why.strip()[:500], by_id=actor.id, team_id=team_id,
        starters_from=clock.now().date() if who.startswith(STARTERS) else None, begun_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for no, step in enumerate(steps, 1):
        db.session.add(PathStep(path_id=row.id, no=no, sections=list(step.sections), days=step.days))
    for person_id in people:
        join(row.id, person_id)
    db.session.flush()
    audit.note(actor, "began", "training_path", row.public_id, steps=len(steps), people=len(people))
    jobs.enqueue(SYSTEM, WALK, dedupe_key=f"periodic:{WALK}")
    return str(row.public_id)


def _check(title: str, steps: Sequence[Step]) -> None:
    there = {row.key for row in policy_queries.sections_in_force(clock.now().date())}
    if not title.strip():
        raise BadInput(Problem("give it a name", field="title"))
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadInput(Problem(f"choose sections for 1 to {MOST_STEPS} steps", field="steps"))
    for step in steps:
        if not step.sections or not set(step.sections) <= there:
            raise BadInput(Problem("choose sections of a policy in force for each step", field="steps"))
        if not 1 <= step.days <= MOST_DAYS:
            raise BadInput(Problem(f"give each step 1 to {MOST_DAYS} working days", field="steps"))


def _who(actor: Actor, who: str) -> tuple[list[int], int | None]:
    """(inside numbers of those who walk it now, the team whose new agents do)."""
    led = assignments.led(actor)
    if who == EVERYBODY:
        return [one.id for one in led], None
    if who == STARTERS:
        if actor.managed_teams is not None and not actor.has("admin"):
            raise NotFound("team")
        return [], None
    if who.startswith(f"{STARTERS}:"):
        return [], _team(actor, who.removeprefix(f"{STARTERS}:"))
    if who.startswith(TEAM):
        team_id = _team(actor, who.removeprefix(TEAM))
        return [one.id for one in led if (found := access.actor(one.id)) and found.team_id == team_id], None
    people = [one.id for one in led if who == f"{PERSON}{one.public_id}"]
    if not people:
        raise NotFound("person")
    return people, None


def _team(actor: Actor, public_id: str) -> int:
    found = db.session.scalar(select(Team.id).where(Team.public_id == public_id))
    if found is None or not actor.sees_team(found):
        raise NotFound("team")
    return found


def join(path_id: int, person_id: int) -> bool:
    """Let somebody begin a path, once; whether that is new."""
    known = select(PathPlace.id).where(PathPlace.path_id == path_id, PathPlace.person_id == person_id)
    if db.session.scalar(known) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(PathPlace(path_id=path_id, person_id=person_id, step=1, state="open", joined_at=clock.now()))
            db.session.flush()
    except IntegrityError:
        return False
    return True


def end(actor: Actor, public_id: str) -> None:
    """Open no further step for anybody; what was given out goes on. NotFound for a path that one may not see."""
    row = seen(actor, public_id)
    if row.ended_at is not None:
        raise Refused("This path has ended.")
    row.ended_at = clock.now()
    places = update(PathPlace).where(PathPlace.path_id == row.id, PathPlace.state == "open")
    ended = len(db.session.execute(places.values(state="ended").returning(PathPlace.id)).all())
    db.session.flush()
    audit.note(actor, "ended", "training_path", row.public_id, people=ended)


def seen(actor: Actor, public_id: str) -> TrainingPath:
    """A path that *actor* began, or any for whoever leads every team."""
    row = db.session.scalar(select(TrainingPath).where(TrainingPath.public_id == public_id))
    everything = actor.has("admin") or (actor.has("manager") and actor.managed_teams is None)
    if row is None or not (everything or row.by_id == actor.id):
        raise NotFound("path")
    return row
