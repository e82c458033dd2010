"""Announcing a change of process or product, and saying that one has read and understood it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem
from qa.core.models import Team
from training.leads import tell
from training.models.announcements import Announcement, AnnouncementRead
from training.queries import announcements as queries


def announce(
    actor: Actor, *, kind: str, title: str, body: str, audience: str, team: str | None, due_on: date | None
) -> str:
    """Tell those of a team, or of all, what changed; its address. NotFound for a team that *actor* does not lead."""
    for value, field, said in ((title, "title", "give it a title"), (body, "body", "say what changed")):
        if not value.strip():
            raise BadInput(Problem(said, field=field))
    if due_on is None or due_on <= clock.now().date():
        raise BadInput(Problem("choose a day to come", field="due_on"))
    row = Announcement(
        kind=kind, title=title.strip()[:200], body=body.strip()[:8000], audience=audience, team_id=_team(actor, team),
        by_id=actor.id, published_at=clock.now(), due_on=due_on,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    people = queries.addressed(row)
    audit.note(actor, "announced", "announcement", row.public_id, people=len(people))
    for one in people:
        tell(one.id, "announcement", row.public_id, f"To read: {row.title}", f"/announcements/{row.public_id}")
    return str(row.public_id)


def _team(actor: Actor, team: str | None) -> int | None:
    if not team:
        if actor.managed_teams is not None and not actor.has("admin"):
            raise NotFound("team")
        return None
    found = db.session.scalar(select(Team.id).where(Team.public_id == team))
    if found is None or not actor.sees_team(found):
        raise NotFound("team")
    return found


def understood(actor: Actor, public_id: str) -> None:
    """*actor* has read and understood it; once. NotFound for one that is not addressed to them."""
    row = queries.to_person(actor, public_id)
    if row is None:
        raise NotFound("announcement")
    known = select(AnnouncementRead.id).where(
        AnnouncementRead.announcement_id == row.id, AnnouncementRead.person_id == actor.id
    )
    if db.session.scalar(known) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(AnnouncementRead(announcement_id=row.id, person_id=actor.id, read_at=clock.now()))
            db.session.flush()
    except IntegrityError:
        return
    audit.note(actor, "understood", "announcement", row.public_id)
