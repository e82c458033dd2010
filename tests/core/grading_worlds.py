"""Looks, results and cases of the matrix: own ones and foreign ones, each with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from qa.core import clock
from qa.core.db import db, write
from qa.core.models import Person, Team
from qa.grading import guesses, queue
from qa.models.grading import Adjudication, Batch, Grade, Task
from qa.models.guesses import Guess
from qa.models.scorecards import Score, Scorecard
from qa.models.truth import Challenge, Dispute, Finding, Truth
from tests import factories
from tests.desk import Desk

_PARAMETER = {
    "tasks": "task_id", "batches": "batch_id", "reveals": "task_id", "rulings": "ruling_id", "disputes": "dispute_id",
    "results": "finding_id", "cases": "case_id", "differences": "task_id", "challenges": "challenge_id",
    "guesses": "task_id", "scores": "task_id", "slips": "dispute_id", "scorecards": "public_id",
}  # fmt: skip
WHAT = tuple(_PARAMETER)


@dataclass(frozen=True)
class Graded:
    """Addresses of each kind: whose they are -> the address."""

    owned: dict[str, dict[str, str]]
    cases_of_amber: list[str]
    cases_of_birch: list[str]
    #: Contested process slips of both teams.
    slips: tuple[str, str]
    #: The one that every installation begins with.
    scorecard: str

    def ids(self, what: str, persona: str) -> tuple[str, list[str], list[str]]:
        """The name in the address, what *persona* may open, what is somebody else's."""
        parameter = _PARAMETER[what]
        if what == "cases":
            if persona == "admin":
                return parameter, self.cases_of_amber + self.cases_of_birch, []
            return parameter, self.cases_of_amber, self.cases_of_birch
        if what == "scorecards":
            return parameter, [self.scorecard], []
        if what == "slips":
            seen = {"admin": self.slips, "manager": self.slips[:1]}.get(persona, ())
            return parameter, list(seen), [one for one in self.slips if one not in seen]
        mine = [address for owner, address in self.owned[what].items() if owner == persona]
        return parameter, mine, [address for owner, address in self.owned[what].items() if owner != persona]


def build(desk: Desk, people: Mapping[str, Person], amber: Team, birch: Team) -> Graded:
    """For the reviewer, the dual persona and a stranger: a look of each kind; for the agents: results."""
    stranger = factories.person("reviewer", "agent", name="stranger grader")
    owned: dict[str, dict[str, str]] = {what: {} for what in WHAT}
    for name, person in {"reviewer": people["reviewer"], "dual": people["dual"], "stranger": stranger}.items():
        _looks(desk, name, person, owned)
    for name, person in {"agent": people["agent"], "dual": people["dual"], "stranger": stranger}.items():
        owned["results"][name] = _finding(desk, person).public_id
    desk.team = amber
    of_amber, slip = desk.drawn_case().public_id, _slip(desk)
    desk.team = birch
    return Graded(owned, [of_amber], [desk.drawn_case().public_id], (slip, _slip(desk)), _scorecard().public_id)


def _scorecard() -> Scorecard:
    row = db.session.scalars(select(Scorecard)).one()
    db.session.rollback()
    return row


def _slip(desk: Desk) -> str:
    """A process slip that the desk's agent contests."""
    finding = _finding(desk, desk.agent)
    return factories.kept(Dispute(
        finding_id=finding.id, kind="process", text="The note is in the other tool.", state="open", due_at=clock.now()
    )).public_id  # fmt: skip


def _looks(desk: Desk, name: str, person: Person, owned: dict[str, dict[str, str]]) -> None:
    """A held task, and three committed ones: an ordinary one, one to rule on, one of a dispute."""
    owned["tasks"][name] = _task(desk, person, "held").public_id
    batch = factories.kept(Batch(
        person_id=person.id, state="closed", opened_at=clock.now(), last_at=clock.now(), closed_at=clock.now()
    ))  # fmt: skip
    owned["batches"][name] = batch.public_id
    owned["reveals"][name] = _committed(desk, person, batch).public_id
    owned["differences"][name] = owned["reveals"][name]
    owned["challenges"][name] = _challenge(desk, person, batch).public_id
    owned["guesses"][name] = _guess(desk, person, batch).public_id
    owned["scores"][name] = _score(desk, person, batch).public_id
    ruling = _committed(desk, person, batch)
    shown = [{"verdict": "no_violation", "section_key": "none", "action": None, "whose": ["decision"]}]
    owned["rulings"][name] = factories.kept(
        Adjudication(
            case_id=ruling.case_id, task_id=ruling.id, person_id=person.id, state="committed", shown=shown
        )  # fmt: skip
    ).public_id
    finding = _finding(desk, desk.agent)
    look = _committed(desk, person, batch, case_id=finding.case_id)
    owned["disputes"][name] = factories.kept(
        Dispute(
            finding_id=finding.id,
            kind="verdict",
            text="It quotes a film.",
            state="argument_read",
            task_id=look.id,
            due_at=clock.now(),
            by_id=person.id,
        )  # fmt: skip
    ).public_id


