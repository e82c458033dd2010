"""Teams, and who was in which one from when to when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from qa.core import audit, clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.core.models import Person, Team, TeamManager, TeamMember

#: Since when somebody is in a team whose beginning nobody gave: before any case that can be imported.
EVER = date(1990, 1, 1)


def named(actor: Actor, name: str, vendor: str | None = None) -> Team:
    """The team of that name, made if there is none yet."""
    team = db.session.scalar(select(Team).where(Team.name == name))
    if team is None:
        team = Team(name=name, vendor=vendor)
        db.session.add(team)
        db.session.flush()
        audit.note(actor, "added", "team", team.public_id)
    return team


def join(actor: Actor, person: Person, team: Team, since: date | None = None) -> bool:
    """Let *person* be in *team* from *since* on and leave the present team that day; whether anything changed.

    Without a day: from today when there ever was another team, else since the person started, else since ever.
    Raises BadInput for a day before the present membership, or an earlier one, began or ended.
    """
    present = _open(person)
    if present is not None and present.team_id == team.id:
        return _moved(actor, person, present, since)
    ended = _last_end(person)
    first = EVER if person.started_on is None else person.started_on
    start = since or (first if present is None and ended is None else clock.now().date())
    earliest = ended if present is None else present.from_on
    if earliest is not None and start < earliest:
        raise _too_early(start, earliest)
    if present is not None and start == present.from_on:
        present.team_id = team.id
    else:
        if present is not None:
            present.to_on = start
            db.session.flush()
        db.session.add(TeamMember(person_id=person.id, team_id=team.id, from_on=start))
    audit.note(actor, "joined", "team", team.public_id, person=person.public_id, since=start.isoformat())
    db.session.flush()
    return True


def leave(actor: Actor, person: Person) -> bool:
    """End the present membership today; whether there was one."""
    present = _open(person)
    if present is None:
        return False
    today = clock.now().date()
    if present.from_on >= today:
        db.session.delete(present)
    else:
        present.to_on = today
    audit.note(actor, "left", "team", present.team_id, person=person.public_id)
    db.session.flush()
    return True


def lead(actor: Actor, person: Person, teams: list[Team] | None) -> None:
    """Let a manager see *teams* and no others; None: all teams, also those to come."""
    wanted: set[int | None] = {None} if teams is None else {team.id for team in teams}
    rows = db.session.scalars(select(TeamManager).where(TeamManager.person_id == person.id)).all()
    for row in rows:
        if row.team_id not in wanted:
            db.session.delete(row)
    for team_id in wanted - {row.team_id for row in rows}:
        db.session.add(TeamManager(person_id=person.id, team_id=team_id))
    if wanted != {row.team_id for row in rows}:
        audit.note(actor, "set_led_teams", "person", person.public_id, teams=len(wanted), all=teams is None)
    db.session.flush()


def present(person: Person) -> Team | None:
    """The team that a person is in, or is going to be in."""
    member = _open(person)
    return None if member is None else db.session.get(Team, member.team_id)


def leads_any(person: Person) -> bool:
    """Whether a manager was given any team yet."""
    return db.session.scalar(select(TeamManager.id).where(TeamManager.person_id == person.id).limit(1)) is not None


def _open(person: Person) -> TeamMember | None:
    return db.session.scalar(select(TeamMember).where(TeamMember.person_id == person.id, TeamMember.to_on.is_(None)))


def _moved(actor: Actor, person: Person, present: TeamMember, since: date | None) -> bool:
    """Correct the day on which the present membership began."""
    if since is None or since == present.from_on:
        return False
    _check_free(person, since)
    present.from_on = since
    audit.note(actor, "corrected", "membership", person.public_id, since=since.isoformat())
    db.session.flush()
    return True


def _last_end(person: Person) -> date | None:
    ended = select(TeamMember.to_on).where(TeamMember.person_id == person.id, TeamMember.to_on.is_not(None))
    return db.session.scalar(ended.order_by(TeamMember.to_on.desc()).limit(1))


def _check_free(person: Person, start: date) -> None:
    """Two memberships never overlap: a case has one team."""
    ended = _last_end(person)
    if ended is not None and start < ended:
        raise _too_early(start, ended)


def _too_early(start: date, since: date) -> BadInput:
    expected = f"expected a day from {since.isoformat()} on, when the last change of team was"
    return BadInput(Problem(expected, field="team_since", value=start.isoformat()))
