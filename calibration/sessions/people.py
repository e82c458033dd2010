"""Who takes part in a session: people one by one, whole teams, everybody with a role, and guests by a link."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import delete, insert, or_, select, update

from calibration.models.sessions import CalibrationSession, GuestLink, SessionPerson
from qa.core import access, audit, clock
from qa.core.access import Actor
from qa.core.accounts import logins
from qa.core.accounts.logins import token_hash
from qa.core.columns import new_public_id
from qa.core.db import db
from qa.core.errors import BadInput, Gone, NotFound, Problem, Refused
from qa.core.models import Person, RoleGrant, Team, TeamMember
from qa.core.people import people

#: A guest's link works until so long after the deadline, so that the discussion can be joined too.
AFTER = timedelta(days=7)
_GONE = "This link was used already, or it has expired. Ask whoever invited you for a new one."


def invite(actor: Actor, row: CalibrationSession, *, names: Iterable[str] = (), team: str = "", role: str = "") -> int:
    """Let people take part: by their addresses or ids, all of a team, all with a role; how many are new.

    Raises BadInput with every name that nobody has.
    """
    _still_open(row)
    wanted = _named(names)
    if team:
        wanted |= _of_team(team)
    if role:
        holds = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.to_at.is_(None))
        wanted |= _active(Person.id.in_(holds))
    known = set(db.session.scalars(select(SessionPerson.person_id).where(SessionPerson.session_id == row.id)))
    fresh = sorted(wanted - known)
    _only_graders(row, fresh)
    for person_id in fresh:
        db.session.add(SessionPerson(session_id=row.id, person_id=person_id, part="voter"))
    db.session.flush()
    audit.note(actor, "invited", "session", row.public_id, people=len(fresh))
    return len(fresh)


def come_again(actor: Actor, row: CalibrationSession, last: CalibrationSession) -> None:
    """Let those take part who took part in *last* and still can, its guests not, with its expert."""
    members = select(SessionPerson.person_id).where(SessionPerson.session_id == last.id, SessionPerson.part == "voter")
    people_ids = _active(Person.id.in_(members))
    if row.kind == "covert":
        people_ids &= _graders(people_ids)
    row.expert_id = last.expert_id if last.expert_id in people_ids else None
    for person_id in sorted(people_ids):
        db.session.add(SessionPerson(session_id=row.id, person_id=person_id, part="voter"))
    db.session.flush()
    audit.note(actor, "invited", "session", row.public_id, people=len(people_ids))


def invite_guest(actor: Actor, row: CalibrationSession, *, name: str) -> str:
    """Add a guest of this session alone; the token of a link that works once, and is stored nowhere."""
    _still_open(row)
    if row.kind == "covert":
        raise Refused("Guests have no queue: a covert session is for graders.")
    if not name.strip():
        raise BadInput(Problem("the guest's name", field="name"))
    guest = people.add(actor, external_id=f"guest-{new_public_id()}", name=name.strip())
    db.session.add(SessionPerson(session_id=row.id, person_id=guest.id, part="guest"))
    db.session.flush()
    return guest_link(actor, row, guest.id)


def guest_link(actor: Actor, row: CalibrationSession, person_id: int) -> str:
    """A new link for a guest; those made before work no more."""
    token, now = secrets.token_urlsafe(32), clock.now()
    _spend(GuestLink.person_id == person_id)
    kept = {
        "token_hash": token_hash(token), "session_id": row.id, "person_id": person_id, "created_at": now,
        "expires_at": max(row.deadline_at, now) + AFTER,
    }  # fmt: skip
    db.session.execute(insert(GuestLink).values(kept))
    audit.note(actor, "made_guest_link", "session", row.public_id)
    return token


def keep_links_until(row: CalibrationSession) -> None:
    """Let links that guests have not used yet work as long after the deadline as ever, wherever that lies now."""
    unused = update(GuestLink).where(GuestLink.session_id == row.id, GuestLink.used_at.is_(None))
    db.session.execute(unused.values(expires_at=row.deadline_at + AFTER))


def renew_link(actor: Actor, row: CalibrationSession, *, person: str) -> str:
    """A new link for the guest with this address."""
    person_id = member(row.id, person, part="guest")
    if row.state == "archived":
        raise Refused("This session is put away.")
    return guest_link(actor, row, person_id)


def behind(token: str) -> tuple[str, str]:
    """(name, title) of the guest and the session that an unused link leads to. Raises Gone for every other token."""
    query = (
        select(Person.name, CalibrationSession.title)
        .join(GuestLink, GuestLink.person_id == Person.id)
        .join(CalibrationSession, CalibrationSession.id == GuestLink.session_id)
        .where(GuestLink.token_hash == token_hash(token), *_unused(), Person.active.is_(True))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise Gone(_GONE)
    return row.name, row.title


def come_in(token: str) -> tuple[str, str]:
    """Use a guest's link up: the token of a sitting, and the session's address."""
    spent = update(GuestLink).where(GuestLink.token_hash == token_hash(token), *_unused())
    row = db.session.execute(
        spent.values(used_at=clock.now()).returning(GuestLink.person_id, GuestLink.session_id)
    ).first()
    guest = None if row is None else access.actor(row.person_id)
    if row is None or guest is None:
        raise Gone(_GONE)
    audit.note(guest, "came_in", "person", guest.public_id)
    address = select(CalibrationSession.public_id).where(CalibrationSession.id == row.session_id)
    return logins.begin(row.person_id), db.session.scalars(address).one()


def guest_in(person_id: int | None) -> str | None:
    """The address of the session that somebody is nothing but a guest of."""
    query = select(CalibrationSession.public_id).join(SessionPerson, SessionPerson.session_id == CalibrationSession.id)
    query = query.where(SessionPerson.person_id == person_id, SessionPerson.part == "guest")
    return db.session.scalar(query.order_by(CalibrationSession.id.desc()).limit(1))


def uninvite(actor: Actor, row: CalibrationSession, *, person: str) -> None:
    """Take somebody out of a draft."""
    _still_open(row)
    person_id = member(row.id, person)
    if row.expert_id == person_id:
        row.expert_id = None
    _spend(GuestLink.person_id == person_id, GuestLink.session_id == row.id)
    gone = delete(SessionPerson).where(SessionPerson.session_id == row.id, SessionPerson.person_id == person_id)
    db.session.execute(gone)
    audit.note(actor, "uninvited", "session", row.public_id)


def member(session_id: int, person: str, *, part: str = "") -> int:
    """The inside number of somebody who takes part, by address. Raises NotFound for everybody else."""
    query = select(Person.id).join(SessionPerson, SessionPerson.person_id == Person.id)
    query = query.where(SessionPerson.session_id == session_id, Person.public_id == person)
    found = db.session.scalar(query.where(SessionPerson.part == part) if part else query)
    if found is None:
        raise NotFound("person")
    return found


def send_guests_home(actor: Actor, session_id: int) -> None:
    """End what guests of a session came in by."""
    guests = select(Person).join(SessionPerson, SessionPerson.person_id == Person.id)
    guests = guests.where(SessionPerson.session_id == session_id, SessionPerson.part == "guest")
    for guest in db.session.scalars(guests.order_by(Person.id)).all():
        people.set_active(actor, guest, False)
    _spend(GuestLink.session_id == session_id)


def _named(names: Iterable[str]) -> set[int]:
    found, problems = set(), []
    for name in (one.strip() for one in names):
        if not name:
            continue
        ids = _active(or_(Person.public_id == name, Person.external_id == name, Person.email_key == name.casefold()))
        if len(ids) != 1:
            problems.append(Problem("the id or mail address of somebody", field="who", value=name))
        found |= ids
    if problems:
        raise BadInput(*problems)
    return found


def _of_team(team: str) -> set[int]:
    day = access.today()
    now = TeamMember.from_on <= day, or_(TeamMember.to_on.is_(None), TeamMember.to_on > day)
    members = select(TeamMember.person_id).join(Team, Team.id == TeamMember.team_id)
    return _active(Person.id.in_(members.where(Team.public_id == team, *now)))


def _active(which: object) -> set[int]:
    return set(db.session.scalars(select(Person.id).where(which, Person.active.is_(True), Person.erased_at.is_(None))))


def _only_graders(row: CalibrationSession, people_ids: list[int]) -> None:
    """Whoever grades nothing has no queue that a covert case could come in."""
    if row.kind != "covert":
        return
    if set(people_ids) - _graders(people_ids):
        raise BadInput(Problem("people who grade: covert cases come in their queue", field="who"))


def _graders(people_ids: Collection[int]) -> set[int]:
    holds = select(RoleGrant.person_id).where(RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None))
    return set(db.session.scalars(holds.where(RoleGrant.person_id.in_(people_ids))))


def _still_open(row: CalibrationSession) -> None:
    if row.state != "draft":
        raise Refused("Voting has begun: cases and people stay as they are.")


def _unused() -> tuple[object, ...]:
    return GuestLink.used_at.is_(None), GuestLink.expires_at > clock.now()


def _spend(*which: object) -> None:
    db.session.execute(update(GuestLink).where(GuestLink.used_at.is_(None), *which).values(used_at=clock.now()))
