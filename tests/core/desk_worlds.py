"""Practice, calls and looks in hand, for the matrix: own ones and foreign ones, each with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from qa.core import clock
from qa.core.db import db, write
from qa.core.models import Person
from qa.grading import queue, workflows
from qa.models.cases import ClosedCase
from qa.models.danger import Danger, DangerCall, OnCallShift
from qa.models.grading import Task
from qa.models.practice import PracticeCase
from tests import factories
from tests.desk import Desk

_PARAMETER = {
    "own_dangers": "danger_id", "calls": "danger_id", "shifts": "shift_id", "looks": "task_id",
    "held_looks": "task_id",
    "practice": "practice_id", "new_graders": "public_id",
}  # fmt: skip
WHAT = tuple(_PARAMETER)
#: Whoever leads may open all of these.
_OF_LEADS = ("shifts", "looks", "held_looks", "new_graders")


@dataclass(frozen=True)
class Kept:
    """Addresses of each kind: whose they are -> the address; of leads each has some of their own to use up."""

    owned: dict[str, dict[str, str]]

    def ids(self, what: str, persona: str) -> tuple[str, list[str], list[str]]:
        """The name in the address, what *persona* may open, what is somebody else's."""
        if what in _OF_LEADS:
            return _PARAMETER[what], [self.owned[what].get(persona, self.owned[what][""])], []
        mine = [address for owner, address in self.owned[what].items() if owner == persona]
        return _PARAMETER[what], mine, [address for owner, address in self.owned[what].items() if owner != persona]


def build(desk: Desk, people: Mapping[str, Person]) -> Kept:
    """For reviewers reports and cases to practise on, for everybody a call, for leads what others have."""
    stranger = factories.person("reviewer", name="stranger at the desk")
    owned: dict[str, dict[str, str]] = {what: {} for what in WHAT}
    for name, person in {"reviewer": people["reviewer"], "dual": people["dual"], "stranger": stranger}.items():
        owned["own_dangers"][name] = _danger(desk, person).public_id
        owned["practice"][name] = factories.kept(
            PracticeCase(person_id=person.id, case_id=desk.case().id, workflow_id=_form(), no=1)
        ).public_id
    for name, person in people.items():
        call = _danger(desk, stranger, state="paged", called_at=clock.now())
        factories.kept(DangerCall(danger_id=call.id, person_id=person.id, at=clock.now()))
        owned["calls"][name] = call.public_id
    now = clock.now()
    for name in ("", *people):
        shift = OnCallShift(person_id=stranger.id, from_at=now, to_at=now + timedelta(hours=8))
        owned["shifts"][name] = factories.kept(shift).public_id
        for what in ("looks", "held_looks"):
            owned[what][name] = _look(desk.case(), stranger, "held").public_id
    owned["new_graders"][""] = stranger.public_id
    return Kept(owned)


def _form() -> int:
    return write(lambda: workflows.ensure("abuse_report").id)


def _danger(desk: Desk, person: Person, **given: object) -> Danger:
    task = _look(desk.case(), person, "committed")
    said = {"state": "raised", "raised_at": clock.now(), "line": "Somebody is in danger.", **given}
    return factories.kept(Danger(task_id=task.id, person_id=person.id, **said))


def _look(case: ClosedCase, person: Person, state: str) -> Task:
    """A look at a case that nobody drew, in the hands of *person* or past them."""
    wanted = {"case_id": case.id, "workflow_id": _form(), "purpose": "gold", "person_id": person.id}
    write(lambda: queue.add_tasks([wanted], release_at=clock.now()))
    task: Task = db.session.query(Task).filter_by(case_id=case.id).one()
    db.session.rollback()
    moved = update(Task).where(Task.id == task.id).values(state=state, held_at=clock.now(), lease_until=clock.now())
    write(lambda: db.session.execute(moved))
    return task
