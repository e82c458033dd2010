"""People: who is here, with which roles and skills. A change ends that person's sittings where it takes rights away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, exists, func, select, update

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.accounts import logins
from qa.core.accounts.identity import email_key
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import ROLES, Person, RoleGrant, Skill, Team
from qa.core.people import file as people_file
from qa.core.people import teams
from qa.core.people.rows import PersonRow, read_row

Outcome = Literal["added", "changed", "unchanged"]


def add(
    actor: Actor,
    *,
    external_id: str,
    name: str,
    email: str | None = None,
    roles: Iterable[str] = (),
    team: str | None = None,
    vendor: str | None = None,
    languages: Iterable[str] = (),
    skills: Iterable[str] = (),
    time_zone: str = "UTC",
    started_on: date | None = None,
    team_since: date | None = None,
    active: bool = True,
    locale: str = "en",
    invented: bool = False,
) -> Person:
    """Add a person. Raises BadInput for what cannot be taken, Refused when the id is known already."""
    cells: dict[str, Any] = {
        "id": external_id, "name": name, "email": email, "team": team, "vendor": vendor,
        "time_zone": time_zone, "locale": locale, "started_on": started_on, "team_since": team_since,
        "roles": ";".join(roles), "languages": ";".join(languages), "skills": ";".join(skills),
        "active": "yes" if active else "no",
    }  # fmt: skip
    return create(actor, cells, invented=invented)


def create(actor: Actor, cells: Mapping[str, Any], *, invented: bool = False) -> Person:
    """Add the person whom *cells* describe by the columns of a people file. Raises BadInput, Refused."""
    row = read_row(cells)
    if _known(row.external_id) is not None:
        raise Refused(f"There is a person with the id {row.external_id} already.")
    person, _ = save(actor, row, invented=invented)
    return person


def change(actor: Actor, public_id: str, cells: Mapping[str, Any]) -> Outcome:
    """Change somebody who is here; the id stays what it is. Raises NotFound, BadInput, Refused."""
    person = by_public_id(public_id)
    with an_admin_stays():
        return save(actor, read_row({**cells, "id": person.external_id}))[1]


def let_in(actor: Actor, public_id: str, active: bool) -> None:
    """Let somebody in, or not any more. Raises NotFound, and Refused for the last admin."""
    with an_admin_stays():
        set_active(actor, by_public_id(public_id), active)


def set_led_teams(actor: Actor, public_id: str, team_ids: Iterable[str] | None) -> None:
    """Let a manager see the teams behind these addresses; None: all of them. Raises NotFound."""
    person = by_public_id(public_id)
    if team_ids is None:
        return teams.lead(actor, person, None)
    wanted = set(team_ids)
    found = db.session.scalars(select(Team).where(Team.public_id.in_(wanted))).all()
    if len(found) != len(wanted):
        raise NotFound("team")
    return teams.lead(actor, person, list(found))


def import_file(actor: Actor, path: Path, *, name: str | None = None, dry_run: bool = False) -> dict[str, int]:
    """Take all people of a file, or none; counts of read, added, changed, unchanged and refused.

    Opens its own transaction. Raises BadInput with every problem of the file; then nothing was stored.
    """
    return people_file.take(path, lambda row: save(actor, row)[1], around=an_admin_stays, name=name, dry_run=dry_run)


def save(actor: Actor, row: PersonRow, *, invented: bool = False) -> tuple[Person, Outcome]:
    """Make the person of *row* what the row says; fields that were not given stay as they are."""
    person = _known(row.external_id)
    if person is not None and person.erased_at is not None:
        raise BadInput(Problem("expected somebody who was not erased", field="id", value=row.external_id))
    is_new = person is None
    if person is None:
        person = Person(external_id=row.external_id, name=row.name, invented=invented)
        db.session.add(person)
    changed = _set_fields(person, row)
    db.session.flush()
    if is_new:
        audit.note(actor, "added", "person", person.public_id)
    elif changed:
        audit.note(actor, "changed", "person", person.public_id, fields=changed)
    others = [
        "active" in row.given and set_active(actor, person, row.active),
        _set_team(actor, person, row),
        "roles" in row.given and set_roles(actor, person, row.roles),
        _set_skills(actor, person, row),
    ]
    if is_new:
        return person, "added"
    return person, "changed" if changed or any(others) else "unchanged"


def by_public_id(public_id: str) -> Person:
    """The person behind an address. Raises NotFound."""
    person = db.session.scalar(select(Person).where(Person.public_id == public_id, Person.erased_at.is_(None)))
    if person is None:
        raise NotFound("person")
    return person


def set_roles(actor: Actor, person: Person, roles: Iterable[str]) -> bool:
    """Give *person* these roles and no others; whether anything changed. Ends the person's sittings if so."""
    wanted, now = set(roles), clock.now()
    unknown = wanted - set(ROLES)
    if unknown:
        raise BadInput(Problem(f"expected {', '.join(ROLES)}", field="roles", value=min(unknown)))
    grants = db.session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.to_at.is_(None))
    ).all()
    held = {grant.role for grant in grants}
    if wanted == held:
        return False
    for grant in grants:
        if grant.role not in wanted:
            grant.to_at = now
    for role in sorted(wanted - held):
        db.session.add(RoleGrant(person_id=person.id, role=role, from_at=now))
    db.session.flush()
    if "manager" in wanted - held and not teams.leads_any(person):
        own = teams.present(person)
        teams.lead(actor, person, None if own is None else [own])
    logins.end_all(person.id)
    audit.note(actor, "set_roles", "person", person.public_id, roles=sorted(wanted), before=sorted(held))
    return True


