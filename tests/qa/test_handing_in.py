"""Blind grades that come many at a time follow the rules of the grading page, and are taken once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa import touches
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput, Refused
from qa.core.models import Person
from qa.grading import blind, handing_in, workflows
from qa.grading import files as grade_files
from qa.grading.handing_in import HandedIn
from qa.grading.workflows import KnownAction
from qa.models.cases import ClosedCase
from qa.models.grading import Batch, Grade, Task
from qa.models.policies import Action
from qa.models.truth import Settlement
from tests.desk import Desk

SAME = {"verdict": "violates", "section_key": "conduct/threats", "action": "remove"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk()


def state_of(case: ClosedCase) -> str | None:
    found = db.session.scalar(select(Settlement.state).where(Settlement.case_id == case.id))
    db.session.rollback()
    return found


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / "grades.csv"
    path.write_text("\n".join(["case_id,rater_id,decided_policy,action", *rows]) + "\n", encoding="utf-8")
    return path


def rater(desk: Desk, place: int) -> str:
    found = db.session.scalars(select(Person.external_id).where(Person.id == desk.graders[place].id)).one()
    db.session.rollback()
    return found


def test_a_sitting_is_committed_in_batches_and_settles_its_cases(desk: Desk) -> None:
    cases = [desk.drawn_case() for _ in range(23)]
    grader = desk.graders[0]

    batches = write(
        lambda: handing_in.hand_in(grader, person=grader, grades=[HandedIn(case.id, **SAME) for case in cases])
    )

    assert len(batches) == 2
    assert {state_of(case) for case in cases} == {"settled"}
    assert db.session.scalar(select(func.count()).where(Batch.state == "closed")) == 2
    assert set(db.session.scalars(select(Task.state))) <= {"revealed", "committed"}


def test_who_had_to_do_with_a_case_cannot_hand_in_a_grade_of_it(desk: Desk) -> None:
    case, other = desk.drawn_case(), desk.drawn_case()
    grader = desk.graders[0]
    write(lambda: touches.touch(case.id, grader.id or 0, "opened"))

    with pytest.raises(BadInput, match="a look waits for this person"):
        write(
            lambda: handing_in.hand_in(
                grader, person=grader, grades=[HandedIn(other.id, **SAME), HandedIn(case.id, **SAME)]
            )
        )

    assert state_of(other) == "open"
    assert db.session.scalar(select(func.count()).select_from(Grade)) == 0


def test_only_reviewers_hand_in_and_not_over_an_open_batch(desk: Desk) -> None:
    first, second = desk.drawn_case(), desk.drawn_case()
    grader = desk.graders[0]
    task = write(lambda: blind.claim(grader))
    write(lambda: blind.grade(grader, task or "", **SAME, confidence="high", claim_next=False))

    for person in (desk.manager, grader):
        with pytest.raises(Refused):
            write(
                lambda who=person: handing_in.hand_in(
                    SYSTEM, person=who, grades=[HandedIn(one.id, **SAME) for one in (first, second)]
                )
            )


def test_a_file_is_taken_once_and_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    case = desk.drawn_case(looks=2)
    path = file_of(
        tmp_path,
        f"{case.external_id},{rater(desk, 0)},conduct/threats,remove",
        f"{case.external_id},{rater(desk, 1)},none,keep",
    )

    counts = [grade_files.take(SYSTEM, path, source="test") for _ in range(2)]

    assert counts == [{"read": 2, "added": 2, "unchanged": 0}, {"read": 2, "added": 0, "unchanged": 2}]
    assert state_of(case) == "settled"


def test_a_file_with_a_fault_says_every_line_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    case = desk.drawn_case()
    good = f"{case.external_id},{rater(desk, 0)},conduct/threats,remove"
    path = file_of(
        tmp_path, good, good, f"c99,{rater(desk, 0)},none,", f"{case.external_id},nobody,none,",
        f"{case.external_id},{rater(desk, 1)},conduct/absent,remove", f"{case.external_id},{rater(desk, 2)},,",
    )  # fmt: skip

    with pytest.raises(BadInput) as refused:
        grade_files.take(SYSTEM, path, source="test")

    assert {problem.line for problem in refused.value.problems} == {3, 4, 5, 6, 7}
    assert all(problem.file == "grades.csv" for problem in refused.value.problems)
    assert state_of(case) == "open"


def test_words_of_a_workflow_make_its_next_version_once(desk: Desk) -> None:
    actions = [KnownAction("remove", "Take it down", "violates", 3), KnownAction("limit", "Limit", "violates", 2)]

    def name() -> int:
        says = {"violates": "Forbidden"}
        return workflows.lay_down(SYSTEM, "abuse_report", label="Report", says=says, actions=actions).version

    versions = [write(name), write(name)]
    rows = db.session.execute(select(Action.key, Action.label).where(Action.workflow == "abuse_report"))
    labels = {row.key: row.label for row in rows}

    assert versions == [2, 2]
    assert (labels["remove"], labels["limit"]) == ("Take it down", "Limit")
