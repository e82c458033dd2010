"""Taking a whole import back: while nothing was drawn, and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock, jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import drawing
from qa.intake import undoing
from qa.intake.cases import import_cases
from qa.models.cases import CaseEvent, CaseText, ClosedCase, ImportRun, Message, Touch
from qa.models.plans import FrameState
from qa.models.policies import Action
from qa.plans import plans
from tests import factories
from tests.qa.intake import sheets
from tests.qa.intake.sheets import row, sheet

PLAN = 'name = "first"\nsize = 1\nstrata = []\nseed = "s"\n'


def rows_of(*tables: type) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def taken_in(folder: Path, *rows: dict[str, str], name: str = "cases.csv") -> str:
    report = import_cases(SYSTEM, sheet(folder, list(rows), name))
    assert report.run_public_id is not None
    return report.run_public_id


def test_all_of_an_import_goes_and_can_come_again(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    run = taken_in(tmp_path, row("c1", handled_by="a1"), row("c2", text="Come here"))
    write(lambda: plans.create(SYSTEM, plans.from_toml(PLAN)))
    jobs.run_due()
    framed = rows_of(FrameState)

    write(lambda: undoing.undo(SYSTEM, run))
    hidden = rows_of(FrameState)
    jobs.run_due()
    left = rows_of(ClosedCase, CaseText, Message, Touch)
    actions = rows_of(Action)
    again = import_cases(SYSTEM, tmp_path / "cases.csv")

    assert framed == [1] and hidden == [0]
    assert left == [0, 0, 0, 0] and actions == [0]
    assert db.session.scalars(select(ImportRun.state).order_by(ImportRun.id)).all() == ["withdrawn", "published"]
    assert again.added == 2


def test_what_an_import_had_corrected_stands_again(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    first = taken_in(tmp_path, row("c1"), row("c2"))
    second = taken_in(tmp_path, row("c1", severity="high"), row("c3"), name="later.csv")
    with pytest.raises(Refused, match="later import"):
        write(lambda: undoing.undo(SYSTEM, first))

    write(lambda: undoing.undo(SYSTEM, second))
    jobs.run_due()

    cases = db.session.execute(select(ClosedCase.external_id, ClosedCase.no, ClosedCase.replaced_at)).all()
    assert sorted(tuple(one) for one in cases) == [("c1", 1, None), ("c2", 1, None)]
    assert rows_of(CaseEvent) == [0]


def test_a_case_that_somebody_met_keeps_its_import(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    run = taken_in(tmp_path, row("c1"))
    case_id = db.session.scalars(select(ClosedCase.id)).one()
    opener = factories.person("manager")
    write(lambda: db.session.add(Touch(case_id=case_id, person_id=opener.id, how="opened")))

    with pytest.raises(Refused, match="worked with"):
        write(lambda: undoing.undo(SYSTEM, run))


def test_after_a_draw_an_import_stays_whichever_case_was_drawn(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    run = taken_in(tmp_path, row("c1"), row("c2"))
    write(lambda: plans.create(SYSTEM, plans.from_toml(PLAN)))
    with clock.fixed(clock.now()):
        drawing.draw(SYSTEM, "first")
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))

    answer = manager.send(f"/imports/{run}/undo", {})
    page = manager.get(f"/imports/{run}").get_data(as_text=True)

    assert answer.status_code == 409 and "A sample was drawn" in answer.get_data(as_text=True)
    assert "cannot be taken back any more" in page
    assert rows_of(ClosedCase) == [2]
