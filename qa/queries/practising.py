"""What pages of practice show: to a new grader the cases, and what stands once answered; to leads how far they are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, cast, exists, func, or_, select

from qa.core import leading, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import NotFound
from qa.core.models import Person
from qa.grading import practice
from qa.grading.needs_person import is_grader
from qa.models.grading import Grade
from qa.models.policies import Workflow
from qa.models.practice import Practice, PracticeCase
from qa.models.truth import Truth
from qa.queries import blind_case, grading, reveals
from qa.queries.reveals import Said

PAGE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One case to practise on."""

    public_id: str
    no: int
    is_same: bool | None


@dataclass(frozen=True, slots=True)
class Course:
    """How far somebody is with practising."""

    is_wanted: bool
    is_ready: bool
    lines: tuple[Line, ...]

    @property
    def answered(self) -> int:
        """Cases with an answer."""
        return sum(line.is_same is not None for line in self.lines)

    @property
    def same(self) -> int:
        """Answers that are the ones that stand."""
        return sum(bool(line.is_same) for line in self.lines)

    @property
    def next_id(self) -> str | None:
        """The first case without an answer."""
        return next((line.public_id for line in self.lines if line.is_same is None), None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A case to practise on: the evidence, and once it is answered, what stands."""

    public_id: str
    no: int
    workflow_id: int
    case: blind_case.BlindCase
    own: Said | None
    settled: Said | None
    is_same: bool | None
    #: The clause that stands, as of the decision day.
    clause: blind_case.PolicySection | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new grader, for a lead."""

    public_id: str
    name: str
    cases: int
    answered: int
    #: How many answers were the settled one; None: figures are kept to the person.
    same: int | None
    is_ready: bool


def course(actor: Actor) -> Course:
    """How far *actor* is."""
    state = db.session.scalar(select(Practice.state).where(Practice.person_id == actor.id))
    rows = select(PracticeCase.public_id, PracticeCase.no, PracticeCase.is_same)
    rows = rows.where(PracticeCase.person_id == actor.id).order_by(PracticeCase.no)
    lines = tuple(Line(*row) for row in db.session.execute(rows))
    return Course(practice.is_wanted(actor), state == "ready", lines)


def shown(actor: Actor, practice_id: str) -> Shown:
    """One case that *actor* practises on. Raises NotFound."""
    query = select(PracticeCase, Workflow.label, Workflow.key).join(Workflow, Workflow.id == PracticeCase.workflow_id)
    mine = (PracticeCase.public_id == practice_id, PracticeCase.person_id == actor.id)
    found = db.session.execute(query.where(*mine)).first()
    if found is None:
        raise NotFound("case to practise on")
    row, label, workflow = found
    evidence = blind_case.evidence_of(row.case_id, task_id=practice_id, code=f"P-{row.no}", workflow_label=label)
    if row.verdict is None:
        return Shown(practice_id, row.no, row.workflow_id, evidence, None, None, None, None)
    truth = db.session.scalars(select(Truth).where(Truth.case_id == row.case_id, Truth.replaced_at.is_(None))).one()
    named = reveals.words({row.section_key, truth.section_key})
    return Shown(
        practice_id, row.no, row.workflow_id, evidence,
        named.say(workflow, row.verdict, row.section_key, row.action),
        named.say(workflow, truth.verdict, truth.section_key, truth.action), row.is_same,
        next((one for one in evidence.policy_sections if one.key == truth.section_key), None),
    )  # fmt: skip


def asked(shown: Shown) -> grading.Asked:
    """The decision form of a case to practise on."""
    return grading.asked_of(shown.workflow_id)


def newcomers(lead: Actor) -> list[Newcomer]:
    """Graders whom *lead* may meet and who practise or have not graded yet, by name."""
    graded = exists().where(Grade.person_id == Person.id)
    counts = (
        select(
            PracticeCase.person_id, func.count().label("cases"), func.count(PracticeCase.answered_at).label("answered"),
            func.coalesce(func.sum(cast(PracticeCase.is_same, Integer)), 0).label("same"),
        )
        .group_by(PracticeCase.person_id)
        .subquery()
    )  # fmt: skip
    query = (
        select(Person.public_id, Person.name, Practice.state, counts.c.cases, counts.c.answered, counts.c.same)
        .outerjoin(Practice, Practice.person_id == Person.id)
        .outerjoin(counts, counts.c.person_id == Person.id)
        .where(is_grader(), or_(~graded, Practice.state == "practising"), leading.in_reach(lead))
        .order_by(Person.name, Person.id)
        .limit(PAGE)
    )
    is_told = not preferences.get("team_level_only")
    return [
        Newcomer(
            row.public_id, row.name, row.cases or 0, row.answered or 0, (row.same or 0) if is_told else None,
            row.state == "ready",
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
