"""Who has which training, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person, RoleGrant, TeamMember
from qa.policies import queries as policy_queries
from training.models.learning import Assignment, Attempt, AttemptScore
from training.models.modules import Module, ModuleVersion
from training.queries import causes

WORDS = {
    "proposed": "Proposed",
    "assigned": "To do",
    "begun": "Begun",
    "coaching": "Talk with the lead",
    "passed": "Passed",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
}
OPEN = ("assigned", "begun", "coaching")


@dataclass(frozen=True, slots=True)
class Given:
    """One assignment in a list."""

    public_id: str
    person: str
    title: str
    module_id: str
    why: str
    state: str
    due_on: date
    minutes: int
    ended_at: datetime | None
    #: Sittings so far, and the best of them.
    sittings: int
    best: int | None
    of: int | None
    shortage: str | None
    module_state: str
    #: The alerts that led to it were withdrawn, and it was not begun: the lead may take it back.
    is_groundless: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the person still has to do something."""
        return self.state in OPEN

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.state in ("passed", "closed", "withdrawn")

    @property
    def word(self) -> str:
        """The state as a page says it."""
        return WORDS[self.state]

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been done by now; asked, never stored."""
        return self.state in ("assigned", "begun") and self.due_on < today


def own(actor: Actor) -> list[Given]:
    """The actor's own assignments, what is to be done first."""
    rows = _rows(Assignment.person_id == actor.id, Assignment.state.not_in(("proposed", "withdrawn")))
    return sorted(rows, key=lambda row: (not row.is_open, row.due_on))


def one(actor: Actor, public_id: str) -> Given | None:
    """One of the actor's own assignments."""
    return next((row for row in own(actor) if row.public_id == public_id), None)


def of_led(actor: Actor) -> list[Given]:
    """The assignments of those whom a manager leads, by name."""
    rows = _rows(Assignment.person_id.in_([row.id for row in led(actor)]))
    return sorted(
        rows, key=lambda row: (not row.is_open and row.state != "proposed", row.person.casefold(), row.due_on)
    )


def led_one(actor: Actor, public_id: str) -> Given:
    """The assignment of somebody whom *actor* leads; any other is not there."""
    rows = _rows(Assignment.public_id == public_id, Assignment.person_id.in_([row.id for row in led(actor)]))
    if not rows:
        raise NotFound("training")
    return rows[0]


def _rows(*conditions: ColumnElement[bool]) -> list[Given]:
    sittings = select(func.count(Attempt.id)).where(Attempt.assignment_id == Assignment.id).scalar_subquery()
    scored = select(AttemptScore.right, AttemptScore.of).join(Attempt, Attempt.id == AttemptScore.attempt_id)
    scored = scored.where(Attempt.assignment_id == Assignment.id).order_by(AttemptScore.right.desc()).limit(1)
    query = (
        select(
            Assignment.public_id, Person.name, Module.title, Module.public_id, Assignment.why, Assignment.state,
            Assignment.due_on, ModuleVersion.minutes, Assignment.ended_at, sittings,
            scored.with_only_columns(AttemptScore.right).scalar_subquery(),
            scored.with_only_columns(AttemptScore.of).scalar_subquery(),
            ModuleVersion.shortage, ModuleVersion.state, Assignment.id,
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(*conditions)
        .order_by(Assignment.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    gone = causes.groundless([row[-1] for row in rows if row.state in ("proposed", "assigned")])
    return [Given(*row[:-1], is_groundless=row[-1] in gone) for row in rows]


@dataclass(frozen=True, slots=True)
class Led:
    """Somebody whom a manager looks after."""

    id: int
    public_id: str
    name: str


def led(actor: Actor, role: str = "agent") -> list[Led]:
    """Active agents (or who has another *role*) of the manager's teams, without the manager."""
    today = clock.now().date()
    query = (
        select(Person.id, Person.public_id, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(TeamMember, TeamMember.person_id == Person.id)
        .where(Person.active, Person.erased_at.is_(None), Person.id != actor.id)
        .where(RoleGrant.role == role, RoleGrant.to_at.is_(None))
    )
    if not actor.has("admin") and actor.managed_teams is not None:
        query = query.where(
            TeamMember.team_id.in_(actor.managed_teams),
            TeamMember.from_on <= today,
            or_(TeamMember.to_on.is_(None), TeamMember.to_on > today),
        )
    rows = db.session.execute(query.distinct().order_by(Person.name, Person.id))
    return [Led(row.id, row.public_id, row.name) for row in rows]


def people_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """(address, name) of the agents whom a manager looks after."""
    return [(row.public_id, row.name) for row in led(actor)]


def sections_to_choose() -> Sequence[tuple[str, str]]:
    """(key, name) of the sections in force, in the documents' order."""
    rows = policy_queries.sections_in_force(clock.now().date())
    return [(row.key, policy_queries.label(row)) for row in rows if row.key != row.policy_slug]
