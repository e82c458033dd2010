"""Taking back a file of what happened later: as of an import of cases, while nobody worked with it in sight."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import drawing
from qa.intake import undoing
from qa.intake.cases import import_cases
from qa.intake.events import import_events
from qa.models.cases import CaseEvent, ClosedCase, ImportRun, Touch
from qa.plans import plans
from tests import factories
from tests.qa.intake import sheets
from tests.qa.intake.sheets import row, sheet

LATER = {"case_id": "c1", "at": "2026-11-12T10:00:00Z", "kind": "appealed_overturned", "detail": "Back up."}


def handed_in(folder: Path) -> tuple[str, str]:
    """(the import of a case, the import of what happened to it later)."""
    sheets.set_up()
    cases = import_cases(SYSTEM, sheet(folder, [row("c1"), row("c2")])).run_public_id
    events = import_events(SYSTEM, sheet(folder, [LATER], "events.csv")).run_public_id
    assert cases is not None and events is not None
    return cases, events


def events_left() -> int:
    return db.session.scalar(select(func.count()).select_from(CaseEvent)) or 0


def test_events_go_and_their_cases_stay(app: Flask, tmp_path: Path) -> None:
    _, events = handed_in(tmp_path)

    write(lambda: undoing.undo(SYSTEM, events))
    gone = events_left()
    again = import_events(SYSTEM, tmp_path / "events.csv")

    assert gone == 0 and db.session.scalar(select(func.count()).select_from(ClosedCase)) == 2
    states = select(ImportRun.kind, ImportRun.state).order_by(ImportRun.id)
    assert [tuple(one) for one in db.session.execute(states)] == [
        ("cases", "published"), ("events", "withdrawn"), ("events", "published")
    ]  # fmt: skip
    assert again.added == 1 and events_left() == 1


def test_cases_stay_until_their_events_were_taken_back(sqlite_app: Flask, tmp_path: Path) -> None:
    cases, events = handed_in(tmp_path)
    with pytest.raises(Refused, match="what happened later"):
        write(lambda: undoing.undo(SYSTEM, cases))

    write(lambda: undoing.undo(SYSTEM, events))
    write(lambda: undoing.undo(SYSTEM, cases))

    assert db.session.scalars(select(ImportRun.state).order_by(ImportRun.id)).all() == ["refused", "withdrawn"]


def test_events_stay_beside_a_case_that_was_opened_with_them(sqlite_app: Flask, tmp_path: Path) -> None:
    _, events = handed_in(tmp_path)
    case_id = db.session.scalars(select(CaseEvent.case_id)).one()
    opener = factories.person("manager")
    with clock.fixed(clock.now() + timedelta(hours=1)):
        write(lambda: db.session.add(Touch(case_id=case_id, person_id=opener.id, how="opened")))
        with pytest.raises(Refused, match="opened or worked on"):
            write(lambda: undoing.undo(SYSTEM, events))

    assert events_left() == 1


def test_events_stay_once_one_of_their_cases_is_drawn(sqlite_app: Flask, tmp_path: Path) -> None:
    _, events = handed_in(tmp_path)
    write(lambda: plans.create(SYSTEM, plans.from_toml('name = "all"\nsize = 2\nstrata = []\nseed = "s"\n')))
    with clock.fixed(clock.now() + timedelta(hours=1)):
        drawing.draw(SYSTEM, "all")
        manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
        answer = manager.send(f"/imports/{events}/undo", {})
        page = manager.get(f"/imports/{events}").get_data(as_text=True)

    assert answer.status_code == 409 and "was drawn since" in answer.get_data(as_text=True)
    assert "cannot be taken back any more" in page and "events of this file are seen" in page
    assert events_left() == 1


def test_a_file_of_known_events_is_no_import(sqlite_app: Flask, tmp_path: Path) -> None:
    handed_in(tmp_path)

    again = import_events(SYSTEM, tmp_path / "events.csv")

    assert again.run_public_id is None and again.as_dict()["unchanged"] == 1
    assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 2
