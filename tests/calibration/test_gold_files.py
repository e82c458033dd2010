"""Known-answer cases from a file: all of them or none, and twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from calibration.gold import files as gold_files
from calibration.models.gold import Gold
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import BadInput
from qa.draws import previews
from qa.models.truth import Truth
from qa.plans import plans
from tests.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A desk with cases to make known answers of."""
    return Desk()


@pytest.fixture
def write_csv(tmp_path: Path):
    """Write a file of known answers."""

    def write_it(*rows: str, header: str = "case_id,truth_policy,truth_action,reason") -> Path:
        path = tmp_path / "gold.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    return write_it


def known() -> list[tuple[str, str, str | None, str]]:
    """The known answers."""
    rows = db.session.execute(select(Gold.verdict, Gold.section_key, Gold.action, Gold.basis).order_by(Gold.id)).all()
    return [tuple(row) for row in rows]


def test_a_file_makes_known_answers_and_taken_again_changes_nothing(desk: Desk, write_csv) -> None:
    one, two, three = (desk.case().external_id for _ in range(3))
    path = write_csv(f"{one},conduct/threats,remove,An act is named.", f"{two},none,,", f"{three},conduct/threats,,")

    counts = [gold_files.take(SYSTEM, path, source="test") for _ in range(2)]

    assert counts == [{"read": 3, "added": 3, "unchanged": 0}, {"read": 3, "added": 0, "unchanged": 3}]
    assert known() == [
        ("violates", "conduct/threats", "remove", "expert"),
        ("no_violation", "none", None, "expert"),
        ("violates", "conduct/threats", None, "expert"),
    ]
    assert db.session.scalar(select(func.count()).select_from(Truth)) == 0


def test_one_bad_row_keeps_the_whole_file_out_and_each_fault_is_named(desk: Desk, write_csv) -> None:
    one, two = (desk.case().external_id for _ in range(2))
    path = write_csv(
        f"{one},conduct/threats,remove,Named.", "nobody,none,,", f"{two},conduct/nothing,remove,", f"{two},,,",
        f"{one},none,,", f"{two},conduct/threats,sing,",
    )  # fmt: skip

    with pytest.raises(BadInput) as caught:
        gold_files.take(SYSTEM, path, source="test")

    said = {(one.line, one.field) for one in caught.value.problems}
    assert {(3, "case_id"), (4, "truth_policy"), (5, "truth_policy"), (6, "case_id"), (7, "truth_action")} <= said
    assert known() == []


def test_another_answer_to_a_known_case_is_refused(desk: Desk, write_csv) -> None:
    case = desk.case().external_id
    gold_files.take(SYSTEM, write_csv(f"{case},none,,"), source="test")

    with pytest.raises(BadInput, match="retire or challenge"):
        gold_files.take(SYSTEM, write_csv(f"{case},conduct/threats,remove,"), source="test")

    assert known() == [("no_violation", "none", None, "expert")]


def test_a_known_case_is_in_no_later_frame(desk: Desk, write_csv) -> None:
    cases = [desk.case() for _ in range(3)]

    gold_files.take(SYSTEM, write_csv(f"{cases[0].external_id},none,,"), source="test")

    rule = 'name = "Later"\npurpose = "measure"\nstrata = ["agent"]\nsize = 2'
    write(lambda: plans.create(SYSTEM, plans.from_toml(rule)))
    seen = previews.of_plan("Later")
    assert (seen.excluded["used in calibration or training"], seen.frame_size) == (1, 2)


def test_the_command_prints_counts_and_refuses_with_line_and_column(desk: Desk, write_csv, app: Flask) -> None:
    case = desk.case().external_id
    runner = app.test_cli_runner()

    good = runner.invoke(args=["cases", "import-gold", str(write_csv(f"{case},none,,")), "--source", "test", "--json"])
    other = str(write_csv("x,none,,", header="id,truth_policy,a,b"))
    bad = runner.invoke(args=["cases", "import-gold", other, "--map", "id=case_id"])

    assert (good.exit_code, '"added": 1' in good.output) == (0, True)
    assert (bad.exit_code, 'gold.csv:2: case_id: "x"' in bad.output) == (1, True)
