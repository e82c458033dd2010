"""Whose figures as a grader somebody may see, and under which name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from qa.core import clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person, TeamMember
from qa.models.grading import Batch, Skip


@dataclass(frozen=True, slots=True)
class Grader:
    """A grader as a page may name them."""

    id: int
    name: str
    external_id: str


def shown_to(actor: Actor, numbers: Collection[int]) -> dict[int, Grader]:
    """Those of these people whose figures as graders *actor* may see.

    A manager sees the graders of the teams led and those who are in no team, the desk's own
    (a vendor's manager: only that vendor's); an admin all of them; an
    observer all of them, nameless. With the setting *team level only* a person's figures are seen by that person alone.
    """
    if preferences.get("team_level_only"):
        return {key: one for key, (one, *_) in _people(numbers).items() if key == actor.id}
    people = _people(numbers)
    if actor.has("manager", "admin"):
        return {
            key: one
            for key, (one, team, vendor) in people.items()
            if key == actor.id or actor.sees_team(team) or (team is None and actor.vendor in (None, vendor))
        }
    if not actor.has("observer"):
        return {key: one for key, (one, *_) in people.items() if key == actor.id}
    return {key: Grader(key, f"Grader {at}", f"grader-{at}") for at, key in enumerate(sorted(people), start=1)}


def _people(numbers: Collection[int]) -> dict[int, tuple[Grader, int | None, str | None]]:
    """Inside number -> the person, the team of today, and who employs them."""
    today = clock.now().date()
    now_in = and_(
        TeamMember.person_id == Person.id,
        TeamMember.from_on <= today,
        or_(TeamMember.to_on.is_(None), TeamMember.to_on > today),
    )
    query = select(Person.id, Person.name, Person.external_id, TeamMember.team_id, Person.vendor).outerjoin(
        TeamMember, now_in
    )
    wanted = set(numbers)
    return {row[0]: (Grader(*row[:3]), row[3], row[4]) for row in db.session.execute(query) if row[0] in wanted}


def stamp() -> tuple[int, int]:
    """What tells one content of all looks and skips from another: both are only ever added, a batch commits them."""
    batches = select(func.count()).select_from(Batch).where(Batch.state == "closed")
    return db.session.scalar(batches) or 0, db.session.scalar(select(func.count()).select_from(Skip)) or 0
