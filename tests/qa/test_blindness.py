"""What the grading side of the house may not even ask, and what a lead who grades is told instead of a decision.

That no answer tells is tested in `tests/blind`.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from qa.core.db import write
from qa.grading import blind
from tests import factories
from tests.desk import Desk


def test_what_a_grader_is_shown_never_asks_why_a_task_exists() -> None:
    root = Path(__file__).parents[2] / "qa"
    blind_side = ["grading/blind.py", "queries/blind_case.py", "queries/grading.py", "views/grading.py"]

    asking = [name for name in blind_side if re.search(r"TaskPurpose|task_purpose", (root / name).read_text())]

    assert asking == []


def test_a_lead_who_grades_is_told_a_case_could_be_theirs_while_a_grade_can_be_taken_back(sqlite_app: Flask) -> None:
    """The page of a case opened once its grade was given, though the batch was open still."""
    desk = Desk(graders=1)
    cases = [desk.drawn_case(looks=2, text=f"Text {number}.") for number in range(3)]
    lead = factories.actor("reviewer", "manager", manages=None)
    client = factories.browser(sqlite_app, lead)

    def opened() -> list[str]:
        return [client.get(f"/cases/{case.public_id}").text for case in cases]

    before = opened()
    task = write(lambda: blind.claim(lead))
    in_hand = opened()
    write(lambda: blind.grade(lead, task, verdict="no_violation", section_key=None, action=None, confidence="low"))
    given = opened()

    for page in [*before, *in_hand, *given]:
        assert "could be yours to grade" in page
        assert "Settled decision" not in page
        assert all(case.external_id not in page for case in cases)
