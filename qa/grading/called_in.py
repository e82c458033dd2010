"""Called in for single cases, where no grader is left: a guest from outside, or an agent as a peer.

They are given what a lead keeps for them and nothing else: the only work that they are said to do is none that a case
can be of, and what is kept for somebody is bound by no skill. Two weeks after their last look it ends by itself.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from qa.core import audit, clock, leading
from qa.core.access import SYSTEM, Actor
from qa.core.accounts import accounts
from qa.core.accounts.identity import email_key
from qa.core.columns import new_public_id
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.core.leave import days_off
from qa.core.models import Person, Skill
from qa.core.notices import notify
from qa.core.people import people
from qa.grading import needs_person, practice
from qa.grading.routing import KEPT_ALONE
from qa.models.grading import Grade, Task

GUEST = "guest-"
#: So long after their last look, and after they were asked last, nobody is held in readiness any more.
LASTS = timedelta(days=14)
#: States of a look that is still to be made, or whose answer is still to be read.
OPEN = ("waiting", "held", "graded", "committed")


def may_be_peer(lead: Actor) -> ColumnElement[bool]:
    """In a query over `Person`: an agent at work within *lead*'s reach who does not grade."""
    grades = needs_person.is_grader()
    return and_(leading.in_reach(lead), leading.has_role("agent"), Person.active, days_off.at_work(), ~grades)


def name(lead: Actor, case_id: str, *, person_id: str) -> str:
    """Keep the waiting look at a case for a grader, or for an agent who is asked as a peer; the task's address.

    Raises NotFound, BadInput for whoever may not be given it, Refused where nobody has to be named.
    """
    peer = db.session.scalar(select(Person).where(Person.public_id == person_id, may_be_peer(lead)))
    if peer is None:
        return needs_person.name_somebody(lead, case_id, person_id=person_id)
    people.set_roles(lead, peer, {"agent", "reviewer"} | people.roles_of(peer))
    _let_in(lead, peer)
    task_id = needs_person.name_somebody(lead, case_id, person_id=person_id)
    notify.tell(
        person_id=peer.id, kind="called_in", object_ref=task_id, url="/grade", dedupe_key=f"called-in:{task_id}",
        line="You are asked to look at a case as a peer. It waits under Grade; nothing else will be given to you.",
    )  # fmt: skip
    return task_id


def invite(lead: Actor, case_id: str, *, name: str, email: str) -> str:
    """Let somebody from outside look at a case: the token of a link by which they choose a password, shown once.

    Asked again with the same address, it is the same guest with a new link. Raises NotFound, BadInput for an address
    that is somebody's who works here, Refused where nobody has to be named.
    """
    guest = db.session.scalar(select(Person).where(Person.email_key == email_key(email), Person.erased_at.is_(None)))
    if guest is None:
        guest = people.add(
            lead, external_id=f"{GUEST}{new_public_id()}", name=name, email=email, roles=["reviewer"],
            vendor=lead.vendor,
        )  # fmt: skip
    elif not guest.external_id.startswith(GUEST):
        raise BadInput(Problem("somebody who works here is named above, not invited", field="email", value=email))
    people.set_active(lead, guest, True)
    _let_in(lead, guest)
    needs_person.name_somebody(lead, case_id, person_id=guest.public_id)
    audit.note(lead, "called_in", "person", guest.public_id)
    return accounts.make_link(lead, guest)


def _let_in(lead: Actor, person: Person) -> None:
    """Let somebody look at what is kept for them, without practice on other cases first."""
    people.give_skill(lead, person, *KEPT_ALONE)
    practice.spare(lead, person.id)


def let_go() -> int:
    """End what was opened for guests and peers whose last look is long over; how many."""
    now = clock.now()
    kept = exists().where(Skill.person_id == Person.id, *_is_kept_alone(), Skill.from_on <= (now - LASTS).date())
    busy = exists().where(Task.person_id == Person.id, Task.state.in_(OPEN))
    lately = exists().where(Grade.person_id == Person.id, Grade.graded_at > now - LASTS)
    over = db.session.scalars(select(Person).where(Person.active, kept, ~busy, ~lately).order_by(Person.id)).all()
    for person in over:
        people.end_skill(SYSTEM, person, *KEPT_ALONE)
        if person.external_id.startswith(GUEST):
            people.set_active(SYSTEM, person, False)
        else:
            people.set_roles(SYSTEM, person, people.roles_of(person) - {"reviewer"})
    return len(over)


def _is_kept_alone() -> tuple[ColumnElement[bool], ...]:
    return Skill.kind == KEPT_ALONE[0], Skill.value == KEPT_ALONE[1], Skill.to_on.is_(None)


def is_called_in() -> ColumnElement[bool]:
    """In a query over `Person`: whoever is given what is kept for them alone."""
    return exists().where(Skill.person_id == Person.id, *_is_kept_alone())
