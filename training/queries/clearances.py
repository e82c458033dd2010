"""Clearances: who may take which workflow, until when, and why not. Advice: the team's own tool is the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Skill
from qa.models.cases import ClosedCase
from training.models.learning import Assignment, Certificate
from training.models.modules import Module, ModuleVersion
from training.queries import assignments, grader_clearances

IN_DATE, NOTHING_AGAINST = "passed, in date", "nothing speaks against it"
#: Whoever decided cases of a workflow in these days works in it.
WORKS_IN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Clearance:
    """One person and one workflow: whether the product would let them take it, until when, and why."""

    person: str
    #: "decides" or "grades".
    work: str
    workflow: str
    cleared: bool
    until: date | None
    because: str


@dataclass(frozen=True, slots=True)
class Held:
    """What one person has passed of one module: never, or until when; what is done and expired is not undone."""

    person: str
    module: str
    versions: str
    standing: str
    on: date | None
    #: What ended it, where that was no day.
    because: str = ""


def clearances(actor: Actor) -> list[Clearance]:
    """The people whom *actor* leads with the workflows they decide or grade in, or are meant for, by name."""
    agents, graders = ({one.id: one.name for one in assignments.led(actor, role)} for role in ("agent", "reviewer"))
    led, today = {**agents, **graders}, clock.now().date()
    against, until = _against(led, today), _until(led, today)
    as_grader = grader_clearances.against(actor, graders) if graders else {}
    works = [(person, "decides", workflow) for person, workflow in _works(agents)]
    works += [(person, "grades", workflow) for person, workflow in grader_clearances.works(graders, WORKS_IN)]
    rows = []
    for person, work, workflow in works:
        said = [*against[person], *(as_grader.get(person, ()) if work == "grades" else ())]
        because = "; ".join(said) or (IN_DATE if person in until else NOTHING_AGAINST)
        rows.append(Clearance(led[person], work, workflow, not said, until.get(person), because))
    return sorted(rows, key=lambda one: (one.person.casefold(), one.work, one.workflow))


def _works(people: Collection[int]) -> set[tuple[int, str]]:
    """(person, workflow) of those who decided in it lately, or have it among their skills."""
    since = clock.now() - WORKS_IN
    decided = select(ClosedCase.agent_id, ClosedCase.workflow).where(
        ClosedCase.agent_id.in_(people), ClosedCase.closed_at >= since
    )
    meant = select(Skill.person_id, Skill.value).where(Skill.kind == "workflow", Skill.person_id.in_(people))
    rows = [*db.session.execute(decided.distinct()), *db.session.execute(meant)]
    return {(int(person_id), str(workflow)) for person_id, workflow in rows if workflow}


def _against(people: Collection[int], today: date) -> dict[int, list[str]]:
    """What speaks against it: training that is overdue or ended in a talk, a change that was not answered, expiry."""
    query = (
        select(Assignment.person_id, Assignment.state, Assignment.due_on, Module.title)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Assignment.person_id.in_(people), Assignment.state.in_(("assigned", "begun", "coaching")))
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, state, due_on, title in db.session.execute(query):
        what = "waits for a talk" if state == "coaching" else "is overdue" if due_on < today else ""
        said = f"“{title}” {what}" if what else ""
        if said:
            found[person_id].append(said)
    for one in _newest(people).values():
        if one.ended_on is not None:
            found[one.person_id].append(f"a certificate ended: {one.ended_because}")
        elif one.expires_on < today:
            found[one.person_id].append(f"a certificate expired on {one.expires_on.isoformat()}")
    return found


def _until(people: Collection[int], today: date) -> dict[int, date]:
    """The first day on which something that a person passed expires."""
    found: dict[int, date] = {}
    for one in _newest(people).values():
        if one.expires_on >= today and one.ended_on is None:
            found[one.person_id] = min(one.expires_on, found.get(one.person_id, one.expires_on))
    return found


def _newest(people: Collection[int]) -> dict[tuple[int, int], Certificate]:
    """(person, module) -> the newest certificate."""
    query = (
        select(Certificate, ModuleVersion.module_id)
        .join(ModuleVersion, ModuleVersion.id == Certificate.module_version_id)
        .where(Certificate.person_id.in_(people))
        .order_by(Certificate.issued_on, Certificate.id)
    )
    return {(one.person_id, module_id): one for one, module_id in db.session.execute(query)}


def held(actor: Actor) -> list[Held]:
    """What each of the people whom *actor* leads has passed, has passed and is expired, or was given and never did."""
    led = {one.id: one.name for role in ("agent", "reviewer") for one in assignments.led(actor, role)}
    today, newest = clock.now().date(), _newest(led)
    titles = {row.id: row.title for row in db.session.execute(select(Module.id, Module.title))}
    rows = [
        Held(led[person_id], titles[module_id], ", ".join(f"{p['title']} {p['version']}" for p in one.policies),
             "done" if one.expires_on >= today and one.ended_on is None else "done, expired",
             one.ended_on or one.expires_on, one.ended_because)
        for (person_id, module_id), one in newest.items()
    ]  # fmt: skip
    given = (
        select(Assignment.person_id, ModuleVersion.module_id, Assignment.due_on)
        .join(ModuleVersion, ModuleVersion.id == Assignment.module_version_id)
        .where(Assignment.person_id.in_(led), Assignment.state.in_(("assigned", "begun", "coaching", "closed")))
        .order_by(Assignment.id)
    )
    rows += [
        Held(led[row.person_id], titles[row.module_id], "", "never done", row.due_on)
        for row in db.session.execute(given)
        if (row.person_id, row.module_id) not in newest
    ]
    return sorted(set(rows), key=lambda one: (one.person.casefold(), one.module, one.standing))