def _score(desk: Desk, person: Person, batch: Batch) -> Task:
    """A revealed look whose scorecard waits."""
    task = _committed(desk, person, batch)
    factories.kept(
        Score(task_id=task.id, scorecard_id=_scorecard().id, chance=0.25, person_id=person.id, state="drawn")
    )
    return task


def _guess(desk: Desk, person: Person, batch: Batch) -> Task:
    """A look of a closed batch on which a guess is asked for."""
    task = _committed(desk, person, batch)
    later = clock.now() + guesses.WITHIN
    shut = update(Task).where(Task.id == task.id).values(state="committed", reveal_after=later)
    write(lambda: db.session.execute(shut))
    factories.kept(Guess(task_id=task.id, batch_id=batch.id, person_id=person.id, state="asked", opens_at=later))
    return task


def _challenge(desk: Desk, person: Person, batch: Batch) -> Challenge:
    """A challenge of a ruling that *person* has looked at blind."""
    finding = _finding(desk, desk.agent)
    asking = factories.person("reviewer", name=f"asks {person.name}")
    look = _committed(desk, person, batch, case_id=finding.case_id)
    again = {"case_id": finding.case_id, "workflow_id": look.workflow_id, "purpose": "overlap"}
    write(lambda: queue.add_tasks([again], release_at=clock.now()))
    _committed(desk, asking, batch, case_id=finding.case_id)
    return factories.kept(
        Challenge(
            case_id=finding.case_id,
            truth_id=finding.truth_id,
            by_id=asking.id,
            text="The place was named.",
            state="argument_read",
            task_id=look.id,
            decider_id=person.id,
        )  # fmt: skip
    )


def _task(desk: Desk, person: Person, state: str, *, case_id: int | None = None) -> Task:
    """A task of *person* in *state*."""
    found = select(Task.id).where(Task.case_id == (case_id or desk.drawn_case().id), Task.state == "waiting")
    task_id = db.session.scalars(found).one()
    values = {
        "person_id": person.id, "state": state, "held_at": clock.now(), "lease_until": clock.now() + timedelta(days=1),
    }  # fmt: skip
    write(lambda: db.session.execute(update(Task).where(Task.id == task_id).values(**values)))
    return db.session.scalars(select(Task).where(Task.id == task_id)).one()


def _committed(desk: Desk, person: Person, batch: Batch, *, case_id: int | None = None) -> Task:
    task = _task(desk, person, "revealed", case_id=case_id)
    factories.kept(
        Grade(
            task_id=task.id,
            batch_id=batch.id,
            person_id=person.id,
            verdict="no_violation",
            section_key="none",
            confidence="high",
            graded_at=clock.now(),
            committed_at=clock.now(),
            hash="0" * 64,
        )  # fmt: skip
    )
    return task


def _finding(desk: Desk, person: Person) -> Finding:
    """A published error of *person*'s."""
    case = desk.drawn_case(agent_id=person.id, decided="none", action="keep")
    truth = factories.kept(
        Truth(
            case_id=case.id,
            verdict="violates",
            section_key="conduct/threats",
            basis="majority",
            settled_at=clock.now(),
            right_verdict=False,
            right_policy=False,
        )  # fmt: skip
    )
    return factories.kept(
        Finding(
            case_id=case.id,
            truth_id=truth.id,
            agent_id=person.id,
            kind="false_negative",
            state="published",
            publish_at=clock.now(),
            published_at=clock.now(),
            dispute_until=clock.now() + timedelta(days=5),
        )  # fmt: skip
    )
