"""Asking the database for what a file of cases is read against."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from qa.core.db import db
from qa.core.models import Person, TeamMember
from qa.intake.known import Known, Sections
from qa.models.policies import Action
from qa.policies import merging
from qa.policies import queries as policy_queries


def load() -> Known:
    """Read all that is known now."""
    known = Known(_sections())
    people = db.session.execute(select(Person.external_id, Person.id).where(Person.erased_at.is_(None)))
    known.people = {row.external_id: row.id for row in people}
    member = TeamMember
    members = select(member.person_id, member.from_on, member.to_on, member.team_id).order_by(member.from_on.desc())
    for person_id, start, end, team_id in db.session.execute(members):
        known.teams.setdefault(person_id, []).append((start, end, team_id))
    actions: dict[str, set[str]] = defaultdict(set)
    for workflow, key in db.session.execute(select(Action.workflow, Action.key)):
        actions[workflow].add(key)
    known.actions = {workflow: frozenset(keys) for workflow, keys in actions.items()}
    return known


def _sections() -> Sections:
    states: dict[str, list[tuple[int, date | None]]] = defaultdict(list)
    found = policy_queries.states()
    for state in found:
        states[state.policy_slug].append((state.version_id, state.effective_from))
    return Sections(
        days=sorted({state.effective_from for state in found if state.effective_from is not None}),
        stubs={state.policy_slug for state in found if state.stub},
        states=states, sections=policy_queries.keys_by_version(), merged=merging.merged(),
    )  # fmt: skip
