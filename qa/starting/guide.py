"""The first hour: five steps from an empty installation to the first grades, and how far each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.models import Job, Person, RoleGrant
from qa.models.cases import ClosedCase, ImportRun
from qa.models.grading import Grade
from qa.models.plans import Draw, DrawCase, Plan
from qa.models.policies import Policy, PolicyVersion
from qa.starting import first_sample

#: Grades after which the first sample has been tried.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Guide:
    """How far an installation is; what only admins may do is left out for others."""

    people: int
    graders: int
    i_grade: bool
    policies: int
    stand_ins: int
    cases: int
    newest_import: str | None
    draws: int
    drawn: int
    is_drawing: bool
    plan: str | None
    grades: int

    @property
    def done(self) -> tuple[bool, bool, bool, bool, bool]:
        """Of each step, whether it is far enough for the next."""
        graded = self.grades >= min(ENOUGH, self.drawn) > 0
        return self.graders > 0, self.policies > 0, self.cases > 0, self.draws > 0, graded

    @property
    def next_step(self) -> int | None:
        """The first step that is not done, from 1 on; None when all are."""
        return next((number for number, done in enumerate(self.done, 1) if not done), None)


def show(reader: Actor) -> Guide:
    """How far this installation is."""
    return Guide(
        people=_count(select(func.count(Person.id)).where(Person.active, Person.erased_at.is_(None))),
        graders=_graders(), i_grade=reader.has("reviewer"),
        policies=_policies(stub=False), stand_ins=_policies(stub=True),
        cases=_count(_of_published(func.count(ClosedCase.id)).where(ClosedCase.replaced_at.is_(None))),
        newest_import=db.session.scalar(
            select(ImportRun.public_id)
            .where(ImportRun.state == "published", ImportRun.kind == "cases")
            .order_by(ImportRun.id.desc())
            .limit(1)
        ),
        draws=_count(select(func.count(Draw.id)).where(Draw.replaced_at.is_(None))),
        drawn=_count(select(func.count(func.distinct(DrawCase.case_id)))),
        is_drawing=_is_drawing(),
        plan=db.session.scalar(select(Plan.public_id).where(Plan.name == first_sample.NAME)),
        grades=_count(select(func.count(Grade.id)).where(Grade.committed_at.is_not(None))),
    )  # fmt: skip


def card(person: Actor) -> Guide | None:
    """The guide for somebody's home, as long as a step is not done."""
    found = show(person)
    return None if found.next_step is None else found


def _count(query: Select[Any]) -> int:
    return db.session.scalar(query) or 0


def _graders() -> int:
    held = select(func.count(func.distinct(RoleGrant.person_id))).join(Person, Person.id == RoleGrant.person_id)
    return _count(held.where(RoleGrant.role == "reviewer", RoleGrant.to_at.is_(None), Person.active))


def _policies(*, stub: bool) -> int:
    versions = select(func.count(func.distinct(Policy.id))).join(PolicyVersion, PolicyVersion.policy_id == Policy.id)
    return _count(versions.where(PolicyVersion.state == "published", Policy.stub.is_(stub)))


def _of_published(what: Any) -> Select[Any]:
    return select(what).join(ImportRun, ImportRun.id == ClosedCase.run_id).where(ImportRun.state == "published")


def _is_drawing() -> bool:
    waits = select(Job.id).where(Job.kind == "plan.draw", Job.state.in_(("queued", "leased")))
    return db.session.scalar(waits.limit(1)) is not None
