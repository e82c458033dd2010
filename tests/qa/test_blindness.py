"""Blindness is non-interference: worlds that differ in what a grader must not know answer alike, byte for byte.

The check itself is tried with planted leaks, each through another channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.wrappers import Response

from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.grading import Grade, Task
from tests.qa.paired import Secret, leaks, told

PLAIN = Secret()
DECIDED = Secret(
    decided="none", action="keep", agent=1, queue="urgent", severity="critical", handle_seconds=4000,
    remark="Kept up, harmless.",
)  # fmt: skip
OTHERS = replace(PLAIN, other="no_violation", later="no_violation")
OBSERVERS = ("grader", "lead and grader", "adjudicator")
FEW = ("/grade",)
MakeApp = Callable[..., Flask]


def test_a_world_with_other_decisions_and_agents_answers_alike(make_app: MakeApp) -> None:
    assert leaks(told(make_app(), PLAIN, *OBSERVERS), told(make_app(), DECIDED, *OBSERVERS)) == []


def test_a_world_with_other_grades_of_others_answers_alike(make_app: MakeApp) -> None:
    other = replace(PLAIN, other="violates", later="violates")

    assert leaks(told(make_app(), OTHERS, *OBSERVERS), told(make_app(), other, *OBSERVERS)) == []


def test_a_grader_with_a_second_role_sees_no_decision_while_a_grade_can_be_taken_back(make_app: MakeApp) -> None:
    """The page of a case opened once its grade was given, though the batch was open still."""
    steps = told(make_app(), PLAIN, "lead and grader")

    assert all("Settled decisions" not in body for _, _, _, body in steps[-1])
    assert sum("could be yours to grade" in body for _, _, _, body in steps[-1]) == 4


def held_case(app: Flask) -> ClosedCase | None:
    query = select(ClosedCase).join(Task, Task.case_id == ClosedCase.id).where(Task.state == "held")
    return db.session.scalars(query.order_by(Task.id).limit(1)).first()


def in_the_page(app: Flask) -> None:
    """The decision as a class in the page."""

    @app.after_request
    def leak(response: Response) -> Response:
        case = held_case(app)
        if case is not None and response.mimetype == "text/html":
            response.set_data(response.get_data(as_text=True).replace("<main", f'<main data-d="{len(case.action)}"'))
        return response


def in_a_header(app: Flask) -> None:
    """The decision in an entity tag."""

    @app.after_request
    def leak(response: Response) -> Response:
        case = held_case(app)
        response.headers["ETag"] = str(hash(case.decided_key) if case else 0)
        return response


def in_a_counter(app: Flask) -> None:
    """How many others found a violation."""

    @app.after_request
    def leak(response: Response) -> Response:
        query = select(func.count(Grade.id)).where(Grade.verdict == "violates", Grade.committed_at.is_not(None))
        if response.mimetype == "text/html":
            response.set_data(response.get_data(as_text=True) + f"<!-- {db.session.scalar(query)} -->")
        return response


def in_the_order(app: Flask) -> None:
    """The queue sorted by severity."""

    @app.before_request
    def leak() -> None:
        high = select(ClosedCase.id).where(ClosedCase.severity == "critical", ClosedCase.external_id == "case-3")
        first = update(Task).where(Task.case_id.in_(high), Task.state == "waiting").values(queue_number=-1)
        write(lambda: db.session.execute(first))


@pytest.mark.parametrize("plant", [in_the_page, in_a_header, in_the_order])
def test_a_planted_leak_of_the_decision_is_found(make_app: MakeApp, plant: Callable[[Flask], None]) -> None:
    one, other = make_app(), make_app()
    plant(one)
    plant(other)

    assert leaks(told(one, PLAIN, "grader", doors=FEW), told(other, DECIDED, "grader", doors=FEW)) != []


def test_a_planted_leak_of_others_grades_is_found(make_app: MakeApp) -> None:
    one, other = make_app(), make_app()
    in_a_counter(one)
    in_a_counter(other)

    assert leaks(told(one, PLAIN, "grader", doors=FEW), told(other, OTHERS, "grader", doors=FEW)) != []


def test_what_a_grader_is_shown_never_asks_why_a_task_exists() -> None:
    root = Path(__file__).parents[2] / "qa"
    blind_side = ["blind.py", "queries/blind_case.py", "queries/grading.py", "views/grading.py"]

    asking = [name for name in blind_side if re.search(r"TaskPurpose|task_purpose", (root / name).read_text())]

    assert asking == []
