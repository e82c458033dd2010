"""What the grading side of the house may not even ask. That no answer tells is tested in `tests/blind`."""

from __future__ import annotations

import re
from pathlib import Path


def test_what_a_grader_is_shown_never_asks_why_a_task_exists() -> None:
    root = Path(__file__).parents[2] / "qa"
    blind_side = ["blind.py", "queries/blind_case.py", "queries/grading.py", "views/grading.py"]

    asking = [name for name in blind_side if re.search(r"TaskPurpose|task_purpose", (root / name).read_text())]

    assert asking == []
