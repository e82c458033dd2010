"""Announcements: what somebody has to read, and who has not read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Person, RoleGrant, Team, TeamMember
from training.models.announcements import Announcement, AnnouncementRead

KINDS = {"process": "Process", "product": "Product"}
AUDIENCES = {"both": "Agents and graders", "agents": "Agents", "graders": "Graders"}
_ROLES = {"both": ("agent", "reviewer"), "agents": ("agent",), "graders": ("reviewer",)}
#: Announcements of one page.
MOST = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom it is addressed."""

    id: int
    name: str
    external_id: str
    read_at: datetime | None


def addressed(row: Announcement) -> list[Reader]:
    """Everybody to whom it is addressed now, by name; its author is not asked."""
    today = clock.now().date()
    query = (
        select(Person.id, Person.name, Person.external_id, AnnouncementRead.read_at)
        .outerjoin(
            AnnouncementRead,
            and_(AnnouncementRead.person_id == Person.id, AnnouncementRead.announcement_id == row.id),
        )
        .where(Person.active, Person.erased_at.is_(None), _has_role(row.audience))
        .order_by(Person.name, Person.id)
    )
    if row.by_id is not None:
        query = query.where(Person.id != row.by_id)
    if row.team_id is not None:
        member = exists().where(
            TeamMember.person_id == Person.id, TeamMember.team_id == row.team_id, TeamMember.from_on <= today,
            or_(TeamMember.to_on.is_(None), TeamMember.to_on > today),
        )  # fmt: skip
        query = query.where(member)
    return [Reader(*one) for one in db.session.execute(query)]


def _has_role(audience: str) -> ColumnElement[bool]:
    return exists().where(
        RoleGrant.person_id == Person.id, RoleGrant.role.in_(_ROLES[audience]), RoleGrant.to_at.is_(None)
    )


def missing(row: Announcement) -> list[Reader]:
    """Who has not said that they read and understood it."""
    return [one for one in addressed(row) if one.read_at is None]


def _to(actor: Actor) -> ColumnElement[bool]:
    """Announcements that are addressed to *actor*."""
    audiences = ["both"] + ["agents"] * actor.has("agent") + ["graders"] * actor.has("reviewer")
    wanted = Announcement.audience.in_(audiences if actor.has("agent", "reviewer") else ())
    team = or_(Announcement.team_id.is_(None), Announcement.team_id == actor.team_id)
    return and_(wanted, team, or_(Announcement.by_id.is_(None), Announcement.by_id != actor.id))


def to_person(actor: Actor, public_id: str) -> Announcement | None:
    """One that is addressed to *actor*."""
    return db.session.scalar(select(Announcement).where(Announcement.public_id == public_id, _to(actor)))


def of_lead(actor: Actor, public_id: str) -> Announcement | None:
    """One whose readers *actor* may see: the author, and whoever leads the team that it is for."""
    row = db.session.scalar(select(Announcement).where(Announcement.public_id == public_id))
    if row is None or not actor.has("manager"):
        return None
    everywhere = actor.managed_teams is None or actor.has("admin")
    may = row.by_id == actor.id or (everywhere if row.team_id is None else actor.sees_team(row.team_id))
    return row if may else None


@dataclass(frozen=True, slots=True)
class Line:
    """One announcement in a list."""

    public_id: str
    kind: str
    title: str
    published_at: datetime
    due_on: date
    read_at: datetime | None

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been read by now."""
        return self.read_at is None and self.due_on < today


def own(actor: Actor) -> list[Line]:
    """What is addressed to *actor*: the unread first, then the newest."""
    query = (
        select(Announcement, AnnouncementRead.read_at)
        .outerjoin(AnnouncementRead, and_(AnnouncementRead.announcement_id == Announcement.id,
                                          AnnouncementRead.person_id == actor.id))
        .where(_to(actor))
        .order_by(AnnouncementRead.read_at.is_not(None), Announcement.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [
        Line(row.public_id, KINDS[row.kind], row.title, row.published_at, row.due_on, read_at)
        for row, read_at in db.session.execute(query)
    ]


def unread(actor: Actor) -> list[Line] | None:
    """What *actor* has still to read; None when there is nothing."""
    return [row for row in own(actor) if row.read_at is None] or None


@dataclass(frozen=True, slots=True)
class Sent:
    """One announcement as its leads see it: how many have read it."""

    public_id: str
    kind: str
    title: str
    team: str
    audience: str
    published_at: datetime
    due_on: date
    read: int


def sent(actor: Actor) -> list[Sent]:
    """What was announced by *actor*, or to the teams that *actor* leads; the newest first."""
    read = select(func.count(AnnouncementRead.id)).where(AnnouncementRead.announcement_id == Announcement.id)
    query = select(Announcement, Team.name, read.scalar_subquery()).outerjoin(Team, Team.id == Announcement.team_id)
    if actor.managed_teams is not None and not actor.has("admin"):
        query = query.where(or_(Announcement.by_id == actor.id, Announcement.team_id.in_(actor.managed_teams)))
    rows = db.session.execute(query.order_by(Announcement.id.desc()).limit(MOST))
    return [
        Sent(row.public_id, KINDS[row.kind], row.title, team or "All teams", AUDIENCES[row.audience], row.published_at,
             row.due_on, count)
        for row, team, count in rows
    ]  # fmt: skip


def late(today: date) -> list[Announcement]:
    """Announcements that should have been read before *today*, of the last four weeks."""
    since = date.fromordinal(today.toordinal() - 28)
    query = select(Announcement).where(Announcement.due_on.between(since, today)).order_by(Announcement.id)
    return list(db.session.scalars(query))