def roles_of(person: Person) -> set[str]:
    """The roles that somebody holds now."""
    held = select(RoleGrant.role).where(RoleGrant.person_id == person.id, RoleGrant.to_at.is_(None))
    return set(db.session.scalars(held))


def give_skill(actor: Actor, person: Person, kind: str, value: str) -> None:
    """Let *person* have one more skill, from today on."""
    row = db.session.scalar(select(Skill).where(*_skill(person, kind, value)))
    if row is None:
        row = Skill(person_id=person.id, kind=kind, value=value)
        db.session.add(row)
    row.from_on, row.to_on = clock.now().date(), None
    db.session.flush()
    audit.note(actor, "gave_skill", "person", person.public_id, kind=kind)


def end_skill(actor: Actor, person: Person, kind: str, value: str) -> None:
    """Let *person* have a skill no longer; it is ended, not deleted."""
    ended = update(Skill).where(*_skill(person, kind, value), Skill.to_on.is_(None)).values(to_on=clock.now().date())
    db.session.execute(ended.execution_options(synchronize_session="fetch"))
    audit.note(actor, "ended_skill", "person", person.public_id, kind=kind)


def _skill(person: Person, kind: str, value: str) -> tuple[ColumnElement[bool], ...]:
    return Skill.person_id == person.id, Skill.kind == kind, Skill.value == value


def set_active(actor: Actor, person: Person, active: bool) -> bool:
    """Let somebody in, or end all sittings and let nobody in under this name; whether anything changed."""
    if person.active == active:
        return False
    person.active = active
    db.session.flush()
    if not active:
        logins.end_all(person.id)
    audit.note(actor, "activated" if active else "deactivated", "person", person.public_id)
    return True


@contextmanager
def an_admin_stays() -> Iterator[None]:
    """Refuse what would leave nobody who can let others in."""
    before = _admins()
    yield
    if before and not _admins():
        raise Refused("Nobody would be left as admin. Make somebody else an admin first.")


def _known(external_id: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.external_id == external_id))


def _set_fields(person: Person, row: PersonRow) -> list[str]:
    """Set the plain fields; the names of those that changed."""
    wanted: dict[str, Any] = {
        "name": row.name, "vendor": row.vendor, "time_zone": row.time_zone, "started_on": row.started_on,
        "locale": row.locale,
    }  # fmt: skip
    fields = {key: value for key, value in wanted.items() if key in row.given}
    if "email" in row.given:
        key = email_key(row.email) if row.email else None
        _check_email(person, row.email, key)
        fields |= {"email": row.email, "email_key": key}
    changed = [key for key, value in fields.items() if getattr(person, key) != value]
    for key in changed:
        setattr(person, key, fields[key])
    return changed


def _check_email(person: Person, email: str | None, key: str | None) -> None:
    """An address is one person's, in whatever way it is spelled."""
    if key is None:
        return
    with db.session.no_autoflush:
        holder = db.session.scalar(select(Person.external_id).where(Person.email_key == key))
    if holder is not None and holder != person.external_id:
        raise BadInput(Problem(f"expected an address that is not already {holder}'s", field="email", value=email))


def _set_team(actor: Actor, person: Person, row: PersonRow) -> bool:
    if "team" not in row.given:
        return False
    if row.team is None:
        return teams.leave(actor, person)
    return teams.join(actor, person, teams.named(actor, row.team, row.vendor), row.team_since)


def _set_skills(actor: Actor, person: Person, row: PersonRow) -> bool:
    """Let the skills be those of the row, as far as its columns speak of them; what goes is ended, not deleted."""
    today = clock.now().date()
    rows = db.session.scalars(select(Skill).where(Skill.person_id == person.id)).all()
    spoken = [skill for skill in rows if ("languages" if skill.kind == "language" else "skills") in row.given]
    known = {(skill.kind, skill.value): skill for skill in spoken}
    held = {key for key, skill in known.items() if skill.to_on is None or skill.to_on > today}
    for key in held - row.skills:
        known[key].to_on = today
    for key in row.skills - held:
        if key in known:
            known[key].to_on = None
        else:
            db.session.add(Skill(person_id=person.id, kind=key[0], value=key[1], from_on=today))
    if held == row.skills:
        return False
    audit.note(actor, "set_skills", "person", person.public_id, skills=len(row.skills), before=len(held))
    db.session.flush()
    return True


def _admins() -> int:
    grants = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "admin", RoleGrant.to_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Person).where(Person.active, grants)) or 0
